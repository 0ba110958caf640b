"""Moods that anybody suggests."""
