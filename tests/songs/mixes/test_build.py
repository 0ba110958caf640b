"""Which videos a mix may choose from, and what it says about them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from songs.mixes import build
from songs.mixes.selection import MixRequest
from songs.models import ListedVideo
from songs.models.video import Gone

CHILL = MixRequest({"CHILL": 1.0}, 10, "2026-11-21")
GONE = {"gone_since": timezone.now(), "gone_why": Gone.LICENCE}


@pytest.fixture
def add(make_video, predicted):
    """Stores a chill video of 100 seconds, the only one of its channel."""

    def make(number, **columns):
        known = predicted("CHILL", 0.6) | {
            "channel_id": f"UC{number}",
            "duration": timedelta(seconds=100),
        }
        return make_video(**known | columns)

    return make


def ids(made):
    return {entry.video.pk for entry in made.entries}


def reasons(made):
    return {reason.code: reason.tracks for reason in made.short[0].reasons}


def test_mix_has_only_offered_videos_of_the_mood_whose_length_and_channel_are_known(
    add, predicted
):
    used = [add(number).pk for number in range(3)]
    add(3, **GONE)
    add(4, duration=None)
    add(5, channel_id=None)
    add(6, **predicted("SAD", 0.6))
    add(7, duration=timedelta(seconds=CHILL.longest + 1))
    made = build.make(CHILL)
    assert ids(made) == set(used)
    assert reasons(made) == {"looked_at": 3, "longer": 1, "unknown": 2}
    assert made.short[0].text == "Chill: 10:00 asked, 5:00 in 3 tracks found."


def test_same_title_is_one_song_however_it_is_written(add):
    add(1, video_title="Rain (piano)")
    add(2, video_title="RAIN - Piano!")
    made = build.make(CHILL)
    assert len(made.entries) == 1
    assert reasons(made)["same_song"] == 1


def test_mood_without_any_video_says_so(db):
    made = build.make(CHILL)
    assert made.short[0].text == "Chill: 10:00 asked, no track found."
    assert reasons(made) == {"looked_at": 0}


@pytest.mark.parametrize("seed", "abcdef")
def test_pool_goes_on_from_the_beginning_and_has_each_track_once(
    add, monkeypatch, seed
):
    monkeypatch.setattr(build, "POOL", 5)
    monkeypatch.setattr(build, "POOL_A_MINUTE", 0)
    for number in range(8):
        add(number)
    request = MixRequest({"CHILL": 1.0}, 10, seed)
    pool = [track.video_id for track in build._pool(request, "CHILL")]
    assert len(pool) == len(set(pool)) == 5


def test_seeds_read_other_parts_of_a_large_catalogue(add, monkeypatch):
    monkeypatch.setattr(build, "POOL", 2)
    monkeypatch.setattr(build, "POOL_A_MINUTE", 0)
    for number in range(8):
        add(number)
    requests = [MixRequest({"CHILL": 1.0}, 10, str(seed)) for seed in range(30)]
    read = {track.video_id for one in requests for track in build._pool(one, "CHILL")}
    assert len(read) == 8


def test_mix_looks_further_where_one_channel_has_nearly_all(add, monkeypatch):
    monkeypatch.setattr(build, "POOL", 3)
    monkeypatch.setattr(build, "POOL_A_MINUTE", 0)
    for number in range(20):
        add(number, channel_id="UC" if number % 4 else f"UC{number}")
    made = build.make(CHILL)
    assert made.mix.complete


def test_pool_is_a_range_of_one_index(db):
    some = ListedVideo.objects.mixable("CHILL").filter(
        seconds__lte=300, shuffled__gte=0
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = some[:100].explain(format="text")
    assert "using listed_mixable" in plan
    assert "seconds <= 300" in plan.split("Index Cond")[1].splitlines()[0]
    assert "Sort" not in plan
