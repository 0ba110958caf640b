"""What the pages are made of: cells, columns, links."""

from datetime import datetime

import pytest
from django.http import QueryDict

from datasets.errors import BadQuestion
from datasets.rows.query import parse_row_query
from pages.datasets.column import ColumnView, percent, short
from pages.datasets.table import cell

QUERY = "show=page&version=2&offset=50&sort=a%26b&order=down"
QUERY += "&where=a%26b&op=at_least&value=3&where=c&op=missing&value="


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (None, "", "none"),
        (True, "true", "text"),
        (2019, "2019", "number"),
        (0.1, "0.1", "number"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00", "text"),
        ("=1+1", "=1+1", "text"),
    ],
)
def test_cell_is_written_as_it_is(value, text, kind):
    shown = cell(value)
    assert (shown.text, shown.kind, shown.whole) == (text, kind, "")


def test_row_query_survives_its_own_link():
    query = parse_row_query(QueryDict(QUERY))
    assert parse_row_query(QueryDict(query.to_url()[1:])) == query
    assert query.conditions[1].op == "missing"


def test_row_query_of_defaults_is_empty():
    assert parse_row_query(QueryDict("")).to_url() == ""


@pytest.mark.parametrize("text", ["-1", "1e3", "٣", "9" * 17, "9" * 400])
def test_asked_refuses_what_is_no_number(text):
    with pytest.raises(BadQuestion):
        parse_row_query(QueryDict(f"offset={text}"))


def test_column_view_shows_quantiles_in_order(stored):
    version = stored(b"a\n" + b"\n".join(b"%d" % n for n in range(100)))
    view = ColumnView(1, version.columns[0], version.n_rows)
    names = [name for name, _ in view.facts]
    assert names[1:6] == [f"{n}% are at most" for n in (5, 25, 50, 75, 95)]
    assert sum(one.count for one in view.bins) == 100
    assert view.summary == "0 to 99, mean 49.5"


def test_column_view_of_an_empty_column_says_so(stored):
    version = stored(b"a,b\n1,\n2,\n")
    view = ColumnView(2, version.columns[1], version.n_rows)
    assert (view.summary, view.missing, view.bars) == ("empty", "100 %", "")


def test_percent_is_never_nothing_or_all_unless_it_is():
    assert percent(0, 5) == "0 %"
    assert percent(1, 10**6) == "under 0.1 %"
    assert percent(10**6 - 1, 10**6) == "over 99.9 %"
    assert percent(1, 3) == "33.3 %"


def test_short_keeps_years_and_groups_thousands():
    assert [short(n) for n in (2019, 2019.0, 123456, 0.000123456)] == [
        *("2019", "2019", "123,456", "0.0001235"),
    ]
