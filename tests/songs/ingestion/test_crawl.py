from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from songs.ingestion.crawl import CAP, ENDLESS, Crawl, CrawlPhase, from_cursor

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
SEARCH = {"origin": "youtube", "q": "calm piano"}


def start(now: datetime = NOW) -> Crawl:
    return Crawl.start(SEARCH, now=now)


def ended(crawl: Crawl, *, found: int = 3) -> Crawl:
    """The crawl after a last page of its window."""
    return crawl.after_page(found=found, next_token=None)


def in_windows() -> Crawl:
    return ended(start())


def when_idle() -> Crawl:
    crawl = in_windows()
    while not crawl.idle:
        crawl = ended(crawl)
    return crawl


def test_start_asks_for_the_plain_search():
    crawl = start()

    assert (crawl.phase, crawl.params(), crawl.token) == (CrawlPhase.PAGES, {}, None)


def test_after_page_goes_on_with_the_token():
    crawl = start().after_page(found=50, next_token="CDIQAA")

    assert (crawl.phase, crawl.token, crawl.found) == (CrawlPhase.PAGES, "CDIQAA", 50)


def test_after_the_last_page_windows_begin_with_this_year():
    assert in_windows().params() == {
        "publishedAfter": "2026-01-01T00:00:00Z",
        "publishedBefore": "2026-11-21T10:30:00Z",
    }


def test_windows_go_back_to_2005_without_a_gap():
    windows = in_windows().todo

    assert len(windows) == 22
    assert windows[-1][0] == datetime(2005, 1, 1, tzinfo=UTC)
    assert all(newer[0] == older[1] for newer, older in pairwise(windows))


def test_windows_of_a_crawl_begun_at_new_year_leave_out_the_empty_year():
    crawl = ended(start(datetime(2026, 1, 1, tzinfo=UTC)))

    assert crawl.params()["publishedBefore"] == "2026-01-01T00:00:00Z"
    assert crawl.params()["publishedAfter"] == "2025-01-01T00:00:00Z"


def test_after_page_in_a_window_keeps_the_window():
    crawl = in_windows().after_page(found=50, next_token="A")

    assert crawl.todo == in_windows().todo
    assert crawl.token == "A"


def test_window_at_the_cap_is_split_in_halves():
    crawl = ended(in_windows(), found=CAP)

    (middle, end), (begin, same_middle) = crawl.todo[:2]
    assert (begin, end) == in_windows().todo[0]
    assert begin < middle == same_middle < end
    assert len(crawl.todo) == 23


def test_window_below_the_cap_is_not_split():
    assert len(ended(in_windows(), found=CAP - 1).todo) == 21


def test_window_is_not_split_below_a_day():
    crawl = in_windows()
    while len(crawl.todo) >= 22:
        shortest = crawl.todo[0]
        crawl = ended(crawl, found=CAP)

    assert timedelta(days=1) <= shortest[1] - shortest[0] < timedelta(days=2)


def test_results_are_counted_over_the_pages_of_a_window():
    crawl = in_windows().after_page(found=CAP - 1, next_token="A")

    assert len(ended(crawl, found=1).todo) == 23


@pytest.mark.parametrize("tokens", [["A", "A"], ["A", "B", "A"]])
def test_token_that_returns_ends_the_window(tokens: list[str]):
    crawl = start()
    for token in tokens:
        crawl = crawl.after_page(found=50, next_token=token)

    assert (crawl.phase, crawl.token) == (CrawlPhase.WINDOWS, None)


def test_tokens_without_end_end_the_window():
    crawl = start()
    for page in range(ENDLESS // 50):
        assert crawl.phase == CrawlPhase.PAGES
        crawl = crawl.after_page(found=50, next_token=f"T{page}")

    assert crawl.phase == CrawlPhase.WINDOWS


def test_refused_token_restarts_the_window_once():
    crawl = in_windows().after_page(found=50, next_token="A")

    again = crawl.after_refused_token()
    assert (again.token, again.found, again.todo) == (None, 0, crawl.todo)
    moved_on = again.after_page(found=50, next_token="B").after_refused_token()
    assert moved_on.todo == crawl.todo[1:]
    assert not moved_on.restarted


def test_after_the_last_window_the_crawl_is_idle():
    crawl = when_idle()

    assert (crawl.phase, crawl.todo, crawl.started) == (CrawlPhase.NEW, (), NOW)


def test_resume_sweeps_new_uploads_with_a_day_of_overlap():
    crawl = when_idle().resume(NOW + timedelta(days=7))

    assert crawl.params() == {
        "order": "date",
        "publishedAfter": "2026-11-20T10:30:00Z",
        "publishedBefore": "2026-11-28T10:30:00Z",
    }


def test_sweep_ends_at_rest_and_the_next_begins_where_it_began():
    second = NOW + timedelta(days=7)
    crawl = ended(when_idle().resume(second))

    assert crawl.idle
    third = crawl.resume(second + timedelta(days=1))
    assert third.params()["publishedAfter"] == "2026-11-27T10:30:00Z"


def test_resume_leaves_an_unfinished_sweep_as_it_is():
    crawl = when_idle().resume(NOW).after_page(found=50, next_token="A")

    assert crawl.resume(NOW + timedelta(days=1)) == crawl


@pytest.mark.parametrize(
    "crawl",
    [
        start(),
        start().after_page(found=50, next_token="A"),
        in_windows(),
        ended(in_windows(), found=CAP).after_refused_token(),
        when_idle(),
        when_idle().resume(NOW + timedelta(days=1)),
    ],
)
def test_from_cursor_reads_what_cursor_wrote(crawl: Crawl):
    later = NOW + timedelta(days=1)

    assert from_cursor(crawl.cursor(), SEARCH, now=later) == crawl


def test_from_cursor_of_an_empty_cursor_starts_without_a_warning(caplog):
    assert from_cursor({}, SEARCH, now=NOW) == start()
    assert not caplog.records


@pytest.mark.parametrize("change", [{"origin": "sample"}, {"q": "loud piano"}])
def test_from_cursor_of_another_search_starts_over(change: dict[str, str], caplog):
    search = SEARCH | change
    crawl = from_cursor(in_windows().cursor(), search, now=NOW)

    assert crawl == Crawl.start(search, now=NOW)
    assert not caplog.records


def changed(**fields: object) -> dict[str, object]:
    return in_windows().cursor() | fields


def without(names: Iterable[str]) -> list[dict[str, object]]:
    cursor = in_windows().cursor()
    return [{n: v for n, v in cursor.items() if n != name} for name in names]


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "windows",
        [1],
        changed(phase="backwards"),
        changed(started="yesterday"),
        changed(started="2026-01-01T00:00:00"),
        changed(started="2027-01-01T00:00:00Z"),
        changed(started=None),
        changed(todo=[["2026-01-01T00:00:00Z"]]),
        changed(todo=[["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"]]),
        changed(todo=[[1, 2]]),
        changed(todo=7),
        changed(todo=[]),
        changed(token=5),
        changed(used=None),
        changed(found="many"),
        *without(["search", "phase", "todo", "token"]),
    ],
)
def test_from_cursor_of_nonsense_starts_over_and_says_so(nonsense: object, caplog):
    assert from_cursor(nonsense, SEARCH, now=NOW) == start()
    assert "makes no sense" in caplog.text
