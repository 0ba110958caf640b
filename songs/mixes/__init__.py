"""Soundtracks of a length and a course of moods, with credits, in words and file formats. Knows no HTTP."""
