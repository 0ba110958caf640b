"""The tokens that programs send: shown once, kept as a hash, bounded, revocable."""

import re
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.listeners import digest
from accounts.models import ProgramToken, ProgramTokenQuerySet

PREFIX = "mb_"  # tells people, and scanners of source code, what it is
SECRET_BYTES = 32
WELL_FORMED = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")  # longer than a listener's
LAST_USED_PRECISION = timedelta(hours=1)


def issue(token: ProgramToken) -> str:
    """Store a new token and give its text, which nobody can find out again.

    Raises django.core.exceptions.ValidationError where a field is not acceptable.
    """
    text = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token.digest = digest(text)
    token.full_clean()
    token.save(force_insert=True)
    return text


def find(text: str) -> ProgramToken | None:
    """The valid token of this text."""
    valid = ProgramToken.objects.valid(timezone.now())
    return valid.filter(digest=digest(text)).first()


def note_use(token: ProgramToken, now: datetime) -> None:
    """Remember that the token is in use; writes once an hour at most."""
    before = now - LAST_USED_PRECISION
    if token.last_used is None or token.last_used <= before:
        stale = Q(last_used=None) | Q(last_used__lte=before)
        ProgramToken.objects.filter(stale, pk=token.pk).update(last_used=now)


def revoke(tokens: ProgramTokenQuerySet) -> int:
    """Let tokens open nothing from now on; returns how many were not revoked yet."""
    return tokens.filter(revoked=None).update(revoked=timezone.now())
