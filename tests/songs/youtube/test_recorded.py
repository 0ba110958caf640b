"""Real answers of the YouTube Data API, bytes in, records or errors out."""

import json

import pytest

from songs.youtube import client
from songs.youtube.responses import RetryableError, parse_response
from tests.songs.fake_youtube import FakeTransport

RECORDED_ERRORS = {
    "error_400_API_KEY_INVALID.json": client.KeyRefused,
    "error_400_keyInvalid_old.json": client.KeyRefused,
    "error_400_missingRequiredParameter.json": client.RequestRefused,
    "error_403_commentsDisabled.json": client.CommentsDisabled,
    "error_403_permission.json": RetryableError,
    "error_403_quotaExceeded.json": client.QuotaExceeded,
    "error_404_channelNotFound.json": client.RequestRefused,
    "error_404_videoNotFound.json": client.VideoNotFound,
    "error_500_backendError.json": RetryableError,
    "error_500_internal.json": RetryableError,
    "error_503_backendError.json": RetryableError,
}
# file: (videos, refused, next page token)
RECORDED_SEARCHES = {
    "search_keywords_p1.json": (25, 0, "CBkQAA"),
    "search_keywords_p2.json": (25, 0, "CDIQAA"),
    "search_live_events.json": (25, 0, "CBkQAA"),
    "search_by_developer.json": (5, 0, "CAoQAA"),
    "search_channels.json": (0, 5, "CAUQAA"),
    "search_by_channel.json": (5, 0, "CAUQAA"),
    "proxy_search_home_music.json": (50, 0, "CDIQAA"),
    "proxy_search_query.json": (43, 7, "CDIQAA"),
    "proxy_channel_videos.json": (48, 2, "CDIQAA"),
    "search_tubex_videos_fixture.json": (50, 0, "CB4QAA"),
    "search_empty_no_next_token_total_665.json": (0, 0, None),
    "playlistitems_2016.json": (0, 5, "CAUQAA"),  # not a search: nothing is a video
}
RECORDED_VIDEOS = {
    "videos_single.json": 1,
    "videos_multi.json": 2,
    "videos_full_parts_modeldata.json": 1,
    "proxy_videos_single_music.json": 1,
}
RECORDED_COMMENTS = ["comments_single.json", "comments_search.json"]


@pytest.fixture
def folder(real_data):
    return real_data / "youtube_api"


@pytest.fixture
def index(folder):
    """HTTP status by file."""
    rows = json.loads((folder / "index.json").read_text())
    return {row["file"]: row["http_status"] for row in rows}


@pytest.fixture
def answer_of(folder, index):
    def read(file):
        return parse_response(
            index[file], (folder / file).read_bytes(), retry_after=None
        )

    return read


def test_every_recorded_answer_has_a_test(index):
    tested = {
        *RECORDED_ERRORS,
        *RECORDED_SEARCHES,
        *RECORDED_VIDEOS,
        *RECORDED_COMMENTS,
    }
    assert tested == set(index)


@pytest.mark.parametrize(("file", "error"), RECORDED_ERRORS.items())
def test_recorded_error_is_told_apart(answer_of, file, error):
    with pytest.raises(error):
        answer_of(file)


@pytest.mark.parametrize(("file", "expected"), RECORDED_SEARCHES.items())
def test_recorded_search_is_read(answer_of, file, expected):
    page = client.search_page(FakeTransport(answer_of(file)), {"q": "rock"})

    assert (len(page.video_ids), len(page.refused), page.next_page_token) == expected


@pytest.mark.parametrize(("file", "count"), RECORDED_VIDEOS.items())
def test_recorded_videos_are_read(answer_of, file, count):
    found = client.list_videos(FakeTransport(answer_of(file)), ["sandboxVid1"])

    assert len(found.videos) == count
    assert found.refused == ()


@pytest.mark.parametrize("file", RECORDED_COMMENTS)
def test_recorded_comments_are_read(answer_of, file):
    [comment] = client.list_comments(FakeTransport(answer_of(file)), "sandboxVid1")

    assert "<" not in comment.text
    assert comment.like_count == 0
