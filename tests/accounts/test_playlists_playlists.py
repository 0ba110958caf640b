"""The order of a playlist is 0, 1, 2, ... whatever is sent, and whenever."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import listeners, playlists
from accounts.models import Account, AskedIndex, Playlist, PlaylistSong
from accounts.playlists import PlaylistFull

SONG = "dQw4w9WgXcQ"
PHONE, LAPTOP = 1, 2


@pytest.fixture
def make_playlist(make_account):
    """A playlist of Mia with so many songs; returns it and the ids of its rows."""

    def make(n_songs=4):
        account = Account.objects.first() or make_account()
        playlist = playlists.create(account.pk, "Rainy")
        rows = [_add(playlist, number=number).pk for number in range(n_songs)]
        return playlist, rows

    return make


def _add(playlist, *, number=0, index=None):
    song = f"SONG{number:07}"
    return playlists.add_song(playlist.account_id, playlist.pk, song, index)


def move(playlist, row, index, device=PHONE):
    account = playlist.account_id
    return playlists.reorder(account, playlist.pk, row, index, device=device)


def order(playlist):
    """The rows in their order; whatever happened, the indexes are dense."""
    rows = list(playlist.songs.order_by("playlist_index"))
    assert [row.playlist_index for row in rows] == list(range(len(rows)))
    return [row.pk for row in rows]


@pytest.mark.parametrize(
    ("index", "expected"),
    [(None, 4), (0, 0), (2, 2), (4, 4), (99, 4), (-1, 0), (10**30, 4), (-(10**30), 0)],
)
def test_add_song_makes_room(make_playlist, index, expected):
    playlist, rows = make_playlist(4)
    new = _add(playlist, number=9, index=index)
    assert new.playlist_index == expected
    assert order(playlist) == [*rows[:expected], new.pk, *rows[expected:]]


def test_add_song_takes_the_same_song_and_index_twice(make_playlist):
    playlist, _ = make_playlist(0)
    first, second = _add(playlist, index=0), _add(playlist, index=0)
    assert order(playlist) == [second.pk, first.pk]


def test_remove_song_closes_the_gap(make_playlist):
    playlist, (a, b, c, d) = make_playlist(4)
    playlists.remove_song(playlist.account_id, playlist.pk, b)
    assert order(playlist) == [a, c, d]


@pytest.mark.parametrize("index", [-1, -(10**30), 0, 2, 4, 10**30])
def test_reorder_moves_one_song(make_playlist, index):
    playlist, (a, b, c, d) = make_playlist(4)
    moved = move(playlist, b, index)
    at = min(max(index, 0), 3)
    rest = [a, c, d]
    assert order(playlist) == [*rest[:at], b, *rest[at:]]
    assert moved.playlist_index == at


@pytest.mark.parametrize("scale", [1, 10], ids=["dense", "with holes"])
def test_reorder_of_every_song_ends_as_asked_in_any_turn(make_playlist, scale):
    playlist, rows = make_playlist(4)
    wanted = rows[::-1]
    for turn in permutations(rows):
        _renumbered_back(playlist, rows)
        for row in turn:
            move(playlist, row, wanted.index(row) * scale - 1)
        assert order(playlist) == wanted, turn


def _renumbered_back(playlist, rows):
    AskedIndex.objects.all().delete()
    with transaction.atomic():
        playlists._renumber(rows)


def test_reorder_forgets_what_was_asked_long_ago(make_playlist):
    playlist, (a, b, c, d) = make_playlist(4)
    for row, index in [(b, 2), (a, 3), (c, 1)]:
        move(playlist, row, index)
    AskedIndex.objects.update(at=timezone.now() - timedelta(minutes=1))
    before = order(playlist)
    move(playlist, d, 0)
    assert order(playlist) == [d, *(row for row in before if row != d)]
    assert AskedIndex.objects.count() == 1


def test_two_songs_at_one_index_still_have_an_order(make_playlist):
    playlist, rows = make_playlist(4)
    for row in rows:
        move(playlist, row, 1)
    assert order(playlist)[1] == rows[-1]


@pytest.mark.parametrize("act", ["add", "move", "remove", "drop"])
def test_playlist_of_another_listener_does_not_exist(make_playlist, make_account, act):
    playlist, rows = make_playlist(2)
    bob, where = make_account("bob").pk, playlist.pk
    acts = {
        "add": lambda: playlists.add_song(bob, where, SONG),
        "move": lambda: playlists.reorder(bob, where, rows[0], 1, device=PHONE),
        "remove": lambda: playlists.remove_song(bob, where, rows[0]),
        "drop": lambda: playlists.remove(bob, where),
    }
    with pytest.raises(Playlist.DoesNotExist):
        acts[act]()
    assert order(playlist) == rows


def test_row_of_another_playlist_does_not_exist(make_playlist):
    (one, rows), (other, _) = make_playlist(2), make_playlist(2)
    with pytest.raises(PlaylistSong.DoesNotExist):
        move(other, rows[0], 1)
    with pytest.raises(PlaylistSong.DoesNotExist):
        playlists.remove_song(other.account_id, other.pk, rows[0])
    assert order(one) == rows


def test_limits_are_told(make_playlist, monkeypatch):
    monkeypatch.setattr(playlists, "MAX_SONGS", 2)
    monkeypatch.setattr(playlists, "MAX_PLAYLISTS", 1)
    playlist, rows = make_playlist(2)
    with pytest.raises(playlists.PlaylistFull, match="2 songs"):
        _add(playlist)
    with pytest.raises(playlists.PlaylistFull, match="1 playlists"):
        make_playlist()
    assert order(playlist) == rows


def test_reorder_of_the_longest_playlist_costs_few_statements(
    make_playlist, django_assert_num_queries
):
    playlist, rows = make_playlist(30)
    with django_assert_num_queries(10):  # two of them savepoints
        move(playlist, rows[-1], 0)


def test_database_refuses_two_songs_at_one_index(make_playlist):
    _, rows = make_playlist(2)
    with pytest.raises(IntegrityError, match="one_song_at_each_index"):
        PlaylistSong.objects.filter(pk=rows[1]).update(playlist_index=0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"playlist_index": -1}, "playlist_index_counts_from_0"),
        ({"song_id": "short"}, "song_is_a_youtube_id"),
        ({"song_id": "a/b<c>d e f"}, "song_is_a_youtube_id"),
    ],
)
def test_database_refuses_what_no_playlist_has(make_playlist, columns, constraint):
    make_playlist(1)
    with pytest.raises(IntegrityError, match=constraint):
        PlaylistSong.objects.update(**columns)


def at_once(*acts):
    """Run the acts in threads of their own, eight at a time; returns what we refused."""

    def run(act):
        try:
            act()
        except (ObjectDoesNotExist, PlaylistFull) as exc:
            return exc
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(8) as pool:
        return [exc for exc in pool.map(run, acts) if exc]


def storm(playlist, wanted, device):
    """What the client of 2019 sends for one reorder: a request for every song."""
    return [
        lambda row=row, index=index: move(playlist, row, index, device)
        for index, row in enumerate(wanted)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(5))
def test_storm_of_one_reorder_ends_as_asked(make_playlist, seed):
    playlist, rows = make_playlist(12)
    chance = random.Random(seed)
    wanted = chance.sample(rows, len(rows))
    acts = storm(playlist, wanted, PHONE)
    chance.shuffle(acts)
    assert at_once(*acts) == []
    assert order(playlist) == wanted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(5))
def test_two_devices_that_reorder_at_once_end_in_one_of_their_orders(
    make_playlist, seed
):
    playlist, rows = make_playlist(12)
    chance = random.Random(seed)
    wishes = [chance.sample(rows, len(rows)) for _ in range(2)]
    acts = storm(playlist, wishes[0], PHONE) + storm(playlist, wishes[1], LAPTOP)
    chance.shuffle(acts)
    assert at_once(*acts) == []
    assert order(playlist) in wishes


@pytest.mark.django_db(transaction=True)
def test_single_moves_at_once_end_as_some_turn_of_them_would(make_playlist):
    playlist, (a, b, c, d) = make_playlist(4)
    at_once(lambda: move(playlist, a, 3), lambda: move(playlist, d, 0, LAPTOP))
    assert order(playlist) == [d, b, c, a]


@pytest.mark.django_db(transaction=True)
def test_songs_come_and_go_while_others_move(make_playlist):
    playlist, rows = make_playlist(12)
    account = playlist.account_id
    adds = [lambda n=n: _add(playlist, number=n, index=0) for n in range(8)]
    leaves = [
        lambda row=row: playlists.remove_song(account, playlist.pk, row)
        for row in rows[:4]
    ]
    moves = storm(playlist, rows[:3:-1], PHONE)
    acts = [*adds, *leaves, *moves]
    random.Random(1).shuffle(acts)
    assert at_once(*acts) == []
    assert set(rows[4:]) < set(order(playlist))
    assert len(order(playlist)) == 12 - 4 + 8


@pytest.mark.django_db(transaction=True)
def test_limits_hold_for_all_who_ask_at_once(make_playlist, monkeypatch):
    monkeypatch.setattr(playlists, "MAX_SONGS", 5)
    monkeypatch.setattr(playlists, "MAX_PLAYLISTS", 3)
    playlist, _ = make_playlist(1)
    account = playlist.account_id
    assert len(at_once(*[lambda: _add(playlist)] * 20)) == 16
    assert len(at_once(*[lambda: playlists.create(account, "x")] * 20)) == 18
    assert (playlist.songs.count(), Playlist.objects.count()) == (5, 3)


@pytest.mark.django_db(transaction=True)
def test_account_that_is_deleted_while_it_is_used_leaves_nothing(make_playlist):
    playlist, rows = make_playlist(4)
    account = playlist.account_id
    acts = [lambda n=n: _add(playlist, number=n) for n in range(10)]
    acts += [lambda: playlists.create(account, "x")] * 10
    acts += storm(playlist, rows, PHONE)
    acts.insert(8, lambda: listeners.delete(account))
    assert len(at_once(*acts)) < len(acts)
    for table in (Account, Playlist, PlaylistSong, AskedIndex):
        assert not table.objects.exists()


def test_arrange_puts_all_songs_into_the_order(make_playlist):
    playlist, rows = make_playlist(4)
    move(playlist, rows[0], 3)  # ... which is forgotten
    playlists.arrange(playlist.account_id, playlist.pk, rows[::-1])
    assert order(playlist) == rows[::-1]
    assert not AskedIndex.objects.exists()


@pytest.mark.parametrize("wrong", ["short", "twice", "foreign"])
def test_arrange_refuses_the_order_of_other_songs(make_playlist, wrong):
    playlist, (a, b, c) = make_playlist(3)
    wanted = {"short": [c, a], "twice": [c, a, a], "foreign": [c, a, b + 99]}[wrong]
    with pytest.raises(playlists.OrderOutdated):
        playlists.arrange(playlist.account_id, playlist.pk, wanted)
    assert order(playlist) == [a, b, c]


@pytest.mark.django_db(transaction=True)
def test_whole_orders_at_once_end_in_one_of_them(make_playlist):
    playlist, rows = make_playlist(12)
    wishes = [random.Random(seed).sample(rows, len(rows)) for seed in range(16)]
    where = playlist.account_id, playlist.pk
    assert at_once(*[lambda w=w: playlists.arrange(*where, w) for w in wishes]) == []
    assert order(playlist) in wishes
