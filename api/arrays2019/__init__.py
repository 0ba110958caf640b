"""The bare arrays that clients of 2019 read; nothing new goes here."""
