"""A version read before the rows must never belong to older rows."""

import threading
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from songs.browse import version as versions
from songs.models import Comment, MoodSuggestion, NewVideo, Origin
from tests.needs import repeats
from tests.threads import at_once
from tests.waiting import PATIENCE_S, wait_until

MOVE_BACK = "UPDATE songs_catalogueversion SET changed = changed - interval '1 hour'"
MOVE_ON = "UPDATE songs_catalogueversion SET changed = changed + interval '1 hour'"
SECOND = "SELECT date_trunc('second', max(changed)) FROM songs_catalogueversion"
A_SECOND = timedelta(seconds=1)
N_WRITES = repeats(40, long=400)  # of each of four writers
SLOTS = "SELECT count(*) FROM songs_catalogueversion"


class Writer(threading.Thread):
    """Another connection, which adds a video in a transaction and waits to be told."""

    def __init__(self, name):
        super().__init__(daemon=True)
        self.video_id = name.ljust(11, "0")
        self.wrote, self.may_end = threading.Event(), threading.Event()
        self.start()
        assert self.wrote.wait(PATIENCE_S)

    def run(self):
        with closing(connections["default"]), transaction.atomic():
            NewVideo.objects.create(video_id=self.video_id, origin=Origin.IMPORT)
            self.wrote.set()
            assert self.may_end.wait(PATIENCE_S)

    def commit(self):
        self.may_end.set()
        self.join(PATIENCE_S)
        assert not self.is_alive()


@pytest.fixture
def slots(transactional_db):
    """Counts the slots; afterwards one is left, as in a new database."""

    def count():
        with connection.cursor() as cursor:
            cursor.execute(SLOTS)
            return cursor.fetchone()[0]

    yield count
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM songs_catalogueversion WHERE slot > 1")


@pytest.fixture
def suggest(make_video):
    """Stores a suggestion, for a video of its own."""

    def store(**columns):
        now = timezone.now()
        return MoodSuggestion.objects.create(
            video=make_video(), mood="SAD", address="x", day=now, at=now, **columns
        )

    return store


def accepted():
    now = timezone.now()
    return {"verdict": "accepted", "reviewed_by": "ann", "reviewed_at": now}


def comment(video):
    now = timezone.now()
    return Comment.objects.create(pk="c1", video=video, text="Nice", fetched_at=now)


def second_of_the_change():
    with connection.cursor() as cursor:
        cursor.execute(SECOND)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda: NewVideo.objects.create(video_id="VIDEO000009", origin="import"),
        lambda: NewVideo.objects.update(video_title="Other"),
        lambda: NewVideo.objects.filter(pk="VIDEO000001").delete(),
        lambda: comment(NewVideo.objects.get(pk="VIDEO000001")),
        lambda: connection.cursor().execute("TRUNCATE songs_newvideo CASCADE"),
    ],
)
def test_number_is_another_after_each_change(make_video, slots, change):
    make_video()
    before = versions.number()
    change()
    assert versions.number() > before


def test_number_stays_while_nothing_changes(make_video, slots):
    make_video()
    assert versions.number() == versions.number() == versions.latest().number


def test_number_moves_once_a_suggestion_is_accepted(suggest, slots):
    waiting = suggest()
    before = versions.number()
    waiting.pk, waiting.address = None, "y"
    waiting.save()
    assert versions.number() == before
    MoodSuggestion.objects.update(**accepted())
    assert versions.number() > before


def test_number_moves_for_a_suggestion_that_is_accepted_from_the_start(suggest, slots):
    suggest()
    before = versions.number()
    suggestion = MoodSuggestion.objects.get()
    suggestion.pk, suggestion.address = None, "y"
    for name, value in accepted().items():
        setattr(suggestion, name, value)
    suggestion.save()
    assert versions.number() > before


def test_number_moves_when_a_change_is_committed_not_when_it_is_made(slots):
    before = versions.number()
    writer = Writer("A")
    assert versions.number() == before
    writer.commit()
    assert versions.number() > before


def test_number_moves_for_an_earlier_change_that_is_committed_later(slots):
    first, second = Writer("A"), Writer("B")  # neither waits for the other
    before = versions.number()
    second.commit()
    between = versions.number()
    first.commit()
    assert before < between < versions.number()
    assert slots() == 2


def test_slots_are_as_many_as_there_were_writers_at_once(slots):
    for _ in range(3):
        writers = [Writer("A"), Writer("B")]
        for writer in writers:
            writer.commit()
        NewVideo.objects.all().delete()
    assert slots() == 2


def test_number_forgets_what_is_rolled_back(make_video, slots):
    before = versions.number()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_video()
        raise ZeroDivisionError
    assert versions.number() == before


def test_number_moves_for_a_change_after_a_savepoint_that_was_rolled_back(
    make_video, slots
):
    before = versions.number()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_video()
            raise ZeroDivisionError
        make_video()
    assert versions.number() > before


def test_number_is_greater_than_ever_when_all_slots_were_lost(make_video, slots):
    before = versions.number()
    connection.cursor().execute("TRUNCATE songs_catalogueversion")
    make_video()
    assert versions.number() > before


def test_number_moves_for_each_change_that_a_transaction_sees_of_its_own(
    make_video, slots
):
    numbers = [versions.number()]
    with transaction.atomic():
        for _ in range(3):
            make_video()
            numbers.append(versions.number())
        assert not versions.latest().settled
    numbers.append(versions.number())
    assert len(set(numbers[:4])) == 4
    assert numbers[0] < numbers[4]


def test_date_is_settled_a_while_after_the_change(slots):
    connection.cursor().execute(MOVE_BACK)
    version = versions.latest()
    assert version.settled
    assert version.modified.microsecond == 0
    assert version.modified == second_of_the_change() + A_SECOND


def test_date_of_a_change_is_not_settled_before_its_second_is_over(make_video, slots):
    start = timezone.now().replace(microsecond=0)
    make_video()
    assert start <= second_of_the_change() <= timezone.now()
    connection.cursor().execute(MOVE_ON)
    version = versions.latest()
    assert not version.settled
    assert version.modified == second_of_the_change()


def test_date_is_not_settled_while_a_change_is_under_way(slots):
    connection.cursor().execute(MOVE_BACK)
    wait_until(lambda: versions.latest().settled)  # a writer of before may still end
    before = versions.latest()
    writer = Writer("A")
    under_way = versions.latest()
    writer.commit()
    assert (before.settled, under_way.settled) == (True, False)
    assert under_way.modified < before.modified


def test_no_date_is_known_where_nothing_ever_changed(slots):
    connection.cursor().execute("TRUNCATE songs_catalogueversion")
    assert versions.latest() == versions.Version(0, None, False)


def test_reading_under_many_writers_never_pairs_a_number_with_older_rows(slots):
    """Two readings with the same number have the same rows; writers overlap."""
    seen, rounds = [], 4
    each = N_WRITES // rounds

    def look():
        number = versions.number()
        seen.append((number, NewVideo.objects.count(), versions.number()))

    def write(name, nth):
        try:
            for count in range(nth * each, (nth + 1) * each):
                with transaction.atomic():
                    NewVideo.objects.create(
                        video_id=f"{name}{count:010}", origin=Origin.IMPORT
                    )
        finally:
            ended.append(name)

    def read():
        while len(ended) < len("ABCD"):
            look()

    for nth in range(rounds):
        ended = []
        at_once(read, *(partial(write, name, nth) for name in "ABCD"))
        look()  # nobody writes
    last = versions.number()
    assert all(rows == 4 * N_WRITES for before, rows, _ in seen if before == last)
    exact = [(before, rows) for before, rows, after in seen if before == after]
    assert len(dict(exact)) == len(set(exact))
    assert len(set(exact)) >= rounds
