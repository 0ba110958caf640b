"""The catalogue in Django's admin, one module per subject."""

from songs.admin import (
    claims,
    labels,
    ledger,
    mood_models,
    profiles,
    suggestions,
    videos,
)

__all__ = [
    "claims",
    "labels",
    "ledger",
    "mood_models",
    "profiles",
    "suggestions",
    "videos",
]
