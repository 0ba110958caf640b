"""The product's own client against the sandbox, with the search that it sends."""

import pytest

import sandbox
from songs.youtube import client as youtube
from songs.youtube.http import HttpTransport
from tests.waiting import PATIENCE_S, wait_until

SEARCH = {
    "q": "instrumental",
    "type": "video",
    "videoLicense": "creativeCommon",
    "videoSyndicated": "true",
    "videoEmbeddable": "true",
    "videoDuration": "medium",
    "relevanceLanguage": "en",
    "maxResults": 50,
}


def transport(server, *, read_s=PATIENCE_S):
    """A client that tries twice, without a wait between."""
    return HttpTransport(
        "any-key",
        spend=lambda bucket, units: None,
        endpoint=server.url,
        tries=2,
        connect_s=PATIENCE_S,
        read_s=read_s,
        deadline_s=2 * PATIENCE_S,
        sleep=lambda seconds: None,
        random=lambda: 0.0,
    )


def pull(server):
    """What videos.list says of everything that the search finds."""
    client, token, lists = transport(server), None, []
    while not lists or token:
        page = youtube.search_page(client, SEARCH, page_token=token)
        lists.append(youtube.list_videos(client, page.video_ids))
        token = page.next_page_token
    return lists


def test_client_reads_the_whole_sample(server):
    lists = pull(server)

    videos = [video for listed in lists for video in listed.videos]
    acceptable = [v for v in videos if v.licence == "creativeCommon" and v.embeddable]
    assert len(acceptable) >= 220
    assert not any(listed.refused for listed in lists)
    assert sum(len(listed.missing) for listed in lists) == 7  # private or deleted


@pytest.mark.parametrize(
    ("fault", "read_s"),
    [("silent", 0.3), ("drip", 0.3)]
    + [(fault, PATIENCE_S) for fault in ("reset", "truncated", "502")],
)
def test_client_gives_up_on_a_broken_sandbox(fault, read_s):
    with sandbox.serve(faults=[fault]) as server:
        with pytest.raises(youtube.Unreachable):
            youtube.list_videos(transport(server, read_s=read_s), ["SAMPLE-0001"])

        wait_until(lambda: len(server.requests) == 2)  # the second may be on its way


def test_client_stops_when_the_bucket_is_dry():
    with sandbox.serve(searches_per_day=1) as server:
        page = youtube.search_page(transport(server), SEARCH)
        with pytest.raises(youtube.QuotaExceeded):
            youtube.search_page(
                transport(server), SEARCH, page_token=page.next_page_token
            )
