"""Jobs that write the same videos at once: each waits for the other, none deadlocks."""

import time
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ml.moods.predict import MoodPrediction
from songs.ingestion import upsert
from songs.ingestion.upsert import Plan
from songs.labelling import record, revert
from songs.models import Mood, NewVideo
from songs.predictions import predict

HIGH, LOW = "bbbbbbbbbbb", "aaaaaaaaaaa"  # as they lie in the table


def save_predictions() -> None:
    scores = {mood: 1 / len(Mood) for mood in Mood.values}
    said = MoodPrediction("SAD", scores, second="CHILL", sure=False)
    texts = dict(NewVideo.objects.values_list("pk", "text_changed"))
    keys = [(HIGH, texts[HIGH]), (LOW, texts[LOW])]
    predict._save("test-1", timezone.now(), dict.fromkeys(keys, said))


def store_videos() -> None:
    upsert.write(Plan(unchanged=[HIGH, LOW]), origin="youtube", now=timezone.now())


def wait_for_one_who_waits() -> None:
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
            if cursor.rowcount:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [save_predictions, store_videos])
def test_writers_take_videos_in_the_order_of_their_ids(
    make_video, write: Callable[[], None]
):
    for video_id in (HIGH, LOW):
        make_video(video_id=video_id)
    writer = Thread(target=lambda: (write(), connection.close()))
    videos = NewVideo.objects.select_for_update(nowait=True)
    with transaction.atomic():
        videos.get(pk=LOW)
        writer.start()
        wait_for_one_who_waits()
        high = videos.get(pk=HIGH)  # refused if the writer had it already
    writer.join()

    assert NewVideo.objects.exclude(predicted_by=None, last_fetched=None).count() == 2
    assert high.last_fetched is None


@pytest.mark.django_db(transaction=True)
def test_taking_back_waits_for_a_label_and_counts_it(make_video):
    for video_id in (HIGH, LOW):
        make_video(video_id=video_id)
        record.label(video_id, "SAD", who="bob", source="admin")
    bobs = {"last_act": 10**9, "who": "root"}

    def take_back() -> None:
        revert.take_back(revert.Selection("bob"), **bobs)
        connection.close()

    writer = Thread(target=take_back)
    with transaction.atomic():
        record.label(LOW, "CHILL", who="ada", source="admin")
        writer.start()
        wait_for_one_who_waits()
        NewVideo.objects.select_for_update(nowait=True).get(pk=HIGH)
    writer.join()

    moods = NewVideo.objects.order_by("pk").values_list("moods", flat=True)
    assert list(moods) == ["CHILL", None]
    assert record.unfaithful() == []
