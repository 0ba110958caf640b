from datetime import UTC, datetime

import pytest
from django.utils import timezone

from songs.models import IngestRun, Origin
from songs.models.video import Gone

PICTURE = "https://i.ytimg.com/vi/VIDEO000001/mqdefault.jpg"


def test_home_of_an_empty_catalogue_says_what_to_run(client, db):
    page = client.get("/").text
    assert "No videos yet" in page
    assert "get_new_videos" in page


def test_home_shows_mood_confidence_and_source(client, make_video, predicted):
    make_video(**predicted("SAD", 0.62))
    make_video(moods="CHILL", labeled=True, **predicted("SAD", 0.62))
    page = " ".join(client.get("/").text.split())
    assert '<span class="chip">Sad</span> model, 62&nbsp;%' in page
    assert '<span class="chip">Chill</span> person' in page


@pytest.mark.parametrize("sure", [True, False])
def test_home_marks_the_guess_that_the_model_is_unsure_of(
    client, make_video, predicted, sure
):
    make_video(**predicted("SAD", 0.5) | {"predicted_sure": sure})
    page = client.get("/").text
    assert ('class="tile unsure"' in page) is not sure
    assert ('<span class="chip">Sad?</span>' in page) is not sure


def test_home_shows_a_mood_whose_confidence_is_unknown(client, make_video, predicted):
    make_video(**predicted("SAD", 0.6) | {"mood_scores": {}})
    page = " ".join(client.get("/").text.split())
    assert '<span class="chip">Sad</span> model</p>' in page


def test_home_needs_six_queries_whatever_it_shows(
    client, make_video, django_assert_num_queries
):
    for _ in range(3):
        make_video()
    # counts, datasets, recommenders, tiles, the last pull of two origins
    with django_assert_num_queries(6):
        client.get("/")


def test_home_escapes_what_youtube_said(client, make_video):
    make_video(video_title="<script>x</script>", channel_title='"><img src=x>')
    page = client.get("/").text
    assert "<script>" not in page
    assert "<img src=x>" not in page


def test_home_names_the_video_without_a_title_by_its_id(client, make_video):
    make_video(video_title=None)
    assert ">VIDEO000001</a>" in client.get("/").text


def test_home_leaves_out_what_is_gone(client, make_video):
    make_video(gone_since=timezone.now(), gone_why=Gone.UNAVAILABLE)
    assert "No videos yet" in client.get("/").text


@pytest.mark.parametrize(("origin", "shown"), [("youtube", True), ("sample", False)])
def test_home_asks_youtube_for_pictures_of_its_videos_only(
    client, make_video, origin, shown
):
    make_video(video_thumbnail=PICTURE, origin=origin)
    page = client.get("/").text
    assert (PICTURE in page) is shown
    assert ("youtube.com/watch?v=VIDEO000001" in page) is shown
    assert ("These are sample videos" in page) is not shown


@pytest.mark.parametrize("origin", [Origin.YOUTUBE, Origin.SAMPLE])
def test_home_shows_the_last_pull(client, make_video, origin):
    make_video()
    IngestRun.objects.create(
        job=IngestRun.Job.GET_NEW_VIDEOS,
        origin=origin,
        started=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
        status=IngestRun.Status.SUCCEEDED,
    )
    assert "4 Mar <small>2026, 05:06 UTC" in client.get("/").text
