"""The three methods over a real socket."""

import pytest

from tests.sandbox.asking import all_pages, ask, found_ids


def test_search_ranks_by_the_words_of_the_query_and_excludes_nothing(server):
    reply = ask(server, "search", q="tuba wedding", maxResults=50)

    assert "Tuba" in reply.items[0]["snippet"]["title"]
    assert reply.json["pageInfo"]["totalResults"] == len(server)


def test_search_pages_give_every_video_once(server):
    ids = [id_ for page in all_pages(server, q="edm") for id_ in found_ids(page)]

    assert len(ids) == len(set(ids)) == len(server)


def test_search_prev_page_token_leads_back(server):
    first = ask(server, "search", maxResults=10)
    second = ask(server, "search", maxResults=10, pageToken=first.json["nextPageToken"])

    back = ask(server, "search", maxResults=10, pageToken=second.json["prevPageToken"])

    assert found_ids(back) == found_ids(first) != found_ids(second)


@pytest.mark.parametrize("query, pages", [("song", 10), ("music", 11)])
def test_search_ends_after_500_results_sometimes_with_an_empty_page(
    numbered, query, pages
):
    with numbered(620) as server:
        answers = all_pages(server, q=query)

    assert len(answers) == pages
    assert sum(len(page.items) for page in answers) == 500
    assert answers[-1].json["pageInfo"] == {
        "totalResults": 620,
        "resultsPerPage": 50 if pages == 10 else 0,
    }


def test_search_windows_reach_what_the_cap_hides(numbered):
    years = [
        (f"{y}-01-01T00:00:00Z", f"{y + 1}-01-01T00:00:00Z") for y in range(2012, 2020)
    ]
    with numbered(620, searches_per_day=1000) as server:
        pages = [
            page
            for after, before in years
            for page in all_pages(server, publishedAfter=after, publishedBefore=before)
        ]

    assert len({id_ for page in pages for id_ in found_ids(page)}) == 620


def test_search_published_window_holds(server):
    reply = ask(
        server,
        "search",
        publishedAfter="2015-01-01T00:00:00Z",
        publishedBefore="2016-01-01T00:00:00Z",
        maxResults=50,
    )

    years = {item["snippet"]["publishedAt"][:4] for item in reply.items}
    assert years == {"2015"}


def test_search_by_date_is_newest_first(server):
    reply = ask(server, "search", order="date", maxResults=50)

    published = [item["snippet"]["publishedAt"] for item in reply.items]
    assert published == sorted(published, reverse=True)


@pytest.mark.parametrize(
    "order, count", [("viewCount", "viewCount"), ("rating", "likeCount")]
)
def test_search_orders_by_counts(server, order, count):
    ids = found_ids(ask(server, "search", order=order, maxResults=50))

    videos = ask(server, "videos", id=",".join(ids)).items
    counts = [int(video["statistics"][count]) for video in videos]
    assert counts == sorted(counts, reverse=True)


def test_search_by_title_is_alphabetical(numbered):
    with numbered(3) as server:
        reply = ask(server, "search", order="title")

    titles = [item["snippet"]["title"] for item in reply.items]
    assert titles == ["Song 1", "Song 2", "Song 3"]


def test_search_of_a_channel_finds_its_videos_alone(server):
    [video] = ask(server, "videos", id="SAMPLE-0001").items
    channel = video["snippet"]["channelId"]

    found = ask(server, "search", channelId=channel, maxResults=50).items

    assert {item["snippet"]["channelId"] for item in found} == {channel}


@pytest.mark.parametrize(
    "filters, total",
    [
        ({"videoLicense": "creativeCommon"}, 258),
        ({"videoLicense": "youtube"}, 3),
        ({"videoEmbeddable": "true"}, 260),
        ({"videoDuration": "short"}, 1),
        ({"videoDuration": "long"}, 1),
    ],
)
def test_search_filters_videos(server, filters, total):
    reply = ask(server, "search", type="video", **filters)

    assert reply.json["pageInfo"]["totalResults"] == total


def test_search_for_channels_finds_none(server):
    assert ask(server, "search", type="channel").items == []


def test_search_escapes_titles_and_cuts_descriptions_videos_do_neither(server):
    [item] = ask(server, "search", q="NOT SORRY bad manners", maxResults=1).items
    [video] = ask(server, "videos", id=item["id"]["videoId"]).items

    title = "&lt;b&gt;NOT SORRY&lt;/b&gt; &amp; other bad manners"
    assert item["snippet"]["title"] == title
    assert video["snippet"]["title"] == "<b>NOT SORRY</b> & other bad manners"
    assert item["snippet"]["description"].endswith(" ...")
    assert "\n" in video["snippet"]["description"]


def test_search_part_id_has_no_snippet(server):
    [item] = ask(server, "search", part="id", maxResults=1).items

    assert set(item) == {"kind", "etag", "id"}


def test_videos_leaves_out_unknown_private_and_deleted_ones(server):
    server.change("SAMPLE-0002", privacy="private")
    server.remove("SAMPLE-0003")

    reply = ask(server, "videos", id="SAMPLE-0001,SAMPLE-0002,SAMPLE-0003,SAMPLE-9999")

    assert [item["id"] for item in reply.items] == ["SAMPLE-0001"]


def test_videos_parts_are_those_asked_for(server):
    [item] = ask(server, "videos", part="status,statistics", id="SAMPLE-0001").items

    assert set(item) == {"kind", "etag", "id", "status", "statistics"}


def test_videos_hides_what_its_owner_hides(server):
    server.change("SAMPLE-0001", like_count=None, comments_disabled=True, tags=())

    [item] = ask(server, "videos", id="SAMPLE-0001").items

    assert set(item["statistics"]) == {"viewCount", "favoriteCount"}
    assert "tags" not in item["snippet"]


def test_comment_threads_pages_give_the_number_that_statistics_say(server):
    server.change("SAMPLE-0001", comment_count=45)
    ids, token = [], ""
    while token is not None:
        options = {"pageToken": token} if token else {}
        reply = ask(server, "commentThreads", videoId="SAMPLE-0001", **options)
        ids += [item["id"] for item in reply.items]
        token = reply.json.get("nextPageToken")

    assert len(set(ids)) == len(ids) == 45


def test_comment_threads_by_relevance_has_the_most_liked_first(server):
    server.change("SAMPLE-0001", comment_count=45)

    reply = ask(server, "commentThreads", videoId="SAMPLE-0001", order="relevance")

    comments = [item["snippet"]["topLevelComment"]["snippet"] for item in reply.items]
    likes = [comment["likeCount"] for comment in comments]
    assert likes == sorted(likes, reverse=True) and likes[0] > 0


def test_comment_threads_text_is_html_unless_plain_text_is_asked_for(server):
    server.change("SAMPLE-0001", comment_count=100)

    def shown(**options):
        reply = ask(
            server,
            "commentThreads",
            videoId="SAMPLE-0001",
            maxResults=100,
            **options,
        )
        threads = [item["snippet"]["topLevelComment"] for item in reply.items]
        return " ".join(thread["snippet"]["textDisplay"] for thread in threads)

    assert "<br />" in shown() and "&lt;3" in shown()
    assert "<br />" not in shown(textFormat="plainText")


def test_comment_threads_of_a_video_without_comments_enabled(server):
    server.change("SAMPLE-0001", comments_disabled=True)

    reply = ask(server, "commentThreads", videoId="SAMPLE-0001")

    assert (reply.status, reply.reason) == (403, "commentsDisabled")


def test_comment_threads_of_an_unknown_video(server):
    reply = ask(server, "commentThreads", videoId="SAMPLE-9999")

    assert (reply.status, reply.reason) == (404, "videoNotFound")


@pytest.mark.parametrize(
    "resource, params, reason",
    [
        ("search", {"part": None}, "missingRequiredParameter"),
        ("search", {"part": "id,status"}, "unknownPart"),
        ("search", {"pageToken": "nonsense"}, "invalidPageToken"),
        ("search", {"maxResults": 51}, "invalidParameter"),
        ("search", {"maxResults": -1}, "invalidParameter"),
        ("search", {"maxResults": "many"}, "badRequest"),
        ("search", {"order": "random"}, "invalidParameter"),
        ("search", {"type": "song"}, "invalidParameter"),
        ("search", {"publishedAfter": "2019-01-01"}, "badRequest"),
        ("search", {"publishedBefore": "yesterday"}, "badRequest"),
        ("search", {"videoLicense": "creativeCommon"}, "invalidSearchFilter"),
        ("search", {"type": "video", "videoDuration": "tiny"}, "invalidParameter"),
        ("search", {"query": "rock"}, "badRequest"),
        ("search", {"alt": "xml"}, "invalidParameter"),
        ("search", {"fields": "items(id)"}, "badRequest"),
        ("videos", {}, "missingRequiredParameter"),
        ("videos", {"id": ",".join(map(str, range(51)))}, "invalidFilters"),
        ("commentThreads", {}, "missingRequiredParameter"),
        ("commentThreads", {"videoId": "x", "maxResults": 101}, "invalidParameter"),
    ],
)
def test_any_method_refuses_wrong_parameters(server, resource, params, reason):
    reply = ask(server, resource, **params)

    assert (reply.status, reply.reason) == (400, reason)


def test_search_of_no_results_is_an_empty_page(server):
    reply = ask(server, "search", maxResults=0)

    assert reply.items == [] and "nextPageToken" not in reply.json
