"""Listeners with their tokens and playlists, tokens of programs, and the lock on sign-ins. Knows no recommender and no page."""
