"""Who liked what, and how much: columns of a table as a sparse matrix."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ml.recommend.arrays import Mask, count_codes, look_up
from ml.recommend.data.items import resolve
from ml.recommend.data.names import Coded, Merges, encode, tidy
from ml.recommend.data.pairs import CodedRows, Pairs, sum_pairs, thin
from ml.recommend.data.preparation import Preparation

MISSING_USER, MISSING_ITEM = "it does not say who", "it does not say what"
MISSING_WEIGHT = "how much is missing or no number"
WEIGHT_TOO_LARGE = "how much is beyond what is plausible"
FEW_ROWS_OF_USER = "too few rows are of this who"
FEW_ROWS_OF_ITEM = "too few rows are of this what"


class NothingLeft(Exception):
    """No row says who likes what. Check the columns, or lower the minimums."""


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
    users, items, names : pyarrow StringArray, length n_users, n_items, n_items
        Items are ordered by their rows, most first. `users` and `items` are unique, the
        names of items may not be.
    report : Report
    """

    pairs: Pairs
    users: Any
    items: Any
    names: Any
    report: Report


def collect(
    users: Any,
    items: Any,
    *,
    weights: Any | None = None,
    names: Any | None = None,
    times: Any | None = None,
    preparation: Preparation = Preparation(),  # noqa: B008 - frozen
) -> Interactions:
    """Turn columns of a table into interactions.

    Parameters
    ----------
    users, items : pyarrow array, numpy array or sequence, length n_rows
        As `ml.recommend.data.names.encode` takes them.
    weights : the same, optional
        Numbers, or strings that hold them; repeated pairs are summed. Each row is 1
        unless given.
    names : the same, optional
        Of the items, if `items` are their ids.
    times : the same, optional
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
        found = aside.submit(_find_users, users, preparation)
        amounts = aside.submit(_find_numbers, weights, np.float32)
        moments = aside.submit(_find_numbers, times, np.float64)
        codes, known = resolve(encode(items), None if names is None else encode(names))
        order = np.argsort(-count_codes(codes, len(known.ids)), kind="stable")
        codes = look_up(np.argsort(order).astype(np.int32), codes)
    del users, items, names, weights, times  # of a large table hundreds of megabytes
    named, user_spellings = found.result()
    rows = CodedRows(named.codes, codes, amounts.result(), moments.result())
    pa.default_memory_pool().release_unused()
    if len({len(column) for column in rows if column is not None}) > 1:
        raise ValueError("the columns have different numbers of rows")
    n_rows, shape, users = (
        len(rows.users),
        (len(named.values), len(order)),
        named.values,
    )
    refused, usable = _refuse(rows, shape, preparation)
    n_not_positive = _n_not_positive(rows, usable)
    pairs = sum_pairs(rows, shape, preparation.at_least, usable=usable)
    del rows, named, codes, usable, found, amounts, moments
    thinned = thin(pairs, preparation.min_per_who, preparation.min_per_what)
    report = Report(
        n_rows=n_rows,
        n_pairs=_n_pairs(pairs),
        n_repeated=n_rows - sum(refused.values()) - _n_pairs(pairs),
        refused=refused,
        n_not_positive=n_not_positive,
        who_spellings=user_spellings,
        what_spellings=known.spellings,
        renamed=known.renamed,
        n_found_by_name=known.n_found_by_name,
        n_rounds=thinned.n_rounds,
        n_who_left_out=shape[0] - len(thinned.users),
        n_what_left_out=shape[1] - len(thinned.items),
        n_pairs_left_out=_n_pairs(pairs) - _n_pairs(thinned.pairs),
    )
    if not thinned.pairs.likes.nnz:
        raise NothingLeft(_explain(report))
    kept = pa.array(order[thinned.items])
    return Interactions(
        thinned.pairs,
        users.take(pa.array(thinned.users)),
        known.ids.take(kept),
        known.names.take(kept),
        report,
    )


def _find_users(users: Any, preparation: Preparation) -> tuple[Coded, Merges]:
    coded = encode(users)
    return tidy(coded) if preparation.merge_who else (coded, Merges(0, 0, []))


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
    array = column if isinstance(column, pa.ChunkedArray) else pa.array(column)
    if pa.types.is_dictionary(array.type) or _is_text(array.type):
        coded = encode(array)
        import pandas as pd  # 50 MB, for columns of texts alone

        numbers = pd.to_numeric(pd.Series(coded.values.to_pylist()), errors="coerce")
        return look_up(numbers.to_numpy(dtype), coded.codes, np.nan)
    if pa.types.is_temporal(array.type):
        array = array.cast(pa.timestamp("us")).cast(pa.int64())
    kind = pa.from_numpy_dtype(dtype)
    return np.asarray(array.cast(kind, safe=False).fill_null(np.nan))


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refuse(
    rows: CodedRows, shape: tuple[int, int], preparation: Preparation
) -> tuple[dict[str, int], Mask | None]:
    """Return the rows refused, each for one reason, and the mask of the others."""
    bad = {MISSING_USER: rows.users < 0, MISSING_ITEM: rows.items < 0}
    if rows.amounts is not None:
        bad[MISSING_WEIGHT] = np.isnan(rows.amounts)
        bad[WEIGHT_TOO_LARGE] = rows.amounts >= preparation.below
    for reason, codes, n, least in (
        (FEW_ROWS_OF_USER, rows.users, shape[0], preparation.min_rows_per_who),
        (FEW_ROWS_OF_ITEM, rows.items, shape[1], preparation.min_rows_per_what),
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


def _n_pairs(pairs: Pairs) -> int:
    return int(pairs.likes.nnz + pairs.dislikes.nnz)


def _n_not_positive(rows: CodedRows, usable: Mask | None) -> int:
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
