"""Filters of the templates of songs."""
