"""Who liked what, and how much: columns of a table as a sparse matrix."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.recommend.data import arrow
from ml.recommend.data.items import resolve
from ml.recommend.data.names import (
    Coded,
    Ints,
    Merges,
    count_codes,
    encode,
    look_up,
    tidy,
)
from ml.recommend.data.pairs import Mask, Pairs, Rows, sum_pairs, thin

NO_WHO, NO_WHAT = "it does not say who", "it does not say what"
NO_AMOUNT = "how much is missing or no number"
TOO_MUCH = "how much is beyond what is plausible"
FEW_ROWS_OF_WHO = "too few rows are of this who"
FEW_ROWS_OF_WHAT = "too few rows are of this what"


class NothingLeft(Exception):
    """No row says who likes what. Check the columns, or lower the minimums."""


@dataclass(frozen=True)
class Preparation:
    """How rows become interactions.

    Attributes
    ----------
    min_per_who, min_per_what : int
        Pairs that each who and what must have. Those with fewer are left out, again
        and again until all that are left have as many.
    at_least : float, optional
        A pair with a smaller sum is known but not liked.
    below : float
        Rows with as much or more are refused.
    merge_who : bool
        Whether spellings of one *who* are merged, as those of *what* always are.
    """

    min_per_who: int = 1
    min_per_what: int = 1
    min_rows_per_who: int = 1
    min_rows_per_what: int = 1
    at_least: float | None = None
    below: float = 1e9
    merge_who: bool = True


@dataclass(frozen=True)
class Report:
    """What became of the rows: ``n_rows == n_pairs + n_repeated + sum(refused)``."""

    n_rows: int
    n_pairs: int  # before the minimums
    n_repeated: int  # rows that went to the pair of another row
    refused: dict[str, int]  # rows by reason
    n_not_positive: int  # rows of zero or less: the pair is known, not liked
    who_spellings: Merges
    what_spellings: Merges
    renamed: Merges  # items whose id has several names
    n_found_by_name: int  # rows without an id, of a name that one id bears
    n_rounds: int  # of leaving out
    n_who_left_out: int
    n_what_left_out: int
    n_pairs_left_out: int


@dataclass(frozen=True)
class Interactions:
    """Who likes what.

    Attributes
    ----------
    pairs : Pairs
        Matrices of shape (n_users, n_items).
    who, what, names : pyarrow StringArray, length n_users, n_items, n_items
        Items are ordered by their rows, most first; `what` is unique, `names` may not
        be.
    report : Report
    """

    pairs: Pairs
    who: Any
    what: Any
    names: Any
    report: Report


def collect(
    who: Any,
    what: Any,
    *,
    how_much: Any | None = None,
    names: Any | None = None,
    when: Any | None = None,
    preparation: Preparation = Preparation(),
) -> Interactions:
    """Turn columns of a table into interactions.

    Parameters
    ----------
    who, what : pyarrow array, numpy array or sequence, length n_rows
        As `ml.recommend.data.names.encode` takes them.
    how_much : the same, optional
        Numbers, or strings that hold them; repeated pairs are summed. Each row is 1
        unless given.
    names : the same, optional
        Of the items, if `what` is their id.
    when : the same, optional
        Numbers or dates; nothing where unknown.
    preparation : Preparation

    Returns
    -------
    Interactions

    Raises
    ------
    NothingLeft
    ValueError
        If the columns differ in length.
    """
    with ThreadPoolExecutor(1) as aside:  # the libraries let go of Python's lock
        found = aside.submit(_find_users, who, preparation)
        amounts = aside.submit(_find_numbers, how_much, np.float32)
        times = aside.submit(_find_numbers, when, np.float64)
        codes, items = resolve(encode(what), None if names is None else encode(names))
        order = np.argsort(-count_codes(codes, len(items.ids)), kind="stable")
        codes = look_up(_ranks(order), codes)
    del who, what, names, how_much, when  # of a large table hundreds of megabytes
    users, who_spellings = found.result()
    rows = Rows(users.codes, codes, amounts.result(), times.result())
    arrow.default_memory_pool().release_unused()
    if len({len(column) for column in rows if column is not None}) > 1:
        raise ValueError("the columns have different numbers of rows")
    n_rows, shape, who = len(rows.users), (len(users.values), len(order)), users.values
    refused, usable = _refuse(rows, shape, preparation)
    n_not_positive = _n_not_positive(rows, usable)
    pairs = sum_pairs(rows, shape, preparation.at_least, usable=usable)
    del rows, users, codes, usable, found, amounts, times
    thinned = thin(pairs, preparation.min_per_who, preparation.min_per_what)
    report = Report(
        n_rows=n_rows,
        n_pairs=_n_pairs(pairs),
        n_repeated=n_rows - sum(refused.values()) - _n_pairs(pairs),
        refused=refused,
        n_not_positive=n_not_positive,
        who_spellings=who_spellings,
        what_spellings=items.spellings,
        renamed=items.renamed,
        n_found_by_name=items.n_found_by_name,
        n_rounds=thinned.n_rounds,
        n_who_left_out=shape[0] - len(thinned.users),
        n_what_left_out=shape[1] - len(thinned.items),
        n_pairs_left_out=_n_pairs(pairs) - _n_pairs(thinned.pairs),
    )
    if not thinned.pairs.likes.nnz:
        raise NothingLeft(_explain(report))
    kept = arrow.array(order[thinned.items])
    return Interactions(
        thinned.pairs,
        who.take(arrow.array(thinned.users)),
        items.ids.take(kept),
        items.names.take(kept),
        report,
    )


def _find_users(who: Any, preparation: Preparation) -> tuple[Coded, Merges]:
    users = encode(who)
    return tidy(users) if preparation.merge_who else (users, Merges(0, 0, []))


def _find_numbers(column: Any | None, dtype: Any) -> NDArray[Any] | None:
    return None if column is None else to_floats(column, dtype)


def to_floats(column: Any, dtype: Any = np.float64) -> NDArray[Any]:
    """Read numbers, dates, booleans or strings that hold numbers.

    Parameters
    ----------
    column : pyarrow array, numpy array or sequence, length n_rows
    dtype : float32 or float64
        Dates, in microseconds, need float64.

    Returns
    -------
    float array, shape (n_rows,)
        NaN where a row holds no number.
    """
    array = column if isinstance(column, arrow.ChunkedArray) else arrow.array(column)
    if arrow.types.is_dictionary(array.type) or _is_text(array.type):
        coded = encode(array)
        import pandas as pd  # 50 MB, for columns of texts alone; the web process imports us

        numbers = pd.to_numeric(pd.Series(coded.values.to_pylist()), errors="coerce")
        return look_up(numbers.to_numpy(dtype), coded.codes, np.nan)
    if arrow.types.is_temporal(array.type):
        array = array.cast(arrow.timestamp("us")).cast(arrow.int64())
    kind = arrow.from_numpy_dtype(dtype)
    return np.asarray(array.cast(kind, safe=False).fill_null(np.nan))


def _is_text(kind: Any) -> bool:
    return bool(arrow.types.is_string(kind) or arrow.types.is_large_string(kind))


def _refuse(
    rows: Rows, shape: tuple[int, int], preparation: Preparation
) -> tuple[dict[str, int], Mask | None]:
    """Return the rows refused, each for one reason, and the mask of the others."""
    bad = {NO_WHO: rows.users < 0, NO_WHAT: rows.items < 0}
    if rows.amounts is not None:
        bad[NO_AMOUNT] = np.isnan(rows.amounts)
        bad[TOO_MUCH] = rows.amounts >= preparation.below
    for reason, codes, n, least in (
        (FEW_ROWS_OF_WHO, rows.users, shape[0], preparation.min_rows_per_who),
        (FEW_ROWS_OF_WHAT, rows.items, shape[1], preparation.min_rows_per_what),
    ):
        if least > 1:
            bad[reason] = look_up(count_codes(codes, n) < least, codes, False)
    usable, refused = None, {}
    for reason, mask in bad.items():
        if usable is not None:
            mask &= usable
        if mask.any():
            refused[reason] = int(mask.sum())
            usable = ~mask if usable is None else usable & ~mask
    return refused, usable


def _ranks(order: NDArray[np.int64]) -> Ints:
    """Return the place of each code in an order."""
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _n_pairs(pairs: Pairs) -> int:
    return int(pairs.likes.nnz + pairs.dislikes.nnz)


def _n_not_positive(rows: Rows, usable: Mask | None) -> int:
    if rows.amounts is None:
        return 0
    below = rows.amounts <= 0
    return int((below if usable is None else below & usable).sum())


def _explain(report: Report) -> str:
    why = "; ".join(f"{n} because {reason}" for reason, n in report.refused.items())
    return (
        f"of {report.n_rows} rows no like is left: {sum(report.refused.values())} were "
        f"refused{f' ({why})' if why else ''}, {report.n_pairs_left_out} pairs did not "
        f"reach the minimums, {report.n_not_positive} rows were not positive"
    )
