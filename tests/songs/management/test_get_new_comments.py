import pytest
from django.core.management import CommandError, call_command

from sandbox import Server
from tests.songs.sandboxed import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def youtube(server: Server, settings, make_video) -> Server:
    """The sandbox as YouTube, and three videos with two comments each."""
    settings.DEVELOPER_KEY, settings.YOUTUBE_API_ENDPOINT = KEY, server.url
    for nth in range(3):
        server.change(f"sandbox{nth:04}", comment_count=2)
        make_video(video_id=f"sandbox{nth:04}")
    return server


def test_it_fetches_and_sums_up(youtube: Server, capsys):
    youtube.change("sandbox0001", comments_disabled=True)
    call_command("get_new_comments")

    assert capsys.readouterr().out.splitlines() == [
        (
            "asked for 3 videos: 4 new comments, 0 updated; "
            "without: comments disabled 1; spent 3 units"
        )
    ]


def test_it_asks_for_as_many_videos_as_allowed(youtube: Server):
    call_command("get_new_comments", "--videos=2")

    assert len(youtube.requests) == 2


def test_spent_quota_is_a_warning_that_names_the_reset(
    youtube: Server, settings, capsys
):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 100, "units": 1}
    call_command("get_new_comments")

    out, err = capsys.readouterr()
    assert "asked for 1 videos" in out
    assert "UTC (midnight Pacific time)" in err


def test_youtube_out_of_reach_is_a_failure(youtube: Server, settings):
    youtube.faults = ["accessNotConfigured"]
    with pytest.raises(CommandError, match="enable YouTube Data API v3"):
        call_command("get_new_comments")
