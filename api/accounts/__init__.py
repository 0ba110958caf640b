"""Listeners: sign-in, playlists, export."""
