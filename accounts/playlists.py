"""Playlists: created, filled and put in order, whatever indexes a client sends."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account, AskedIndex, Playlist, PlaylistSong

MAX_PLAYLISTS = 200  # of an account
MAX_SONGS = 500  # in a playlist
REORDER_WINDOW = timedelta(seconds=30)  # its requests arrive within this time
LARGEST_INDEX = 2**62
RENUMBER = """
UPDATE accounts_playlistsong AS song SET playlist_index = target.index - 1
  FROM unnest(%s::bigint[]) WITH ORDINALITY AS target (id, index)
 WHERE song.id = target.id AND song.playlist_index <> target.index - 1
"""


class PlaylistFull(Exception):
    """The listener has as much as one may have; something must be removed first."""


class OrderOutdated(Exception):
    """The order does not name each song of the playlist once; ask for the songs again."""


def move_to(order: Sequence[int], row: int, index: int) -> list[int]:
    """`order` with `row` at `index`, or at the end that is nearest to it."""
    others = [other for other in order if other != row]
    at = min(max(index, 0), len(others))
    return [*others[:at], row, *others[at:]]


def complete_order(
    order: Sequence[int], requested: Mapping[int, int]
) -> list[int] | None:
    """The order that `requested`, an index for each row, describes as a whole.

    Holes and negative indexes are fine: what counts is which is smaller. None where a
    row has no index, or two have the same.
    """
    if set(requested) != set(order) or len(set(requested.values())) != len(order):
        return None
    return sorted(order, key=requested.__getitem__)


def create(account_id: int, name: str) -> Playlist:
    """Raises Account.DoesNotExist, PlaylistFull."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        if account.playlists.count() >= MAX_PLAYLISTS:
            raise PlaylistFull(f"You have {MAX_PLAYLISTS} playlists, which is most.")
        return account.playlists.create(name=name)


def remove(account_id: int, playlist_id: int) -> None:
    """Delete a playlist and what is in it. Raises Playlist.DoesNotExist."""
    with transaction.atomic():
        _locked(account_id, playlist_id).delete()


def add_song(
    account_id: int, playlist_id: int, song_id: str, index: int | None = None
) -> PlaylistSong:
    """Put a song at `index`, or at the end; what stands there and after moves on.

    Raises Playlist.DoesNotExist, PlaylistFull.
    """
    with transaction.atomic():
        playlist = _locked(account_id, playlist_id)
        order = _order(playlist)
        if len(order) >= MAX_SONGS:
            raise PlaylistFull(f"The playlist has {MAX_SONGS} songs, which is most.")
        song = playlist.songs.create(song_id=song_id, playlist_index=len(order))
        if index is not None:
            _renumber(move_to([*order, song.pk], song.pk, index))
            song.refresh_from_db()
    return song


def remove_song(account_id: int, playlist_id: int, row_id: int) -> None:
    """Close the gap too. Raises Playlist.DoesNotExist, PlaylistSong.DoesNotExist."""
    with transaction.atomic():
        playlist = _locked(account_id, playlist_id)
        playlist.songs.get(pk=row_id).delete()
        _renumber(_order(playlist))


def reorder(
    account_id: int, playlist_id: int, row_id: int, index: int, *, device: int
) -> PlaylistSong:
    """Move one song to `index`.

    The client of 2019 reorders by one request per song, all at once and in any order,
    and moves alone do not always end where they all should: so the index that a device
    asked for each song is remembered for a while. As soon as every song has one, and
    no two the same, that whole order holds. With two devices at it, the order holds
    that was complete last.

    Raises Playlist.DoesNotExist, PlaylistSong.DoesNotExist.
    """
    index = min(max(index, -LARGEST_INDEX), LARGEST_INDEX)
    with transaction.atomic():
        playlist = _locked(account_id, playlist_id)
        song = playlist.songs.get(pk=row_id)
        order = _order(playlist)
        requested = _remember(song, index, device=device)
        _renumber(complete_order(order, requested) or move_to(order, row_id, index))
        song.refresh_from_db()
    return song


def arrange(account_id: int, playlist_id: int, order: Sequence[int]) -> Playlist:
    """Put all songs into this order of their rows, in one act.

    Of several at once the last one holds whole.

    Raises Playlist.DoesNotExist, OrderOutdated.
    """
    with transaction.atomic():
        playlist = _locked(account_id, playlist_id)
        if sorted(order) != sorted(_order(playlist)):
            raise OrderOutdated(OrderOutdated.__doc__)
        AskedIndex.objects.filter(song__playlist=playlist).delete()
        _renumber(order)
    return playlist


def _locked(account_id: int, playlist_id: int) -> Playlist:
    playlists = Playlist.objects.select_for_update().filter(account=account_id)
    return playlists.get(pk=playlist_id)


def _order(playlist: Playlist) -> list[int]:
    rows = playlist.songs.order_by("playlist_index")
    return list(rows.values_list("pk", flat=True))


def _remember(song: PlaylistSong, index: int, *, device: int) -> dict[int, int]:
    """The index that the device has lately asked for each song of the playlist."""
    now = timezone.now()
    known = AskedIndex.objects.filter(song__playlist=song.playlist_id)
    known.filter(at__lt=now - REORDER_WINDOW).delete()
    AskedIndex.objects.bulk_create(
        [AskedIndex(song=song, device=device, index=index, at=now)],
        update_conflicts=True,
        unique_fields=["song", "device"],
        update_fields=["index", "at"],
    )
    return dict(known.filter(device=device).values_list("song", "index"))


def _renumber(order: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER, [list(order)])
