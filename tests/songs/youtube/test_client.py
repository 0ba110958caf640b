"""The records and the three calls, over a transport that answers from a list."""

import inspect
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from songs.youtube import client
from songs.youtube.client import Comment, Transport, UnreadableVideo, Video
from songs.youtube.http import HttpTransport
from tests.songs.fake_youtube import (
    FakeTransport,
    comment_item,
    search_item,
    video_item,
)


def test_every_transport_has_the_same_signature():
    expected = inspect.signature(Transport.call, eval_str=True)

    assert inspect.signature(HttpTransport.call, eval_str=True) == expected
    assert inspect.signature(FakeTransport.call, eval_str=True) == expected


@pytest.mark.parametrize("error", client.YouTubeError.__subclasses__())
def test_every_error_is_a_sentence_a_person_can_act_on(error):
    first_line = error.__doc__.splitlines()[0]

    assert first_line.endswith(".")
    assert len(first_line) > 30


def test_an_error_without_words_of_its_own_says_its_docstring():
    assert str(client.QuotaExceeded()) == client.QuotaExceeded.__doc__
    assert str(client.QuotaExceeded("spent")) == "spent"


@pytest.mark.parametrize(
    ("method", "cost"),
    [
        ("search.list", ("search", 1)),
        ("videos.list", ("units", 1)),
        ("commentThreads.list", ("units", 1)),
    ],
)
def test_call_cost_names_the_bucket(method, cost):
    assert client.call_cost(method) == cost


def test_video_from_item_reads_every_part():
    item = video_item(
        snippet={
            "channelTitle": "Sample Channel",
            "tags": ["piano", "rain"],
            "defaultLanguage": "en",
            "defaultAudioLanguage": "ja",
            "thumbnails": {"medium": {"url": "https://i.example/m.jpg"}},
        },
        contentDetails={
            "duration": "PT4M13S",
            "regionRestriction": {"blocked": ["DE", "FR"]},
        },
        status={
            "privacyStatus": "public",
            "license": "creativeCommon",
            "embeddable": True,
        },
        statistics={"viewCount": "7920", "likeCount": "0", "commentCount": "32"},
        topicDetails={"topicCategories": ["https://en.wikipedia.org/wiki/Rock_music"]},
    )

    assert Video.from_item(item) == Video(
        video_id="sandboxVid1",
        video_title="Rain & Tea",
        video_description="Slow piano.",
        channel_id="UCsample",
        channel_title="Sample Channel",
        published_at=datetime(2019, 3, 21, 20, 37, 49, tzinfo=UTC),
        duration=timedelta(minutes=4, seconds=13),
        licence="creativeCommon",
        embeddable=True,
        privacy="public",
        region_blocked=("DE", "FR"),
        region_allowed=None,
        thumbnail="https://i.example/m.jpg",
        tags=("piano", "rain"),
        language="ja",
        topics=("Rock music",),
        view_count=7920,
        like_count=0,
        comment_count=32,
    )


def test_video_from_item_without_the_optional_parts_knows_nothing():
    video = Video.from_item(video_item(statistics={"viewCount": "5"}, thumbnails={}))

    assert (video.view_count, video.like_count, video.comment_count) == (5, None, None)
    assert (video.duration, video.licence, video.embeddable) == (None, None, None)
    assert (video.thumbnail, video.language, video.region_allowed) == (None, None, None)
    assert (video.tags, video.topics, video.region_blocked) == ((), (), ())


def test_video_is_frozen():
    video = Video.from_item(video_item())

    with pytest.raises(FrozenInstanceError):
        video.video_title = "another"


def test_video_from_item_keeps_a_null_title_and_html_as_they_are():
    assert Video.from_item(video_item(snippet={"title": None})).video_title is None
    video = Video.from_item(video_item(snippet={"title": "Tom &amp; <b>Ann</b>"}))
    assert video.video_title == "Tom &amp; <b>Ann</b>"


@pytest.mark.parametrize(
    ("snippet", "reason"),
    [
        (
            {"description": "x" * 300_000},
            "description is longer than 100000 characters",
        ),
        ({"title": ["a"]}, "title is not text"),
        ({"title": "x" * 1001}, "title is longer than 1000 characters"),
        ({"channelId": "x" * 65}, "channelId is longer than 64 characters"),
        ({"defaultLanguage": "x" * 36}, "defaultLanguage is longer than 35 characters"),
        ({"tags": ["x"] * 501}, "tags is not a list of at most 500"),
        ({"publishedAt": None}, "publishedAt is not a time with its zone"),
        ({"thumbnails": "none"}, "thumbnails is not an object"),
        ({"tags": [None]}, "tags is not text"),
    ],
)
def test_video_from_item_refuses_with_id_and_cause(snippet, reason):
    with pytest.raises(UnreadableVideo) as refused:
        Video.from_item(video_item(snippet=snippet))

    assert (refused.value.video_id, refused.value.reason) == ("sandboxVid1", reason)
    assert str(refused.value) == f"sandboxVid1: {reason}"


@pytest.mark.parametrize(
    "video_id",
    [None, "", "short", "twelve_chars", "elevenchar\n", "eleven/char", 12345678901, {}],
)
def test_video_from_item_refuses_what_is_no_video_id(video_id):
    with pytest.raises(UnreadableVideo, match="no valid video id") as refused:
        Video.from_item(video_item(video_id))

    assert refused.value.video_id is None


@pytest.mark.parametrize("item", [None, "text", 7, [], {}, {"id": "sandboxVid1"}])
def test_video_from_item_refuses_what_is_no_video(item):
    with pytest.raises(UnreadableVideo):
        Video.from_item(item)


def test_search_page_asks_for_ids_and_the_page():
    transport = FakeTransport({"items": []})

    client.search_page(transport, {"q": "rock", "maxResults": 50}, page_token="CDIQAA")

    expected = {"q": "rock", "maxResults": 50, "part": "id,snippet"}
    assert transport.calls == [("search.list", expected | {"pageToken": "CDIQAA"})]


def test_search_page_lets_the_errors_of_its_transport_through():
    with pytest.raises(client.QuotaExceeded, match="spent"):
        client.search_page(FakeTransport(client.QuotaExceeded("spent")), {})


def test_search_page_names_each_video_once_in_order():
    ids = ["sandboxVid2", "sandboxVid1", "sandboxVid2"]
    answer = {"items": [search_item(id_) for id_ in ids], "nextPageToken": "CDIQAA"}

    page = client.search_page(FakeTransport(answer), {})

    assert page.video_ids == ("sandboxVid2", "sandboxVid1")
    assert page.next_page_token == "CDIQAA"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"kind": "youtube#channel", "channelId": "UCsample"}, "not a video"),
        ({"kind": "youtube#playlist", "playlistId": "PLsample"}, "not a video"),
        (None, "not a video"),
        ("sandboxVid1", "not a video"),
        ({"videoId": None}, "no valid video id"),
        ({"videoId": "too long for an id"}, "no valid video id"),
    ],
)
def test_search_page_refuses_an_odd_item_and_keeps_the_others(found, reason):
    answer = {"items": [{"id": found}, search_item()]}

    page = client.search_page(FakeTransport(answer), {})

    assert page.video_ids == ("sandboxVid1",)
    assert page.refused == ((None, reason),)


@pytest.mark.parametrize(
    ("items", "token"),
    [
        ([], "CDIQAA"),  # an empty page
        ([search_item()], "CAUQAA"),  # the page just read
        ([search_item()], ""),
        ([search_item()], None),
        ([search_item()], 5),
    ],
)
def test_search_page_ends_the_search(items, token):
    answer = {"items": items, "nextPageToken": token}

    page = client.search_page(FakeTransport(answer), {}, page_token="CAUQAA")

    assert page.next_page_token is None


def test_list_videos_tells_read_refused_and_missing_apart():
    answer = {
        "items": [
            video_item("sandboxVid1"),
            video_item("sandboxVid2", snippet={"publishedAt": "soon"}),
            video_item("sandboxVid1"),
        ]
    }
    ids = ["sandboxVid1", "sandboxVid2", "sandboxVid3", "sandboxVid3"]

    found = client.list_videos(FakeTransport(answer), ids)

    assert [video.video_id for video in found.videos] == ["sandboxVid1"]
    assert found.refused == (
        ("sandboxVid2", "publishedAt is not a time with its zone"),
    )
    assert found.missing == ("sandboxVid3",)


def test_list_videos_calls_nobody_missing_beside_an_unreadable_id():
    transport = FakeTransport({"items": [video_item(None)]})

    found = client.list_videos(transport, ["sandboxVid1"])

    assert found.refused == ((None, "no valid video id"),)
    assert found.missing == ()


def test_list_videos_asks_for_every_part_in_one_call():
    transport = FakeTransport({"items": []})

    client.list_videos(transport, ["sandboxVid1", "sandboxVid2"])

    [(method, params)] = transport.calls
    assert method == "videos.list"
    assert params["part"] == "snippet,contentDetails,status,statistics,topicDetails"
    assert params["id"] == "sandboxVid1,sandboxVid2"


def test_list_videos_of_nothing_costs_no_call():
    transport = FakeTransport()

    assert client.list_videos(transport, []).videos == ()
    assert transport.calls == []


def test_list_videos_refuses_more_ids_than_a_call_takes():
    with pytest.raises(ValueError, match="51 ids"):
        client.list_videos(FakeTransport(), ["sandboxVid1"] * 51)


def test_list_comments_asks_for_the_most_relevant_as_plain_text():
    transport = FakeTransport({"items": []})

    client.list_comments(transport, "sandboxVid1", max_results=5)

    expected = {
        "part": "snippet",
        "videoId": "sandboxVid1",
        "maxResults": 5,
        "order": "relevance",
        "textFormat": "plainText",
    }
    assert transport.calls == [("commentThreads.list", expected)]


def test_list_comments_reads_each_once():
    transport = FakeTransport({"items": [comment_item(), comment_item()]})

    assert client.list_comments(transport, "sandboxVid1") == [
        Comment(
            comment_id="Ugx1",
            video_id="sandboxVid1",
            author="Ann",
            text="Lovely",
            like_count=3,
            published_at=datetime(2019, 4, 20, 1, 3, 39, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    "item",
    [
        None,
        {},
        comment_item(None),
        comment_item("id with spaces"),
        comment_item(textOriginal=None),
        comment_item(publishedAt=""),
        comment_item(likeCount=-1),
    ],
)
def test_list_comments_logs_an_unreadable_one_and_keeps_the_others(item, caplog):
    transport = FakeTransport({"items": [item, comment_item("Ugx2")]})

    comments = client.list_comments(transport, "sandboxVid1")

    assert [comment.comment_id for comment in comments] == ["Ugx2"]
    assert "skipped a comment of sandboxVid1: " in caplog.text


def test_list_comments_keeps_an_unknown_like_count_and_author_unknown():
    item = comment_item(likeCount=None, authorDisplayName=None)

    [comment] = client.list_comments(FakeTransport({"items": [item]}), "sandboxVid1")

    assert (comment.like_count, comment.author) == (None, None)
