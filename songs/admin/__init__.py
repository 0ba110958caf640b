"""The catalogue in Django's admin, one module or package per subject."""

from songs.admin import claims, profiles, runs, suggestions
from songs.admin.labels import labels as labels_admin
from songs.admin.labels import revert as reverts_admin
from songs.admin.mood_models import admin as mood_models_admin
from songs.admin.videos import admin as videos_admin

__all__ = [
    "claims",
    "labels_admin",
    "mood_models_admin",
    "profiles",
    "reverts_admin",
    "runs",
    "suggestions",
    "videos_admin",
]
