"""`/api/videos/{id}/`: everything about a video."""

from datetime import UTC, datetime

import pytest

from api.videos.serializers import VideoDetailSerializer
from songs.labelling import record
from songs.models import MoodLabel, NewVideo
from songs.models.video import Gone

PATH = "/api/videos/VIDEO000001/"
DAY = datetime(2020, 1, 1, tzinfo=UTC)


def say(video, mood, who="mia"):
    record.label(video.pk, mood, who=who, source=MoodLabel.Source.ADMIN)


def test_detail_has_the_fields_of_the_document(client, make_video):
    make_video()
    assert set(client.get(PATH).json()) == set(VideoDetailSerializer().fields)


def test_detail_is_five_queries_whatever_the_history(
    client, make_video, django_assert_num_queries
):
    video = make_video()
    for mood in ("SAD", "HAPPY", "SAD"):
        say(video, mood)
    with django_assert_num_queries(5):
        assert len(client.get(PATH).json()["label_history"]) == 3


def test_label_history_names_nobody(client, make_video):
    video = make_video()
    say(video, "SAD", who="mia@example.org")
    record.set_label(
        video.pk, record.UNLABELLED, who="tom", source=MoodLabel.Source.ADMIN
    )
    response = client.get(PATH)
    assert [act["action"] for act in response.json()["label_history"]] == [
        "clear",
        "label",
    ]
    assert response.json()["label_history"][1] | {"at": None} == {
        "at": None,
        "action": "label",
        "mood": "SAD",
        "source": "admin",
        "taken_back": False,
    }
    assert "mia" not in response.text
    assert "tom" not in response.text


def test_licence_history_tells_what_changed(client, make_video):
    make_video(licence="creativeCommon")
    gone = {"licence": "youtube", "gone_since": DAY, "gone_why": Gone.LICENCE}
    NewVideo.objects.update(**gone)
    NewVideo.objects.update(licence="creativeCommon", gone_since=None, gone_why=None)
    back, left = client.get(PATH).json()["licence_history"]
    assert (left["licence_was"], left["licence"]) == ("creativeCommon", "youtube")
    assert (left["at"], left["gone"]) == ("2020-01-01T00:00:00Z", "licence")
    assert (back["licence"], back["gone"]) == ("creativeCommon", None)


def test_links_lead_somewhere(client, make_video, predicted):
    make_video(channel_id="UC1", **predicted("IN-LOVE", 0.6))
    links = client.get(PATH).json()["links"]
    assert links["watch"] == "https://www.youtube.com/watch?v=VIDEO000001"
    assert links["channel"] == "https://www.youtube.com/channel/UC1"
    for name in ("same_channel", "same_mood"):
        assert len(client.get(links[name]).json()["results"]) == 1
    assert client.get(links["self"]).status_code == 200
    assert client.get(links["licence"]).status_code == 200
    assert client.get(links["similar"]).status_code in (409, 503)  # not compared
    claim = client.post(links["claims"], {"claimant": "A label"}, "application/json")
    assert claim.status_code == 201


def test_detail_of_a_video_that_is_gone_is_410(client, make_video):
    make_video(gone_since=DAY, gone_why=Gone.EMBEDDING)
    response = client.get(PATH)
    assert response.status_code == 410
    assert response.json()["gone_why"] == "embedding"


@pytest.mark.parametrize("video_id", ["UNKNOWN0000", "short", "%00"])
def test_detail_of_an_unknown_video_is_404(client, db, video_id):
    assert client.get(f"/api/videos/{video_id}/").status_code == 404


def test_detail_names_the_unknown_parameter(client, make_video):
    make_video()
    response = client.get(f"{PATH}?fields=moods")
    assert (response.status_code, [*response.json()["fields"]]) == (400, ["fields"])
