"""Jobs that write the same videos at once: each waits for the other, none deadlocks."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from django.db import connections, transaction
from django.utils import timezone

from ml.moods.predict import MoodPrediction
from songs.ingestion import upsert
from songs.ingestion.upsert import UpsertPlan
from songs.labelling import record, revert
from songs.models import Mood, NewVideo
from songs.predictions import predict
from tests.waiting import wait_until_somebody_waits_for_us

HIGH, LOW = "bbbbbbbbbbb", "aaaaaaaaaaa"  # as they lie in the table


def save_predictions() -> None:
    scores = {mood: 1 / len(Mood) for mood in Mood.values}
    said = MoodPrediction("SAD", scores, second="CHILL", sure=False)
    texts = dict(NewVideo.objects.values_list("pk", "text_changed"))
    keys = [(HIGH, texts[HIGH]), (LOW, texts[LOW])]
    predict._save("test-1", timezone.now(), dict.fromkeys(keys, said))


def store_videos() -> None:
    upsert.write(
        UpsertPlan(unchanged=[HIGH, LOW]), origin="youtube", now=timezone.now()
    )


@contextmanager
def holding_locks() -> Iterator[Callable[[Callable[[], None]], Future[None]]]:
    """A transaction; what it yields has another connection write, and wait for us."""

    def at_work(write: Callable[[], None]) -> None:
        with closing(connections["default"]):
            write()

    def let_write(write: Callable[[], None]) -> Future[None]:
        writing = pool.submit(at_work, write)
        wait_until_somebody_waits_for_us()
        return writing

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        yield let_write


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [save_predictions, store_videos])
def test_writers_take_videos_in_the_order_of_their_ids(
    make_video, write: Callable[[], None]
):
    for video_id in (HIGH, LOW):
        make_video(video_id=video_id)
    videos = NewVideo.objects.select_for_update(nowait=True)
    with holding_locks() as let_write:
        videos.get(pk=LOW)
        writing = let_write(write)
        high = videos.get(pk=HIGH)  # refused if the writer had it already
    writing.result()

    assert NewVideo.objects.exclude(predicted_by=None, last_fetched=None).count() == 2
    assert high.last_fetched is None


@pytest.mark.django_db(transaction=True)
def test_taking_back_waits_for_a_label_and_counts_it(make_video):
    for video_id in (HIGH, LOW):
        make_video(video_id=video_id)
        record.label(video_id, "SAD", who="bob", source="admin")
    bobs = {"last_act": 10**9, "who": "root"}

    def take_back() -> None:
        revert.revert(revert.Selection("bob"), **bobs)

    with holding_locks() as let_write:
        record.label(LOW, "CHILL", who="ada", source="admin")
        writing = let_write(take_back)
        NewVideo.objects.select_for_update(nowait=True).get(pk=HIGH)
    writing.result()

    moods = NewVideo.objects.order_by("pk").values_list("moods", flat=True)
    assert list(moods) == ["CHILL", None]
    assert record.differing_from_history() == []
