from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sandbox import Server
from songs.models import NewVideo, Origin
from tests.songs.sandboxed import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def youtube(server: Server, settings, make_video) -> Server:
    """The sandbox as YouTube, and 60 videos that are due."""
    settings.DEVELOPER_KEY, settings.YOUTUBE_API_ENDPOINT = KEY, server.url
    for nth in range(60):
        make_video(video_id=f"sandbox{nth:04}", origin=Origin.IMPORT)
    return server


def test_it_refreshes_and_sums_up(youtube: Server, capsys):
    call_command("refresh_videos")

    assert capsys.readouterr().out.splitlines() == [
        (
            "asked for 60: 60 updated, 0 unchanged, 0 of them back, 0 gone or refused; "
            "past 30 days: 0 videos blanked, 0 comments deleted; spent 2 units"
        )
    ]


def test_budget_ends_the_run_with_a_warning(youtube: Server, capsys):
    call_command("refresh_videos", "--budget=1")

    out, err = capsys.readouterr()
    assert "asked for 50" in out
    assert "The budget is spent" in err


def test_without_a_key_it_blanks_says_how_many_and_fails(
    youtube: Server, settings, capsys
):
    settings.DEVELOPER_KEY = settings.YOUTUBE_API_ENDPOINT = ""
    old = timezone.now() - timedelta(days=31)
    NewVideo.objects.update(origin=Origin.YOUTUBE, last_fetched=old)
    with pytest.raises(CommandError, match="DEVELOPER_KEY is not set"):
        call_command("refresh_videos")

    assert "60 videos blanked" in capsys.readouterr().out
    assert not NewVideo.objects.with_text().exists()
