"""The list of videos, filtered and paged, and one video."""
