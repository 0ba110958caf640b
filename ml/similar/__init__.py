"""Texts become vectors; near duplicates of a track. Knows no Django."""
