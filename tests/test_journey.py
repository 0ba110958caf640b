"""The road of a video, from end to end: each hop by the command a person would use."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

import sandbox
from ml.moods.recipe import MOODS
from songs.labelling import record
from songs.models import MoodModel, NewVideo
from tests.ml.few_fits import few_fits


@pytest.fixture
def youtube(settings):
    """The sample catalogue behind a real socket, under a key as YouTube would be."""
    with sandbox.serve(port=0) as server:
        settings.DEVELOPER_KEY = "AIzaJourney"
        settings.YOUTUBE_API_ENDPOINT = server.url
        yield server


def command(*arguments):
    printed = StringIO()
    call_command(*arguments, stdout=printed, stderr=printed)
    return printed.getvalue()


def label_as_meant(youtube):
    """A person listens to every video that came, and says what its makers meant."""
    for row in sandbox.youtube.catalogue.sample_rows():
        if NewVideo.objects.filter(pk=row["id"]).exists():
            record.label(row["id"], row["mood"], who="ada", source="admin")


@pytest.mark.no_cover
def test_a_video_travels_from_youtube_to_the_api(db, get_rows, youtube):
    printed = command("get_new_videos", "--budget", "8")
    assert "Pulling data from YouTube API and saving" in printed
    videos = get_rows("/api/new-videos/")
    assert len(videos) == NewVideo.objects.count() > 100
    assert {video["mood_source"] for video in videos} == {"model"}

    label_as_meant(youtube)
    with few_fits():
        assert "now live" in command("train_moods", "--force", "our own music")
    command("predict_moods")
    version = MoodModel.objects.get(live=True).version
    videos = get_rows("/api/new-videos/")
    assert {video["mood_source"] for video in videos} == {"person"}
    assert {video["predicted_by"] for video in videos} == {version}
    assert {video["moods"] for video in videos} == set(MOODS)


def test_a_video_that_is_gone_leaves_the_api_and_keeps_its_label(
    db, client, get_rows, youtube
):
    command("get_new_videos", "--budget", "2", "--no-predict")
    video_id = NewVideo.objects.order_by("pk").first().pk
    record.label(video_id, "SAD", who="ada", source="admin")
    youtube.change(video_id, license="youtube")
    NewVideo.objects.update(last_fetched="2026-01-01T00:00Z")

    command("refresh_videos")

    assert client.get(f"/api/new-videos/{video_id}/").status_code == 410
    listed = {video["video_id"] for video in get_rows("/api/new-videos/")}
    assert video_id not in listed
    assert listed
    assert NewVideo.objects.get(pk=video_id).moods == "SAD"


@pytest.mark.django_db(transaction=True)  # an export is a transaction of its own
def test_the_catalogue_moves_house_as_csv_with_its_history(youtube, tmp_path):
    command("get_new_videos", "--query", "free music", "--pages", "2", "--no-predict")
    label_as_meant(youtube)
    table, history = tmp_path / "videos.csv", tmp_path / "labels.ndjson"
    command("export_videos", str(table), "--history", str(history))
    kept = list(NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled"))

    empty_the_house()
    command("import_videos", str(table), "--history", str(history))

    moved = list(NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled"))
    assert moved == kept
    assert record.differing_from_history() == []


def empty_the_house():

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE songs_newvideo CASCADE")
