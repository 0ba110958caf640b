"""The tokens that listeners carry: random, kept as a hash, expiring, revocable."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from accounts.google import Identity
from accounts.models import Account, PlaylistSong, Token, TokenQuerySet

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


def sign_in(person: Identity, *, called: str = "") -> tuple[Account, str, bool]:
    """The account of a person, a new token for it, and whether the account is new.

    The email is Google's word. A known account keeps what its owner made of it.
    """
    defaults = {"name": person.name or called, "email": person.email}
    with transaction.atomic():
        # Locked: whoever is deleting the account is waited for, and then it is new.
        account, new = Account.objects.select_for_update().get_or_create(
            google_sub=person.sub, defaults=defaults
        )
        return account, issue(account), new


def rename(account_id: int, *, name: str, email: str) -> None:
    """Raises Account.DoesNotExist."""
    accounts = Account.objects.filter(pk=account_id)
    if not accounts.update(name=name, email=email):
        raise Account.DoesNotExist(account_id)


def delete(account_id: int) -> None:
    """Delete an account with its playlists and tokens. Nothing of it is kept.

    The locks keep a song or a playlist that is added meanwhile from staying behind.
    Raises Account.DoesNotExist.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        list(account.playlists.select_for_update().order_by("pk"))
        account.delete()


def export(account_id: int) -> Account:
    """An account with all that is known about its owner, in four queries.

    Raises Account.DoesNotExist.
    """
    in_order = PlaylistSong.objects.order_by("playlist_index")
    everything = ["tokens", "playlists", Prefetch("playlists__songs", in_order)]
    return Account.objects.prefetch_related(*everything).get(pk=account_id)
