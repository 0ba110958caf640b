"""Listeners, programs and the lock on sign-ins in Django's admin, one module each."""

from accounts.admin import listeners, lockout, programs

__all__ = ["listeners", "lockout", "programs"]
