"""The list and the form of videos in the admin."""
