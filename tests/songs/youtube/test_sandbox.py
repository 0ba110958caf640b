"""The client against the sandbox YouTube, end to end and fault by fault."""

import pytest

import sandbox
from songs.youtube import client
from tests.songs.socket_youtube import transport

SEARCH = {"q": "music", "type": "video", "videoLicense": "creativeCommon"}


@pytest.fixture
def catalogue(tmp_path):
    """Twelve videos in the columns of 2019."""
    rows = [f"sandboxVi{n},Calm music {n},Piano & rain." for n in range(10, 22)]
    path = tmp_path / "videos.csv"
    path.write_text("\n".join(["video_id,video_title,video_description", *rows]))
    return path


@pytest.fixture
def served(catalogue):
    with sandbox.serve(catalogue=catalogue) as server:
        yield server


def find(server, **options):
    """The first page of a search."""
    return client.search_page(transport(server.url, **options), SEARCH)


def describe(server, *ids):
    return client.list_videos(transport(server.url), ids)


def test_the_road_from_a_search_to_videos_and_their_comments(served):
    page = find(served)
    found = describe(served, *page.video_ids)
    comments = client.list_comments(transport(served.url), page.video_ids[0])

    assert page.video_ids
    assert page.refused == found.refused == found.missing == ()
    assert [video.video_id for video in found.videos] == list(page.video_ids)
    assert {video.licence for video in found.videos} == {"creativeCommon"}
    assert all(comment.text for comment in comments)


def test_a_search_page_leads_to_the_next(served):
    first = client.search_page(transport(served.url), SEARCH | {"maxResults": 5})
    second = client.search_page(
        transport(served.url),
        SEARCH | {"maxResults": 5},
        page_token=first.next_page_token,
    )

    assert not {*first.video_ids} & {*second.video_ids}


@pytest.mark.parametrize(
    "fault",
    [
        "rateLimitExceeded",
        "429",
        "500",
        "502",
        "503",
        "permission",
        "reset",
        "html",
        "truncated",
        "empty",
        "errorText",
        "errorNullMessage",
    ],
)
def test_a_passing_fault_is_survived(served, fault):
    served.faults = [f"{fault}:1-4"]

    assert find(served).video_ids
    assert len(served.requests) == 5


@pytest.mark.parametrize("fault", ["silent", "drip"])
def test_a_fault_that_keeps_us_waiting_is_survived(served, fault):
    served.faults = [f"{fault}:1"]

    assert find(served, read_s=0.3).video_ids


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("quotaExceeded", client.QuotaExceeded),
        ("keyInvalid", client.KeyRefused),
        ("apiKeyInvalid", client.KeyRefused),
        ("accessNotConfigured", client.KeyRefused),
    ],
)
def test_a_final_fault_ends_the_call_at_once(served, fault, error):
    served.faults = [fault]

    with pytest.raises(error):
        find(served)

    assert len(served.requests) == 1


def test_a_dry_bucket_of_searches_leaves_the_other_one(catalogue):
    with sandbox.serve(catalogue=catalogue, searches_per_day=1) as server:
        page = find(server)
        with pytest.raises(client.QuotaExceeded):
            find(server)

        assert describe(server, *page.video_ids).videos


def test_an_expired_page_token_is_told_apart(served):
    served.faults = ["tokenInvalid"]

    with pytest.raises(client.InvalidPageToken):
        client.search_page(transport(served.url), SEARCH, page_token="CDIQAA")


def test_an_empty_page_with_a_token_ends_the_search(served):
    served.faults = ["emptyPageWithToken"]

    assert find(served).next_page_token is None


def test_channels_and_playlists_are_refused_and_the_rest_is_read(served):
    served.faults = ["noVideoId"]

    page = find(served)

    assert page.refused == ((None, "not a video"),) * 2
    assert page.video_ids


def test_garbled_text_is_stored_clean(served):
    [video_id, *_] = find(served).video_ids
    served.faults = [f"badText@{video_id}"]

    [video] = describe(served, video_id).videos

    assert video.video_title.startswith(
        "NUL lone surrogate \ufffd right-to-left \u202e"
    )
    assert video.video_title.encode()


def test_a_huge_description_is_refused_alone(served):
    ids = find(served).video_ids
    served.faults = [f"hugeDescription@{ids[0]}"]

    found = describe(served, *ids)

    assert found.refused == ((ids[0], "description is longer than 100000 characters"),)
    assert len(found.videos) == len(ids) - 1


@pytest.mark.parametrize(
    ("fault", "field", "expected"),
    [
        ("nullTitle", "video_title", None),
        ("hiddenLikes", "like_count", None),
        ("noStatistics", "view_count", None),
        ("noThumbnails", "thumbnail", None),
        ("licenceFlip", "licence", "youtube"),
        ("notEmbeddable", "embeddable", False),
        ("commentsDisabled", "comment_count", None),
    ],
)
def test_what_youtube_does_not_say_is_unknown(served, fault, field, expected):
    [video_id, *_] = find(served).video_ids
    served.faults = [f"{fault}@{video_id}"]

    [video] = describe(served, video_id).videos

    assert getattr(video, field) == expected


@pytest.mark.parametrize("fault", ["private", "deleted"])
def test_a_video_that_is_gone_is_missing(served, fault):
    ids = find(served).video_ids
    served.faults = [f"{fault}@{ids[0]}"]

    assert describe(served, *ids).missing == (ids[0],)
    with pytest.raises(client.VideoNotFound):
        client.list_comments(transport(served.url), ids[0])


def test_disabled_comments_are_told_apart(served):
    [video_id, *_] = find(served).video_ids
    served.faults = [f"commentsDisabled@{video_id}"]

    with pytest.raises(client.CommentsDisabled):
        client.list_comments(transport(served.url), video_id)
