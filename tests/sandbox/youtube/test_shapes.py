"""Our answers beside the recorded ones of the real API."""

import json

import pytest

from tests.sandbox.asking import ask

SINCE_ADDED = {  # fields that the API has today and the recordings of 2019 have not
    "search": {"items.snippet.publishTime"},
    "videos": {
        "items.contentDetails.contentRating",
        "items.status.madeForKids",
        "items.topicDetails",
        "items.topicDetails.topicCategories",
    },
    "commentThreads": set(),
}
SINCE_REMOVED = {"items.statistics.dislikeCount"}
REFUSALS = {  # recorded file: fault that provokes it
    "error_400_API_KEY_INVALID.json": "apiKeyInvalid",
    "error_400_keyInvalid_old.json": "keyInvalid",
    "error_403_permission.json": "permission",
    "error_403_quotaExceeded.json": "quotaExceeded",
    "error_500_backendError.json": "500",
    "error_503_backendError.json": "503",
}


@pytest.fixture
def recorded(real_data):
    """The body of a recorded answer."""
    return lambda name: json.loads((real_data / "youtube_api" / name).read_text())


def shape(value, path=""):
    """Dotted names of all fields, those of list items together."""
    if isinstance(value, list):
        return set().union(*(shape(item, path) for item in value))
    if not isinstance(value, dict):
        return set()
    inner = {f"{path}{name}" for name in value}
    deeper = (shape(item, f"{path}{name}.") for name, item in value.items())
    return inner.union(*deeper)


def test_search_has_the_shape_of_a_middle_page(server, recorded):
    token = ask(server, "search").json["nextPageToken"]

    ours = shape(ask(server, "search", q="edm", pageToken=token).json)

    theirs = shape(recorded("search_keywords_p2.json"))
    assert ours == theirs | SINCE_ADDED["search"]


def test_search_past_the_cap_has_the_shape_of_the_empty_page(numbered, recorded):
    with numbered(501) as server:
        ours = ask(server, "search", pageToken="CPQDEAA", maxResults=50).json

    assert shape(ours) == shape(recorded("search_empty_no_next_token_total_665.json"))
    assert ours["prevPageToken"] == "CPQDEAE"


def test_videos_has_the_shape_of_all_parts(server, recorded):
    ours = shape(ask(server, "videos", id="SAMPLE-0001").json)

    theirs = shape(recorded("videos_full_parts_modeldata.json")) - SINCE_REMOVED
    assert ours == theirs | SINCE_ADDED["videos"]


def test_videos_says_region_blocks_as_the_real_one(server, recorded):
    server.change("SAMPLE-0001", blocked=("RU",))

    [ours] = ask(server, "videos", id="SAMPLE-0001").items

    [theirs] = recorded("proxy_videos_single_music.json")["items"]
    name = "regionRestriction"
    assert ours["contentDetails"][name] == theirs["contentDetails"][name]


def test_comment_threads_has_the_shape_of_both_recordings(server, recorded):
    ours = shape(
        ask(server, "commentThreads", videoId="SAMPLE-0001", maxResults=100).json
    )

    files = ("comments_single.json", "comments_search.json")
    theirs = set().union(*(shape(recorded(file)) for file in files))
    assert ours == theirs | {"items.snippet.channelId", "items.snippet.videoId"}


@pytest.mark.parametrize("file, fault", REFUSALS.items())
def test_faults_say_the_recorded_words(server, recorded, file, fault):
    server.faults = [fault]

    assert ask(server, "search").json == recorded(file)


@pytest.mark.parametrize(
    "file, resource, params",
    [
        ("error_400_missingRequiredParameter.json", "videos", {}),
        ("error_404_videoNotFound.json", "commentThreads", {"videoId": "SAMPLE-9999"}),
        (
            "error_403_commentsDisabled.json",
            "commentThreads",
            {"videoId": "SAMPLE-0001"},
        ),
    ],
)
def test_refusals_say_the_recorded_words(server, recorded, file, resource, params):
    server.change("SAMPLE-0001", comments_disabled=True)

    assert ask(server, resource, **params).json == recorded(file)
