"""Metadata is exact, or says that it is not: beside pandas on the same values."""

import io
from dataclasses import asdict

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.parsing import columns, measure


@pytest.fixture
def numbers(parse):
    """1,000 values, some missing, as a column and as a series."""
    measure = [None if n % 10 == 0 else (n * 7919) % 1009 / 4 for n in range(1000)]
    text = "x,y\n" + "".join(f"{'' if v is None else v},z\n" for v in measure)
    return parse(text.encode()).columns[0], pd.Series(measure, dtype=float)


def test_profile_of_numbers(numbers):
    found, series = numbers

    assert (found.nulls, found.distinct) == (100, series.nunique())
    assert (found.min, found.max) == (series.min(), series.max())
    assert found.mean == pytest.approx(series.mean())
    assert found.distinct_exact
    for share, value in found.quantiles.items():
        known = series.dropna()
        assert value == np.quantile(known, float(share), method="inverted_cdf")


def test_profile_histogram_counts_every_value_once(numbers):
    found, series = numbers
    counts = [count for _, _, count in found.histogram]
    second = series[
        (series >= found.histogram[1][0]) & (series < found.histogram[1][1])
    ]

    assert sum(counts) == series.count()
    assert counts[1] == len(second)
    assert found.histogram[0][0] == found.min
    assert found.histogram[-1][1] == found.max


def test_profile_of_many_values_is_near_and_says_so(parse, monkeypatch):
    monkeypatch.setattr(measure, "MAX_EXACT", 100)
    lines = "".join(f"{n},name {n // 2},2024-01-01\n" for n in range(2_000))
    number, text, day = parse(f"n,t,d\n{lines}".encode()).columns

    assert not number.distinct_exact
    assert number.distinct == pytest.approx(2_000, rel=0.05)
    assert number.quantiles["0.5"] == pytest.approx(1_000, rel=0.05)
    assert [count for _, _, count in number.histogram] == [100] * 20
    assert all(count == 2 for _, count in text.top)
    assert (day.distinct, day.distinct_exact) == (1, True)


def test_profile_of_days_and_moments(parse):
    parsed = parse(
        b"d,t\n2024-01-01,2024-01-01 10:00:00\n2024-01-11,2024-01-01 12:00\n"
    )
    day, moment = parsed.columns

    assert (day.min, day.max) == ("2024-01-01", "2024-01-11")
    assert day.histogram[0] == ("2024-01-01", "2024-01-02", 1)
    assert moment.histogram[-1][1] == "2024-01-01T12:00:00"
    assert moment.quantiles["0.5"] == "2024-01-01T10:00:00"


@pytest.mark.parametrize(
    "cells, distinct, longest",
    [(["a", "b", "a"], 2, 1), (["", "", ""], 0, None), (["x" * 300], 1, 300)],
)
def test_profile_of_texts(parse, cells, distinct, longest):
    lines = "".join(f"{cell},1\n" for cell in cells)
    column = parse(f"t,n\n{lines}".encode()).columns[0]

    assert (column.distinct, column.longest) == (distinct, longest)
    assert all(len(value) <= 200 for value, _ in column.top)


@pytest.mark.parametrize(
    "cells", [["-1.7e308", "1.7e308"], ["1e-320", "0"], ["5", "5"]]
)
def test_profile_survives_the_ends_of_numbers(parse, cells):
    lines = "".join(f"{cell},1\n" for cell in cells)
    column = parse(f"t,n\n{lines}".encode()).columns[0]

    assert sum(count for _, _, count in column.histogram) == 2


def test_top_values_are_whole_beside_a_long_one(parse):
    long = "z" * 5_000
    text = parse(f"n,t\n1,rock\n2,rock\n3,pop\n4,{long}\n".encode()).columns[1]

    assert text.top[0] == ("rock", 2)
    cut = [value for value, _ in text.top if columns.was_cut(value)]
    assert cut == ["z" * 199 + "…"]


@pytest.fixture
def mixed():
    """A table of 120 columns of all types, with missing values, as CSV."""
    kinds = [
        lambda n: n * 7 % 11,
        lambda n: n * 7 % 13 / 4,
        lambda n: f"word {n % 9}",
        lambda n: f"2024-01-{1 + n % 28:02}",
        lambda n: f"2024-01-01 10:{n % 60:02}:00",
        lambda n: n % 3 == 0,
        lambda n: "z" * 1_500 + str(n % 5),
        lambda n: "",
    ]
    header = ",".join(f"c{at}" for at in range(120))
    rows = (
        ",".join(
            "" if (n + at) % 10 == 0 else str(kinds[at % len(kinds)](n + at))
            for at in range(120)
        )
        for n in range(40)
    )
    return "\n".join([header, *rows, ""]).encode()


def test_columns_measured_together_come_out_as_each_alone(parse, mixed, monkeypatch):
    together = [asdict(one) for one in parse(mixed).columns]
    monkeypatch.setattr(measure, "BATCH_BYTES", 0)
    alone = [asdict(one) for one in parse(mixed).columns]

    assert together == alone
    assert [len(one["top"]) for one in together[:8]] == [11, 13, 9, 10, 0, 2, 5, 0]


def test_a_wide_short_table_takes_few_queries(parse, mixed, monkeypatch):
    queries = []
    real = measure.run

    def counted(connection, query, *more):
        queries.append(query)
        return real(connection, query, *more)

    monkeypatch.setattr(measure, "run", counted)
    parse(mixed)

    n_long = 15  # texts of more than a thousand characters are asked alone
    assert len(queries) <= n_long + 2 * 6  # of each type in a part


def test_wide_table_of_long_texts_that_are_short_in_the_file(parse):
    texts = [f"{n} " + "x" * 900 for n in range(150)]
    rows = pa.array([texts[n % 150] for n in range(2_000)])
    file = io.BytesIO()
    pq.write_table(pa.table({f"c{at}": rows for at in range(200)}), file)
    columns = parse(file.getvalue(), "wide.parquet").columns

    assert {(one.distinct, one.longest) for one in columns} == {(150, 904)}


@pytest.mark.parametrize("cells", ["1,,", ",,"])
def test_profile_tells_its_progress_to_the_end(parse, cells):
    told = []
    parse(f"a,b,c\n{cells}\n{cells}\n".encode(), progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 100


def test_what_is_cut_of_a_wide_table_is_seen(parse):
    names = ",".join(f"c{n}" for n in range(501))
    row = ",".join(["w" * 60] * 501)
    one = parse(f"{names}\n{row}\n{row}\n".encode()).columns[0]

    assert [columns.was_cut(value) for value, _ in one.top] == [True]
    assert not columns.was_cut("rock…")
