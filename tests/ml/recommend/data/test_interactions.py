"""Columns to interactions: what was understood, and what was refused why."""

import weakref

import numpy as np
import pyarrow as pa
import pytest

from ml.recommend.data import interactions, pairs
from ml.recommend.data.interactions import NothingLeft, Preparation, collect, to_floats


def test_collect_counts_every_row_once():
    who = ["u1", "u1", None, "u2", "u2", "u2", "u3", "u3", "u4"]
    what = ["Muse", "muse", "Air", "", "Air", "Air", "Air", "Muse", "Air"]
    plays = ["2", "3", "1", "1", "no", "nan", "1e9", "-4", "7"]

    report = collect(who, what, weights=plays).report

    assert report.refused == {
        interactions.MISSING_USER: 1,
        interactions.MISSING_ITEM: 1,
        interactions.MISSING_WEIGHT: 2,
        interactions.WEIGHT_TOO_LARGE: 1,
    }
    assert (report.n_pairs, report.n_repeated, report.n_not_positive) == (3, 1, 1)
    assert report.n_rows == report.n_pairs + report.n_repeated + 5


def test_collect_puts_the_item_with_the_most_rows_first():
    table = collect(["a", "a", "b"], ["x", "y", "y"], names=["X", "Y", "Y"])

    assert table.items.to_pylist() == ["y", "x"]
    assert table.names.to_pylist() == ["Y", "X"]
    assert table.pairs.likes.toarray().tolist() == [[1, 1], [1, 0]]


def test_collect_lets_go_of_its_columns_before_it_needs_most_memory(monkeypatch):
    columns = [
        pa.array(["a", "a", "b"]),
        pa.array(["x", "y", "y"]),
        pa.array([1, 2, 3]),
    ]
    refs, held = [weakref.ref(column) for column in columns], []

    def sum_pairs(*args, **options):
        held.extend(ref() for ref in refs)
        return pairs.sum_pairs(*args, **options)

    monkeypatch.setattr(interactions, "sum_pairs", sum_pairs)
    collect(columns.pop(0), columns.pop(0), weights=columns.pop())

    assert held == [None, None, None]


def test_collect_leaves_out_who_and_what_have_too_few():
    few = Preparation(min_per_who=2, min_per_what=2)

    table = collect(list("aabbc"), list("xyxyz"), preparation=few)

    assert table.users.to_pylist() == ["a", "b"]
    assert table.report.n_what_left_out == table.report.n_who_left_out == 1
    assert table.report.n_pairs_left_out == 1


def test_collect_counts_rows_before_pairs_where_rows_are_asked_for():
    who, what = list("aaabbc"), list("xxyyyz")

    table = collect(who, what, preparation=Preparation(min_rows_per_what=2))
    strict = Preparation(min_rows_per_who=2, min_rows_per_what=3)
    few = collect(who, what, preparation=strict)

    assert sorted(table.items.to_pylist()) == ["x", "y"]
    assert table.report.refused == {interactions.FEW_ROWS_OF_ITEM: 1}
    assert few.items.to_pylist() == ["y"]
    assert few.report.refused == {
        interactions.FEW_ROWS_OF_USER: 1,
        interactions.FEW_ROWS_OF_ITEM: 2,
    }


def test_collect_keeps_spellings_of_who_apart_when_told():
    exact = Preparation(merge_who=False)

    assert collect(["a", "A"], ["x", "x"], preparation=exact).users.to_pylist() == [
        *"aA"
    ]
    assert collect(["a", "A"], ["x", "x"]).users.to_pylist() == ["a"]


def test_collect_says_why_nothing_is_left():
    with pytest.raises(NothingLeft, match="of 2 rows .*1 because it does not say who"):
        collect(["", "a"], ["x", "y"], preparation=Preparation(min_per_who=2))
    with pytest.raises(NothingLeft):
        collect([], [])


def test_collect_refuses_columns_of_different_lengths():
    with pytest.raises(ValueError, match="different numbers"):
        collect(["a"], ["x", "y"])


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        (["1", "x", "1e400", None], [1, np.nan, np.inf, np.nan]),
        (np.array([True, False]), [1, 0]),
        (pa.array([2**60, None]), [2**60, np.nan]),
        (np.array(["1970-01-01T00:00:01"], "M8[s]"), [1e6]),
        (pa.chunked_array([["5"], ["5"]]).dictionary_encode(), [5, 5]),
    ],
)
def test_to_floats_reads_what_tables_hold(column, numbers):
    np.testing.assert_array_equal(to_floats(column), numbers)
