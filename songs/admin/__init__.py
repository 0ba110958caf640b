"""The catalogue in Django's admin, one module per subject."""

from songs.admin import labels, ledger, mood_models, profiles, suggestions, videos

__all__ = ["labels", "ledger", "mood_models", "profiles", "suggestions", "videos"]
