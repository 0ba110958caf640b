from collections import Counter

import pyarrow.parquet as pq
import pytest

from datasets.errors import BadQuestion, QuestionTooSlow
from datasets.parsing import row_groups
from datasets.rows import parquet, profiles, read, sql
from datasets.rows.query import Filter, RowQuery


def page(version, columns=None, **query):
    return read.rows(version, RowQuery(**query), columns)


@pytest.fixture
def numbers(stored):
    """A hundred rows: n counts up from 0, odd says whether it is odd."""
    lines = [f"{n},{'odd' if n % 2 else ''}" for n in range(100)]
    return stored(("n,odd\n" + "\n".join(lines) + "\n").encode(), name="Numbers")


def test_first_and_last(numbers):
    assert parquet.span(numbers, 0, 2).rows == [(0, None), (1, "odd")]
    assert parquet.last(numbers, 2).rows == [(98, None), (99, "odd")]


def test_random_is_the_same_for_a_seed(numbers):
    again = parquet.random(numbers, 5, seed=1)

    assert parquet.random(numbers, 5, seed=1) == again
    assert [row[0] for row in again.rows] == again.numbers


def test_page_sorts_and_filters(numbers):
    odd = [Filter("odd", "is", "odd"), Filter("n", "at_most", "50")]

    found = page(numbers, ["n"], limit=3, sort="n", descending=True, conditions=odd)

    assert found.rows == [(49,), (47,), (45,)]
    assert found.numbers == [49, 47, 45]
    assert found.total == 25


@pytest.mark.parametrize(
    "question",
    [
        {"columns": ["x"]},
        {"sort": "x"},
        {"conditions": [Filter("n", "at_least", "many")]},
        {"conditions": [Filter("n", "LIKE", "1")]},
        {"offset": -1},
        {"limit": 1001},
    ],
)
def test_page_refuses(numbers, question):
    with pytest.raises(BadQuestion):
        page(numbers, **question)


def test_random_is_uniform(numbers):
    seen = Counter(
        row for seed in range(200) for row in parquet.random(numbers, 10, seed).numbers
    )

    # 2,000 draws of 100 rows: chi-square of 99 degrees is above 149 once in 1,000.
    assert sum((seen[n] - 20) ** 2 / 20 for n in range(100)) < 149


def test_random_draws_nothing_twice(numbers):
    assert parquet.random(numbers, 1000, seed=1).numbers == list(range(100))


def test_rows_of_many_row_groups(stored, monkeypatch):
    monkeypatch.setattr(row_groups, "MAX_ROWS", 2048)
    version = stored(b"n,x\n" + b"".join(b"%d,y\n" % n for n in range(10_000)))

    assert pq.ParquetFile(version.table).num_row_groups == 5
    assert parquet.last(version, 2).rows == [(9_998, "y"), (9_999, "y")]
    drawn = parquet.random(version, 50, seed=3, columns=["n"])
    assert [row[0] for row in drawn.rows] == drawn.numbers
    across = page(version, offset=2_046, limit=5, columns=["n"])
    assert [row[0] for row in across.rows] == [2_046, 2_047, 2_048, 2_049, 2_050]


@pytest.mark.parametrize(
    "wanted, total",
    [
        (Filter("odd", "missing"), 50),
        (Filter("odd", "present"), 50),
        (Filter("odd", "is_not", "odd"), 50),
        (Filter("odd", "contains", "DD"), 50),
        (Filter("n", "contains", "9"), 19),
        (Filter("n", "is", "7"), 1),
        (Filter("odd", "is", "'; DROP TABLE x; --"), 0),
    ],
)
def test_page_filters(numbers, wanted, total):
    assert page(numbers, conditions=[wanted], limit=0).total == total


def test_page_of_an_empty_table_and_beyond_the_end(stored, numbers):
    empty = stored(b"a,b\n", name="Empty")

    assert parquet.random(empty, 10).rows == parquet.span(empty).rows == []
    assert page(empty, sort="a").rows == []
    assert page(numbers, offset=1_000).rows == []


def test_columns_with_dots_and_quotes(stored):
    version = stored(b'a,a.b,"a""c"\n1,2,3\n')

    assert parquet.span(version, columns=["a"]).rows == [(1,)]
    assert page(version, sort='a"c', columns=['a"c', "a.b"]).rows == [(3, 2)]


def test_described_makes_a_wide_column_anew(stored):
    names = ",".join(f"c{n}" for n in range(501))
    version = stored((names + "\n" + ",".join("5" * 501) + "\n").encode())

    first, last = profiles.some(version, [1, 501])

    assert not last["histogram"]
    assert sql.profile_column(version, last)["histogram"] == [(5, 5, 1)]
    assert sql.profile_column(version, first)["top"] == [(5, 1)]


def test_a_question_that_takes_long_is_stopped(numbers, monkeypatch):
    """A real one: each row beside each other one, four times over."""
    monkeypatch.setattr(sql, "PATIENCE_S", 0.2)
    rows = f"read_parquet('{numbers.table}')"
    endless = f"SELECT count(*) FROM {', '.join(f'{rows} t{n}' for n in range(6))}"
    real = sql._fetch
    monkeypatch.setattr(sql, "_fetch", lambda c, query, values: real(c, endless, []))

    with pytest.raises(QuestionTooSlow, match="takes too long"):
        page(numbers, sort="n")
