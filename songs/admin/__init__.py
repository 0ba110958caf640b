"""The catalogue in Django's admin, one module or package per subject."""

from songs.admin import claims, profiles, runs, suggestions
from songs.admin.labels import labels, revert
from songs.admin.mood_models import admin as mood_models
from songs.admin.videos import admin as videos

__all__ = [
    "claims",
    "labels",
    "mood_models",
    "profiles",
    "revert",
    "runs",
    "suggestions",
    "videos",
]
