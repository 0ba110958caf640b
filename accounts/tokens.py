"""The tokens that listeners carry: random, kept as a hash, expiring, revocable."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account, Token, TokenQuerySet

LIFETIME = timedelta(days=30)


def issue(account: Account) -> str:
    """A new token for one more device of the listener; forgets those that expired."""
    now = timezone.now()
    account.tokens.filter(expires__lte=now).delete()
    token = secrets.token_urlsafe(32)
    account.tokens.create(digest=digest(token), expires=now + LIFETIME)
    return token


def find(token: str) -> Token | None:
    """The valid token of this text, with its account."""
    valid = Token.objects.valid(timezone.now()).select_related("account")
    return valid.filter(digest=digest(token)).first()


def revoke(tokens: TokenQuerySet) -> int:
    """Let tokens open nothing from now on; returns how many still did."""
    now = timezone.now()
    return tokens.valid(now).update(revoked=now)


def digest(token: str) -> str:
    """The token is random and long: a hash without salt or stretching cannot be undone."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
