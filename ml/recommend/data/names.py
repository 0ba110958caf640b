"""Columns of names: one code for each name, however its variants are written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ml.recommend.arrays import Ints, count_codes, look_up

INVISIBLE = (
    r"[\x{200B}\x{2060}\x{FEFF}\x{AD}\x00-\x08]"  # joiners stay: emoji need them
)
SPACES = r"[\s\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+"
# What programs make of the characters that people type.
TYPED_AS = {
    "'": r"[\x{2018}\x{2019}\x{201B}\x{2BC}\x{2032}\x{B4}]",
    '"': r"[\x{201C}-\x{201F}\x{2033}]",
    "-": r"[\x{2010}-\x{2015}\x{2212}]",
}
N_MERGES_SHOWN = 100


class Coded(NamedTuple):
    """A column as codes: what repeats is kept once.

    Attributes
    ----------
    codes : int32 array, shape (n_rows,)
        Positions in `values`; -1 where the row has none.
    values : pyarrow StringArray
    """

    codes: Ints
    values: Any


@dataclass(frozen=True)
class Merge:
    """Spellings that were taken for one name."""

    kept: str
    variants: dict[str, int]  # the other spellings, and their rows


@dataclass(frozen=True)
class Merges:
    """What was merged; those with the most rows in `shown`."""

    n_names: int  # that had more than one spelling
    n_rows: int  # that had another spelling than the one kept
    shown: list[Merge]  # at most N_MERGES_SHOWN


def encode(column: Any) -> Coded:
    """Turn a column into codes.

    Parameters
    ----------
    column : pyarrow array, numpy array or sequence, length n_rows
        Strings, or what pyarrow can write as strings. None, NaN and "" are no names.

    Returns
    -------
    Coded
        Values in the order of their first row.

    Raises
    ------
    pyarrow.ArrowException
        If the column is nothing that pyarrow can write as strings.
    """
    array = _as_one_array(column)
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    indices = array.indices.fill_null(-1) if array.null_count else array.indices
    codes = np.asarray(indices, dtype=np.int32)
    values = array.dictionary.cast(pa.string()).fill_null("").dictionary_encode()
    if len(values.dictionary) < len(values):  # a dictionary may repeat itself
        codes = look_up(np.asarray(values.indices, dtype=np.int32), codes)
    return _without_empty(Coded(codes, values.dictionary))


def tidy(column: Coded) -> tuple[Coded, Merges]:
    """Clean the names of a column and merge those that are spelled nearly alike.

    Parameters
    ----------
    column : Coded

    Returns
    -------
    Coded
        Each name as `clean` leaves its most frequent spelling; no two of them differ
        in case, in the style of quotes and dashes, or in what Unicode's NFKC makes
        equal, alone.
    Merges
    """
    if _are_ids(column.values):  # the users of a large table, say
        return column, Merges(0, 0, [])
    cleaned = clean(column.values)
    folded = cleaned
    for plain, styles in TYPED_AS.items():
        folded = pc.replace_substring_regex(folded, styles, plain)
    folded = pc.utf8_lower(pc.utf8_normalize(folded, "NFKC"))
    groups = np.asarray(folded.dictionary_encode().indices, dtype=np.int32)
    n_rows = count(column)
    values = cleaned.take(pa.array(most_frequent(groups, n_rows)))
    merges = _find_merges(column.values, groups, values, n_rows)
    return _without_empty(Coded(look_up(groups, column.codes), values)), merges


def _are_ids(names: Any) -> bool:
    """Whether no name has anything that could be spelled otherwise."""
    return bool(pc.all(pc.match_substring_regex(names, "^[0-9a-z]+$")).as_py())


def clean(names: Any) -> Any:
    """Bring names into Unicode's NFC, without invisible characters and extra spaces.

    Parameters
    ----------
    names : pyarrow StringArray

    Returns
    -------
    pyarrow StringArray, same length
    """
    visible = pc.replace_substring_regex(pc.utf8_normalize(names, "NFC"), INVISIBLE, "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(visible, SPACES, " "))


def count(column: Coded) -> NDArray[np.int64]:
    """Return the rows of each value; int64, shape (n_values,)."""
    return count_codes(column.codes, len(column.values))


def has_empty(column: Coded) -> bool:
    """Tell whether a row of the column has no value."""
    return bool(len(column.codes) and column.codes.min() < 0)


def most_frequent(groups: Ints, n_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each group the member with the most rows; of equals the first.

    Parameters
    ----------
    groups : int32 array, shape (n_members,)
        0 to n_groups - 1, each with a member.
    n_rows : int64 array, shape (n_members,)

    Returns
    -------
    int64 array, shape (n_groups,)
        Positions of members.
    """
    order = np.lexsort((-n_rows, groups))
    firsts = np.searchsorted(groups[order], np.arange(groups.max(initial=-1) + 1))
    best: NDArray[np.int64] = order[firsts]
    return best


def _as_one_array(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        return column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.Array):
        return column
    if not isinstance(column, np.ndarray) and not isinstance(column, list):
        column = list(column) if isinstance(column, Iterable) else column
    return pa.array(column, from_pandas=True)


def _without_empty(column: Coded) -> Coded:
    """Take "" out of the values."""
    empty = np.asarray(pc.equal(column.values, ""))
    if not empty.any():
        return column
    new = np.where(empty, -1, np.cumsum(~empty) - 1).astype(np.int32)
    return Coded(look_up(new, column.codes), column.values.filter(pa.array(~empty)))


def _find_merges(
    spellings: Any, groups: Ints, kept: Any, n_rows: NDArray[np.int64]
) -> Merges:
    other = np.asarray(pc.not_equal(spellings, kept.take(pa.array(groups))))
    other &= np.asarray(pc.not_equal(kept, ""))[groups]
    n_other = np.bincount(groups, n_rows * other, len(kept)).astype(np.int64)
    largest = np.argsort(-n_other, kind="stable")[:N_MERGES_SHOWN]
    shown = []
    for group in largest[n_other[largest] > 0]:
        members = np.flatnonzero((groups == group) & other)
        variants = {spellings[int(i)].as_py(): int(n_rows[i]) for i in members}
        shown.append(Merge(kept[int(group)].as_py(), variants))
    return Merges(int((n_other > 0).sum()), int(n_other.sum()), shown)
