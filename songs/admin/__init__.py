"""The catalogue in Django's admin, one module per subject."""

from songs.admin import ledger, profiles, videos

__all__ = ["ledger", "profiles", "videos"]
