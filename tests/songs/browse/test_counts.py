"""The kept numbers are those that counting gives, however videos are written."""

from functools import partial
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from songs.browse import counts
from songs.labelling import record
from songs.models import ListedVideo, Mood, MoodLabel, NewVideo, Origin
from songs.models.video import Gone
from tests.needs import repeats
from tests.threads import at_once
from tests.waiting import PATIENCE_S

GONE = {"gone_since": timezone.now(), "gone_why": Gone.UNAVAILABLE}
N_TURNS = repeats(12, long=120)  # of each writer of a storm
SLOTS = "SELECT count(DISTINCT slot) FROM songs_videocount"


@pytest.fixture
def kept():
    """Says what is kept, once it is known to be right."""

    def groups():
        assert counts.differing() == []
        return {
            (group.mood, group.source, group.labelled, group.licence): group.videos
            for group in counts.groups()
        }

    return groups


@pytest.fixture
def storm(transactional_db):
    """Runs writers at once, each on a connection of its own; one slot is left."""

    yield lambda *works: at_once(
        *(partial(work, number) for number, work in enumerate(works))
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM songs_catalogueversion WHERE slot > 1")


def test_nothing_is_offered_by_an_empty_catalogue(db):
    offered = counts.offered()
    assert (offered.videos, offered.by_people, offered.by_model) == (0, 0, 0)
    assert [(m.by_people, m.by_model) for m in offered.moods] == [(0, 0)] * len(Mood)


def test_people_and_model_are_told_apart(make_video, predicted):
    make_video(moods="SAD", labeled=True, **predicted("HAPPY", 0.5))
    make_video(labeled=False, **predicted("HAPPY", 0.5))
    make_video()
    offered = counts.offered()
    by_mood = {m.mood: (m.by_people, m.by_model) for m in offered.moods}
    assert (offered.videos, offered.by_people, offered.by_model) == (3, 1, 2)
    assert (by_mood[Mood.HAPPY], by_mood[Mood.SAD]) == ((0, 2), (1, 0))


def test_group_of_a_video_follows_what_is_said_of_it(make_video, predicted, kept):
    who = {"who": "mia", "source": MoodLabel.Source.ADMIN}
    video = make_video(licence="creativeCommon")
    assert kept() == {(None, None, "unknown", "creativeCommon"): 1}
    NewVideo.objects.update(**predicted("SAD", 0.6))
    assert kept() == {("SAD", "model", "unknown", "creativeCommon"): 1}
    record.label(video.pk, "HAPPY", **who)
    assert kept() == {("HAPPY", "person", "true", "creativeCommon"): 1}
    record.set_label(video.pk, record.SKIPPED, **who)
    assert kept() == {("SAD", "model", "false", "creativeCommon"): 1}
    NewVideo.objects.update(licence=None)
    assert kept() == {("SAD", "model", "false", None): 1}


def test_what_is_gone_is_not_counted_until_it_is_back(make_video, kept):
    make_video(**GONE)
    make_video()
    assert sum(kept().values()) == 1
    NewVideo.objects.update(gone_since=None, gone_why=None)
    assert sum(kept().values()) == 2
    NewVideo.objects.update(**GONE)
    assert kept() == {}


def test_deletion_is_followed(make_video, kept):
    make_video(), make_video()
    NewVideo.objects.filter(pk="VIDEO000001").delete()
    assert sum(kept().values()) == 1


@pytest.mark.django_db(transaction=True)
def test_truncation_is_followed_by_lists_and_counts(make_video, kept):
    make_video()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE songs_newvideo CASCADE")
    assert not ListedVideo.objects.exists()
    assert kept() == {}
    make_video()
    assert sum(kept().values()) == 1


def test_what_is_rolled_back_does_not_count(make_video, kept):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_video()
            raise ZeroDivisionError
        make_video()
    assert sum(kept().values()) == 1


def test_upsert_counts_new_and_changed_rows_once(make_video, kept):
    make_video(licence="youtube")
    rows = [
        NewVideo(pk=f"VIDEO00000{n}", origin=Origin.YOUTUBE, licence="creativeCommon")
        for n in (1, 2)
    ]
    NewVideo.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["video_id"],
        update_fields=["licence"],
    )
    assert list(kept().values()) == [2]


@pytest.mark.django_db(transaction=True)
def test_migration_counts_the_videos_that_are_there(make_video, predicted, kept):
    make_video(**predicted("SAD", 0.6))
    make_video(**GONE)
    before = kept()
    call_command("migrate", "songs", "0008", verbosity=0)
    call_command("migrate", "songs", verbosity=0)
    assert kept() == before != {}


def test_numbers_are_exact_after_a_storm_of_writers(storm, kept):
    def write(number):
        mine = NewVideo.objects.filter(pk__startswith=f"W{number}")
        for turn in range(N_TURNS):
            with transaction.atomic():
                for n in range(3):
                    key = f"W{number}{turn:04}{n:05}"
                    NewVideo.objects.create(pk=key, origin=Origin.IMPORT)
                mine.update(licence=str(turn % 3))
            mine.filter(pk__endswith="1").update(**GONE)
            mine.filter(pk__endswith="2").delete()

    storm(*[write] * 4)
    assert list(kept().values()) == [4 * N_TURNS]


def test_writers_wait_for_nobody(storm, kept):
    meet = Barrier(3, timeout=PATIENCE_S)

    def write(number):
        with transaction.atomic():
            NewVideo.objects.create(pk=f"W{number:010}", origin=Origin.IMPORT)
            meet.wait()  # all have written, and none has committed

    storm(*[write] * 3)
    with connection.cursor() as cursor:
        cursor.execute(SLOTS)
        assert cursor.fetchone() == (3,)
    assert list(kept().values()) == [3]
