"""Asking for pages of videos, and four videos to find."""

from datetime import UTC, datetime, timedelta

import pytest

from songs.labelling import record
from songs.models import MoodLabel

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def say(video, mood):
    record.label(video.pk, mood, who="mia", source=MoodLabel.Source.ADMIN)


@pytest.fixture
def get(client, db):
    return lambda query="": client.get(f"/api/videos/{query}")


@pytest.fixture
def ids(get):
    """The last digits of the ids that a query finds, in order."""

    def found(query=""):
        response = get(query)
        assert response.status_code == 200, response.json()
        return "".join(video["video_id"][-1] for video in response.json()["results"])

    return found


@pytest.fixture
def walk(client):
    """The last digits of the ids of each page, from link to link."""

    def pages(url, way="next"):
        while url:
            page = client.get(url).json()
            yield "".join(video["video_id"][-1] for video in page["results"])
            url = page[way]

    return pages


@pytest.fixture
def four(make_video, predicted):
    make_video(
        **predicted("SAD", 0.6),
        video_title="Wanderings in the dark",
        channel_id="UC1",
        licence="creativeCommon",
        language="pt-BR",
        duration=timedelta(minutes=2),
        published_at=DAY,
        tags=["Piano solo"],
    )
    say(make_video(), "HAPPY")
    record.set_label(
        make_video().pk, record.SKIPPED, who="mia", source=MoodLabel.Source.ADMIN
    )
    make_video()
