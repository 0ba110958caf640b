"""The catalogue in Django's admin, one module per subject."""

from songs.admin import ledger, profiles, suggestions, videos

__all__ = ["ledger", "profiles", "suggestions", "videos"]
