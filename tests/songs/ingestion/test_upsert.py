from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from songs.ingestion import upsert
from songs.labelling import record, suggestions
from songs.models import Comment, Mood, MoodLabel, NewVideo, Origin, RefusedVideo
from songs.models.video import Gone
from songs.youtube.client import Video, VideoListing
from tests.songs.fake_youtube import video_item

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=26)
GOOD = Video.from_item(
    video_item(
        "VIDEO000001",
        snippet={"channelTitle": "Calm", "tags": ["piano"]},
        status={
            "license": "creativeCommon",
            "embeddable": True,
            "privacyStatus": "public",
        },
        statistics={"viewCount": "5"},
    )
)


def store(
    *videos: Video,
    missing: Iterable[str] = (),
    refused: Iterable[tuple[str | None, str]] = (),
    origin: str = Origin.YOUTUBE,
    now: datetime = NOW,
) -> upsert.UpsertPlan:
    listing = VideoListing(videos, refused=tuple(refused), missing=tuple(missing))
    plan = upsert.plan_upsert(listing, origin=origin, now=now)
    upsert.write(plan, origin=origin, now=now)
    return plan


def stored(video_id: str = "VIDEO000001") -> NewVideo:
    return NewVideo.objects.get(pk=video_id)


def test_new_video_is_stored_whole():
    plan = store(GOOD)

    row = stored()
    assert (plan.new, plan.updated, plan.same) == (1, 0, 0)
    assert (row.video_title, row.tags, row.licence) == (
        "Rain & Tea",
        ["piano"],
        "creativeCommon",
    )
    assert (row.origin, row.last_fetched, row.gone_since) == ("youtube", NOW, None)
    assert (row.moods, row.labeled, row.predicted_moods) == (None, None, None)


def test_what_youtube_does_not_say_is_null_and_never_zero():
    store(GOOD)

    row = stored()
    assert (row.view_count, row.like_count, row.comment_count) == (5, None, None)
    assert (row.video_thumbnail, row.duration, row.language) == (None, None, None)
    assert (row.region_blocked, row.region_allowed) == ([], None)


def test_unchanged_video_is_not_written_but_for_the_time_of_asking():
    store(GOOD)
    before = NewVideo.objects.values().get()
    plan = store(GOOD, now=LATER)

    assert (plan.new, plan.updated, plan.same, plan.rows) == (0, 0, 1, [])
    assert NewVideo.objects.values().get() == before | {"last_fetched": LATER}


def test_changed_video_gets_the_new_text():
    store(GOOD)
    plan = store(replace(GOOD, video_title="Rain", view_count=6), now=LATER)

    assert (plan.new, plan.updated, plan.same) == (0, 1, 0)
    assert (stored().video_title, stored().view_count) == ("Rain", 6)


def test_text_changed_moves_with_the_text_and_not_with_the_counts():
    store(GOOD)
    first = stored().text_changed
    store(replace(GOOD, view_count=6), now=LATER)
    assert stored().text_changed == first

    store(replace(GOOD, tags=("cello",)), now=LATER)
    assert stored().text_changed > first


def test_labels_history_and_prediction_stay_byte_identical():
    store(GOOD)
    record.label("VIDEO000001", "SAD", who="ann", source="api")
    predicted = {
        "predicted_moods": "HAPPY",
        "mood_scores": {"HAPPY": 0.5},
        "predicted_sure": True,
        "predicted_by": "v1",
        "predicted_at": NOW,
    }
    NewVideo.objects.update(**predicted)
    history = list(MoodLabel.objects.values())
    store(replace(GOOD, video_title="Rain"), now=LATER)

    columns = ("moods", "labeled", *predicted)
    assert NewVideo.objects.values(*columns).get() == {
        "moods": "SAD",
        "labeled": True,
        **predicted,
    }
    assert list(MoodLabel.objects.values()) == history


def test_imported_video_gets_the_text_of_the_api(make_video):
    make_video(origin=Origin.IMPORT, video_title="Old", moods="SAD", labeled=True)
    plan = store(GOOD)

    assert plan.updated == 1
    assert (stored().origin, stored().video_title) == ("youtube", "Rain & Tea")
    assert (stored().last_fetched, stored().moods) == (NOW, "SAD")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"licence": "youtube"}, Gone.LICENCE),
        ({"embeddable": False}, Gone.EMBEDDING),
        ({"privacy": "private"}, Gone.UNAVAILABLE),
        ({"privacy": "unlisted"}, Gone.UNAVAILABLE),
    ],
)
def test_video_that_may_not_be_offered(change: dict[str, object], why: str):
    bad = replace(GOOD, **change)
    plan = store(bad)
    assert (plan.new, plan.refusals) == (0, {why: 1})
    assert RefusedVideo.objects.get().reason == why

    store(GOOD)
    plan = store(bad, now=LATER)
    assert (plan.updated, plan.refusals) == (0, {why: 1})
    assert (stored().gone_why, stored().gone_since) == (why, LATER)


def test_gone_video_keeps_the_day_it_went():
    store(GOOD)
    store(replace(GOOD, licence="youtube"))
    store(replace(GOOD, licence="youtube", view_count=9), now=LATER)

    assert stored().gone_since == NOW


def test_gone_video_that_is_good_again_comes_back():
    store(GOOD)
    store(missing=["VIDEO000001"])
    plan = store(GOOD, now=LATER)

    assert (plan.updated, plan.returned) == (1, 1)
    assert (stored().gone_since, stored().gone_why) == (None, None)


def test_missing_video_is_gone_and_its_text_keeps_its_age():
    store(GOOD)
    plan = store(missing=["VIDEO000001", "VIDEO000002"], now=LATER)

    assert plan.refusals == {Gone.UNAVAILABLE: 2}
    assert (stored().gone_why, stored().gone_since) == (Gone.UNAVAILABLE, LATER)
    assert (stored().video_title, stored().last_fetched) == ("Rain & Tea", NOW)
    assert RefusedVideo.objects.get().pk == "VIDEO000002"


def test_missing_imported_video_is_gone_and_not_asked_for_at_once(make_video):
    make_video(origin=Origin.IMPORT)
    store(missing=["VIDEO000001"])

    assert (stored().origin, stored().video_title) == ("import", "Song 1")
    assert (stored().last_fetched, stored().gone_since) == (NOW, NOW)


def test_region_block_is_no_reason_to_go():
    plan = store(replace(GOOD, region_blocked=("DE",), region_allowed=()))

    assert plan.new == 1
    assert (stored().region_blocked, stored().region_allowed) == (["DE"], [])


def test_answer_that_does_not_state_the_licence_leaves_a_known_video_alone():
    store(GOOD)
    before = NewVideo.objects.values().get()
    other = replace(GOOD, video_id="VIDEO000002")
    plan = store(replace(GOOD, licence=None), other, now=LATER)

    assert (plan.new, plan.refusals) == (1, {upsert.NOT_STATED: 1})
    assert NewVideo.objects.values().get(pk="VIDEO000001") == before


def test_unreadable_videos_are_counted_by_reason():
    refused = [("VIDEO000002", "no title"), (None, "no valid video id")]
    plan = store(GOOD, refused=refused)

    assert plan.refusals == {"no title": 1, "no valid video id": 1}
    assert RefusedVideo.objects.get().pk == "VIDEO000002"


def test_refused_video_that_is_good_now_is_forgotten_as_refused():
    store(replace(GOOD, licence="youtube"))
    store(GOOD, now=LATER)

    assert not RefusedVideo.objects.exists()


def make_samples(make_video) -> None:
    for _ in range(3):
        make_video(origin=Origin.SAMPLE)
    record.set_label("VIDEO000003", record.SKIPPED, who="ann", source="admin")


def test_first_real_video_removes_samples_and_hides_the_judged(make_video):
    make_samples(make_video)
    Comment.objects.create(
        pk="c", video_id="VIDEO000002", text="x", fetched_at=timezone.now()
    )
    store(GOOD)

    assert set(NewVideo.objects.values_list("pk", "origin", "gone_why")) == {
        ("VIDEO000001", "youtube", None),
        ("VIDEO000003", "sample", Gone.SAMPLE),
    }
    assert not record.differing_from_history()


def test_sample_with_a_suggestion_is_hidden_with_it(make_video):
    make_samples(make_video)
    suggestions.suggest("VIDEO000002", Mood.SAD, address="192.0.2.1")
    store(GOOD)

    hidden = NewVideo.objects.get(pk="VIDEO000002")
    assert (hidden.gone_why, hidden.suggestions.get().mood) == (Gone.SAMPLE, Mood.SAD)


def test_sample_video_removes_nothing(make_video):
    make_samples(make_video)
    store(replace(GOOD, video_id="VIDEO000009"), origin=Origin.SAMPLE)

    assert NewVideo.objects.public().count() == 4


def test_page_without_a_good_video_leaves_the_samples(make_video):
    make_samples(make_video)
    store(missing=["VIDEO000009"])

    assert NewVideo.objects.public().count() == 3


def test_hostile_text_is_stored_as_it_is():
    text = "<script>مرحبا \u200b🎵</script>" * 3000
    store(replace(GOOD, video_title=None, video_description=text))

    assert (stored().video_title, stored().video_description) == (None, text)
