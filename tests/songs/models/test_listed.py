"""The database keeps songs_listedvideo; every writer of videos is followed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from songs.labelling import record
from songs.models import ListedVideo, MoodLabel, NewVideo
from songs.models.listed import COLUMNS, sync_function
from songs.models.video import Gone

KEYS = ("video_id", "mood", "labeled", "confidence", "surety")
UNKNOWN = datetime(1, 1, 1, tzinfo=UTC)


def listed(*columns):
    return list(ListedVideo.objects.order_by("video_id").values_list(*columns))


def test_video_without_any_facts_is_listed(make_video):
    make_video()
    assert listed(*KEYS) == [("VIDEO000001", None, None, None, 0)]
    assert listed("published", "views", "seconds") == [(UNKNOWN, -1, None)]


def test_facts_of_youtube_are_listed(make_video):
    at = datetime(2019, 5, 4, tzinfo=UTC)
    facts = {"channel_id": "UC1", "licence": "creativeCommon", "language": "en"}
    make_video(
        published_at=at, view_count=0, duration=timedelta(minutes=3, seconds=2), **facts
    )
    assert listed("published", "views", "seconds") == [(at, 0, 182)]
    assert listed(*facts) == [("UC1", "creativeCommon", "en")]


def test_prediction_is_listed_until_a_person_speaks(make_video, predicted):
    video = make_video()
    NewVideo.objects.filter(pk=video.pk).update(**predicted("SAD", 0.6))
    assert listed(*KEYS) == [("VIDEO000001", "SAD", None, 0.6, 0.6)]
    record.label(video.pk, "HAPPY", who="mia", source=MoodLabel.Source.ADMIN)
    assert listed(*KEYS) == [("VIDEO000001", "HAPPY", True, None, 1)]
    record.set_label(
        video.pk, record.UNLABELLED, who="mia", source=MoodLabel.Source.ADMIN
    )
    assert listed(*KEYS) == [("VIDEO000001", "SAD", None, 0.6, 0.6)]


def test_prediction_without_scores_is_of_no_known_confidence(make_video, predicted):
    make_video(**predicted("SAD", 0.6) | {"mood_scores": {}})
    assert listed(*KEYS) == [("VIDEO000001", "SAD", None, None, 0)]


def test_video_that_is_gone_is_not_listed_until_it_is_back(make_video):
    gone = {"gone_since": timezone.now(), "gone_why": Gone.UNAVAILABLE}
    make_video(**gone)
    make_video()
    assert listed("video_id") == [("VIDEO000002",)]
    NewVideo.objects.filter(pk="VIDEO000002").update(**gone)
    NewVideo.objects.filter(pk="VIDEO000001").update(gone_since=None, gone_why=None)
    assert listed("video_id") == [("VIDEO000001",)]
    NewVideo.objects.all().delete()
    assert listed("video_id") == []


def test_write_that_lists_do_not_know_of_leaves_the_copy_alone(make_video):
    make_video()
    before = _version()
    NewVideo.objects.update(last_fetched=timezone.now(), like_count=3)
    assert _version() == before


@pytest.mark.django_db(transaction=True)
def test_migration_lists_the_videos_that_are_there(make_video, predicted):
    make_video(**predicted("SAD", 0.6))
    labelled = make_video(view_count=7)
    record.label(labelled.pk, "HAPPY", who="mia", source=MoodLabel.Source.ADMIN)
    make_video(gone_since=timezone.now(), gone_why=Gone.LICENCE)
    every = [field.attname for field in ListedVideo._meta.fields]
    before = listed(*every)
    call_command("migrate", "songs", "0007", verbosity=0)
    call_command("migrate", "songs", verbosity=0)
    assert len(before) == 2
    assert listed(*every) == before


def test_fields_of_the_copy_are_its_columns():
    assert {field.attname for field in ListedVideo._meta.fields} == set(COLUMNS)


def test_function_in_the_database_is_what_the_columns_make(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'songs_keep_listed'")
        (body,) = cursor.fetchone()
    assert _without_blanks(body) == _without_blanks(sync_function())


def test_each_write_of_a_video_calls_the_function(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"
            " AND tgrelid = 'songs_newvideo'::regclass"
            " AND tgfoid = 'songs_keep_listed'::regproc ORDER BY tgname"
        )
        names = [name for (name,) in cursor.fetchall()]
    assert names == [f"keep_listed_{event}" for event in ("delete", "insert", "update")]


def _without_blanks(sql):
    return re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").strip()


def _version():
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin, ctid FROM songs_listedvideo")
        return cursor.fetchone()


@pytest.mark.parametrize("table", ["newvideo", "listedvideo", "videovector", "comment"])
def test_ids_have_no_second_index(db, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes"
            " WHERE tablename = %s AND indexdef LIKE '%%pattern_ops%%'",
            [f"songs_{table}"],
        )
        assert cursor.fetchall() == []
