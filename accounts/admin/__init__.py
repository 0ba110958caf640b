"""Listeners, programs and the door itself in Django's admin, one module each."""

from accounts.admin import listeners, programs, sign_ins

__all__ = ["listeners", "programs", "sign_ins"]
