"""Soundtracks by a course of moods."""
