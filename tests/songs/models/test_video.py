import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songs.models import (
    Mood,
    MoodLabel,
    MoodModel,
    NewVideo,
    QuotaDay,
    SearchProfile,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PREDICTED = {
    "predicted_moods": "SAD",
    "mood_scores": {"SAD": 1.0},
    "predicted_sure": True,
    "predicted_by": "v1",
    "predicted_at": NOW,
}


def refused(make, **columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**columns)
    return True


@pytest.mark.parametrize(
    "columns",
    [
        {"moods": "SAD"},
        {"moods": "SAD", "labeled": False},
        {"labeled": True},
        {"moods": "SLEEPY", "labeled": True},
        {"video_id": "too-short"},
        {"video_id": "elevenchar!"},
        {"gone_since": NOW},
        {"gone_why": "licence"},
        *({name: value} for name, value in PREDICTED.items()),
        {**PREDICTED, "predicted_moods": "SLEEPY"},
    ],
    ids=str,
)
def test_database_refuses_a_video_that_contradicts_itself(make_video, columns):
    assert refused(make_video, **columns)


@pytest.mark.parametrize(
    "columns",
    [{}, {"moods": "SAD", "labeled": True}, {"labeled": False}, PREDICTED],
    ids=str,
)
def test_database_accepts_a_video_that_does_not(make_video, columns):
    assert make_video(**columns).pk


@pytest.mark.parametrize(
    ("action", "mood"),
    [("label", None), ("label", "SLEEPY"), ("skip", "SAD"), ("x", None)],
)
def test_database_refuses_a_label_that_contradicts_itself(make_video, action, mood):
    act = {"action": action, "mood": mood, "who": "ada", "source": "admin", "at": NOW}
    assert refused(MoodLabel.objects.create, video=make_video(), **act)


def test_database_refuses_a_second_live_model(db):
    model = {
        "recipe": "r",
        "created": NOW,
        "manifest": {},
        "content": b"",
        "live": True,
    }
    MoodModel.objects.create(version="v1", **model)
    assert refused(MoodModel.objects.create, version="v2", **model)


def test_database_refuses_a_second_ledger_row_for_a_day(db):
    row = {"bucket": "search", "day": NOW.date()}
    QuotaDay.objects.create(**row)
    assert refused(QuotaDay.objects.create, **row)


def test_str_survives_a_null_title(make_video):
    video = make_video(video_title=None)
    assert str(video) == video.video_id


@pytest.mark.parametrize(
    ("columns", "mood", "source"),
    [
        ({}, None, None),
        (PREDICTED, "SAD", "model"),
        ({**PREDICTED, "moods": "CHILL", "labeled": True}, "CHILL", "person"),
        ({**PREDICTED, "labeled": False}, "SAD", "model"),
    ],
)
def test_mood_is_the_persons_before_the_models(make_video, columns, mood, source):
    video = make_video(**columns)
    assert (video.mood, video.mood_source) == (mood, source)


def test_newest_first_puts_unknown_dates_last(make_video):
    old = make_video(published_at=NOW - timedelta(days=9))
    unknown, new = make_video(), make_video(published_at=NOW)
    assert list(NewVideo.objects.newest_first()) == [new, old, unknown]


def test_trainable_is_labelled_with_text_and_not_a_replaced_sample(make_video):
    label = {"moods": "SAD", "labeled": True}
    kept = make_video(**label)
    gone = make_video(**label, gone_since=NOW, gone_why="unavailable")
    make_video()
    make_video(**label, video_title=None, video_description=None)
    make_video(**label, gone_since=NOW, gone_why="sample")
    assert set(NewVideo.objects.trainable()) == {kept, gone}


def test_stale_is_api_text_of_thirty_days(make_video):
    now = timezone.now()
    stale = make_video(last_fetched=now - timedelta(days=31))
    make_video(last_fetched=now - timedelta(days=29))
    make_video(last_fetched=None)
    assert list(NewVideo.objects.stale(now)) == [stale]


def test_search_finds_words_of_title_tags_channel_and_description(make_video):
    video = make_video(
        video_title="Rising <b>Embers</b>",
        tags=["lo-fi", "violins"],
        channel_title="Quiet Harbour",
        video_description="For travel vlogs",
    )
    for words in ("ember", "violin", "harbour", "vlog"):
        assert list(NewVideo.objects.filter(search=words)) == [video], words


def test_migrations_seed_the_searches_of_2019(db):
    params = SearchProfile.objects.first().search_params()
    names = set(SearchProfile.objects.values_list("name", flat=True))
    assert names == {
        "instrumental edm",
        "instrumental",
        "free music no copyright",
        "audio library music",
    }
    assert params == {
        "q": "instrumental edm",
        "type": "video",
        "videoLicense": "creativeCommon",
        "videoSyndicated": "true",
        "videoEmbeddable": "true",
        "videoDuration": "medium",
        "relevanceLanguage": "en",
    }


@pytest.mark.parametrize("mood", Mood)
@pytest.mark.parametrize("separator", ["-", "/", " ", "_", " / ", ""])
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_mood_named_knows_every_case_and_spelling(mood, separator, case):
    assert Mood.named(case(re.sub("-", separator, mood))) == mood


@pytest.mark.parametrize("text", ["", "-", "HAPPYISH", "sassy", "HAPPY SAD", "нappy"])
def test_mood_named_knows_no_other_mood(text):
    assert Mood.named(text) is None
