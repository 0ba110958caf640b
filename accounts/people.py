"""Listeners come, change their name, take their data with them, and leave for good."""

from django.db import transaction
from django.db.models import Prefetch

from accounts import tokens
from accounts.google import Identity
from accounts.models import Account, PlaylistSong


def sign_in(person: Identity, *, called: str = "") -> tuple[Account, str, bool]:
    """The account of a person, a new token for it, and whether the account is new.

    The email is Google's word. A known account keeps what its owner made of it.
    """
    said = {"name": person.name or called, "email": person.email}
    with transaction.atomic():
        # Locked: whoever is deleting the account is waited for, and then it is new.
        account, new = Account.objects.select_for_update().get_or_create(
            google_sub=person.sub, defaults=said
        )
        return account, tokens.issue(account), new


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
