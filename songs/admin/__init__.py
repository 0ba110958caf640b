"""The catalogue in Django's admin, one module per subject."""

from songs.admin import labels, ledger, profiles, suggestions, videos

__all__ = ["labels", "ledger", "profiles", "suggestions", "videos"]
