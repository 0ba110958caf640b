"""`/api/videos/`: filters, orders, pages; what is wrong is named."""

from datetime import timedelta

import pytest

from songs.browse import counts, fulltext, queries
from songs.models.video import Gone
from tests.api.videos.conftest import DAY, say
from tests.waiting import PATIENCE_S

GONE = {"gone_since": DAY, "gone_why": Gone.LICENCE}


def test_offered_videos_come_newest_first_and_undated_last(ids, make_video):
    make_video()
    make_video(published_at=DAY)
    make_video(published_at=DAY + timedelta(days=1))
    make_video(published_at=DAY, **GONE)
    assert ids() == "321"


def test_video_says_whose_mood_it_shows_and_how_sure(get, make_video, predicted):
    make_video(**predicted("SAD", 0.6), duration=timedelta(minutes=2))
    say(make_video(**predicted("SAD", 0.6)), "HAPPY")
    make_video()
    shown = ("moods", "mood_source", "confidence", "predicted_moods", "duration")
    rows = get(f"?fields={','.join(shown)}").json()["results"]
    assert [tuple(row) for row in rows] == [shown] * 3
    assert [tuple(row.values()) for row in reversed(rows)] == [
        ("SAD", "model", 0.6, "SAD", 120),
        ("HAPPY", "person", None, "SAD", None),
        (None, None, None, None, None),
    ]


FILTERS = {
    "mood=SAD": "1",
    "mood=in love": "",
    "mood=happy": "2",
    "source=person": "2",
    "source=model": "1",
    "min_confidence=0.6": "12",
    "min_confidence=0.61": "2",
    "labelled=true": "2",
    "labelled=false": "3",
    "labelled=unknown": "14",
    "channel=UC1": "1",
    "licence=creativeCommon": "1",
    "licence=unknown": "234",
    "language=pt-BR": "1",
    "language=unknown": "234",
    "min_duration=120": "1",
    "min_duration=121": "",
    "max_duration=119": "",
    "max_duration=120": "1",
    "published_after=2020-01-01": "1",
    "published_after=2020-01-01T00:00:01Z": "",
    "published_before=2020-01-02": "1",
    "published_before=2020-01-01": "",
    "has_tag=PIANO%20Solo": "1",
    "has_tag=%22": "",
    "q=wandering": "1",
    'q="dark wandering"': "",
    "q=wander+-piano": "",
    "q=the": "",
    "q='(%26|!:*": "",
    "mood=SAD&source=person": "",
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items())
def test_filter_chooses(ids, four, query, expected):
    assert "".join(sorted(ids(f"?{query}"))) == expected


def test_orders(ids, make_video, predicted):
    make_video(view_count=5, **predicted("SAD", 0.6))
    make_video(view_count=7, **predicted("SAD", 0.4))
    say(make_video(), "HAPPY")
    make_video(view_count=0)
    assert ids("?ordering=views") == "2143"
    assert ids("?ordering=confidence") == "3124"


def test_words_in_the_title_rank_above_others_and_the_newest_first(ids, make_video):
    make_video(video_title="Rain")
    make_video(video_title="Sun", video_description="rain", published_at=DAY)
    make_video(video_title="Rain, again", published_at=DAY)
    make_video(video_title="Sun", tags=["rain"])
    make_video(video_title="Snow", video_description="no rain, but snow")
    assert ids("?q=rain") == "31254"
    assert ids("?q=rain&ordering=newest") == "32541"
    assert ids("?q=rain+sun") == "24"  # "Rain" and "Sun" are not in one title
    assert ids("?q=rain+-snow") == "3124"


ORDERS = ["newest", "views", "confidence", "rank&q=calm"]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_show_each_video_once_forwards_and_backwards(
    client, walk, make_video, predicted, order
):
    for number in range(7):
        make_video(published_at=DAY if number % 2 else None, **predicted("SAD", 0.5))
    url = f"/api/videos/?limit=3&ordering={order}"
    pages = list(walk(url))
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted("".join(pages)) == list("1234567")
    last = client.get(client.get(client.get(url).json()["next"]).json()["next"]).json()
    assert list(walk(last["previous"], "previous")) == [pages[1], pages[0]]
    first = client.get(client.get(last["previous"]).json()["previous"]).json()
    assert first["previous"] is None
    assert list(walk(first["next"])) == pages[1:]


def test_page_is_not_moved_by_what_comes_and_goes(client, ids, get, make_video):
    videos = [make_video(published_at=DAY + timedelta(days=n)) for n in range(4)]
    url = get("?limit=2").json()["next"]
    make_video(published_at=DAY + timedelta(days=9))
    videos[2].delete()
    rest = client.get(url).json()["results"]
    assert [video["video_id"][-1] for video in rest] == ["2", "1"]


def test_links_are_headers_too(get, make_video):
    for _ in range(3):
        make_video()
    assert "Link" not in get()
    page = get("?limit=2")
    assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'
    assert page.json()["previous"] is None


WAYS = {
    "by ids": {},
    "by months": {"FEW": 1, "MAX_BY_IDS": -1},
    "by the index": {"FEW": -1, "MAX_BY_IDS": -1, "SPAN": 0},
    "by a walk": {"FEW": -1, "MAX_BY_IDS": -1, "NEARLY_ALL": -10},
}


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """Each way to find words, as if there were many videos."""
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(fulltext, name, value)
    monkeypatch.setattr(fulltext, "HOW_MANY", "SELECT 10")
    if request.param != "by ids":
        monkeypatch.setattr(fulltext, "MAX_INDEXED", -1)


@pytest.fixture
def calm(make_video):
    """Six calm videos of six years and without a date, two of them by title."""
    for year in (2026, 2000, 2010, 2019, 2024, None):
        title = "calm" if year in (2010, None) else "Song"
        published = year and DAY.replace(year=year)
        make_video(video_title=title, published_at=published)
    make_video(video_title="Sun", video_description="", published_at=DAY)


@pytest.mark.parametrize(
    ("order", "expected"),
    [("newest", "154326"), ("rank", "361542"), ("views", "654321")],
)
def test_words_find_the_same_in_each_way(ids, walk, calm, way, order, expected):
    query = f"?q=calm&ordering={order}"
    assert ids(query) == expected
    pages = list(walk(f"/api/videos/{query}&limit=2"))
    assert "".join(pages) == expected


@pytest.mark.parametrize("order", ["newest", "rank"])
def test_pages_of_words_go_back_the_same_way(client, walk, calm, way, order):
    url = f"/api/videos/?q=calm&limit=2&ordering={order}"
    pages = list(walk(url))
    second = client.get(client.get(url).json()["next"]).json()
    last = client.get(second["next"]).json()
    assert list(walk(last["previous"], "previous")) == pages[1::-1]


def test_words_and_filters_find_the_same_in_each_way(ids, calm, way):
    assert ids("?q=calm&published_before=2020-01-01") == "342"
    assert ids("?q=calm&has_tag=none") == ""
    assert ids("?q=storm") == ""


WRONG = {
    "limit=1000000": "limit",
    "limit=-1": "limit",
    "limit=0": "limit",
    "limit=ten": "limit",
    "cursor=forged": "cursor",
    "cursor=WyJuZXdlc3QiLG51bGxd:c2lnbmF0dXJl": "cursor",
    "cursor=%00": "cursor",
    "mood=%00": "mood",
    "mood=BORED": "mood",
    "source=me": "source",
    "min_confidence=nan": "min_confidence",
    "min_confidence=2": "min_confidence",
    "labelled=maybe": "labelled",
    "channel=%00": "channel",
    "licence=mine": "licence",
    "language=%C3%A4": "language",
    "min_duration=-1": "min_duration",
    "min_duration=99999999999": "min_duration",
    "min_duration=3&max_duration=2": "min_duration",
    "published_after=yesterday": "published_after",
    "published_after=9999-12-31T23:59:59-14:00": "published_after",
    "published_after=2020-01-02&published_before=2020-01-01": "published_after",
    "has_tag=%00": "has_tag",
    "q=": "q",
    "q=a%00b": "q",
    f"q={'x' * 8000}": "q",
    "ordering=;drop": "ordering",
    "ordering=rank": "ordering",
    "fields=who": "fields",
    "facets=channel": "facets",
    "format=xml": "format",
    "format=": "format",
    "format=csv&facets=mood": "facets",
    "mood=SAD&mood=HAPPY": "mood",
    "page=2": "page",
}


@pytest.mark.parametrize(("query", "name"), WRONG.items())
def test_what_is_wrong_is_named(get, query, name):
    response = get(f"?{query}")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [name]


def test_cursor_of_another_order_or_word_is_named(get, make_video):
    for _ in range(2):
        make_video()
    cursor = get("?limit=1&q=calm").json()["next"].partition("cursor=")[2]
    for query in ("ordering=views", "q=piano", "q=calm&ordering=newest"):
        response = get(f"?{query}&cursor={cursor}")
        assert list(response.json()["fields"]) == ["cursor"]


@pytest.mark.parametrize(
    "query", ["", "?q=calm", "?has_tag=x&ordering=views", "?fields=video_description"]
)
def test_page_is_one_query_whatever_its_length(
    get, make_video, django_assert_num_queries, query
):
    # a costly read, the timeout; of each rank how frequent, who has it; the rows
    fulltext = {"?q=calm": 2 + 2 + 3 + 1, "?has_tag=x&ordering=views": 1 + 3}
    for _ in range(3):
        make_video(tags=["x"])
    around = 3  # the version of the catalogue, a test's savepoint
    with django_assert_num_queries(around + fulltext.get(query, 1)):
        assert len(get(query).json()["results"]) == 3


@pytest.mark.parametrize("query", ["", "?q=calm", "?facets=mood&q=calm", "?format=csv"])
def test_what_takes_too_long_is_503(get, make_video, monkeypatch, bound_queries, query):
    make_video()
    matching = queries.matching
    with monkeypatch.context() as patch:
        bound_queries(10)
        for module in (queries, counts):
            patch.setattr(module, "matching", lambda *args: slowly(matching(*args)))
        response = get(query)
    assert response.status_code == 503
    assert response.json()["code"] == "too_slow"
    assert response["Retry-After"] == "5"
    bound_queries(1000 * PATIENCE_S)
    assert get(query).status_code == 200


def slowly(videos):
    return videos.extra(where=["pg_sleep(10000) IS NOT NULL"])


def test_page_that_is_known_is_304_until_something_changes(client, make_video):
    make_video()
    tag = client.get("/api/videos/")["ETag"]
    known = {"if-none-match": tag}
    assert client.get("/api/videos/", headers=known).status_code == 304
    assert client.get("/api/videos/?limit=0", headers=known).status_code == 400
    make_video()
    assert client.get("/api/videos/", headers=known).status_code == 200


def test_browsable_page_shows_a_page(client, make_video):
    make_video(video_title="<script>alert(1)</script>")
    page = client.get("/api/videos/", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
