"""Which item a row speaks of, when items have ids, names or both."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy
from numpy.typing import NDArray

from ml.recommend.arrays import AT_ONCE, Ints
from ml.recommend.data.names import (
    N_MERGES_SHOWN,
    Coded,
    Merge,
    Merges,
    has_empty,
    most_frequent,
    tidy,
)

BY_NAME = "name:"  # begins the id of an item that the table knows by its name alone


@dataclass(frozen=True)
class Items:
    """The items of a table.

    Attributes
    ----------
    ids, names : pyarrow StringArray, length n_items
        Ids are unique; names are not, where items have ids of their own.
    spellings : Merges
        Spellings of one name.
    renamed : Merges
        Names of one id; the most frequent one is kept.
    n_found_by_name : int
        CodedRows without an id that went to the only id of their name.
    """

    ids: Any
    names: Any
    spellings: Merges
    renamed: Merges
    n_found_by_name: int


def resolve(ids: Coded, names: Coded | None) -> tuple[Ints, Items]:
    """Find the item of each row.

    Parameters
    ----------
    ids : Coded
        Names too, unless `names` is given.
    names : Coded, optional
        Of as many rows.

    Returns
    -------
    int32 array, shape (n_rows,)
        The item of each row; -1 where it names none.
    Items
        A row with an id is of that id, whatever its name. A row without goes to the
        only id whose name it bears, or else to an item of that name: its id is the
        name after `BY_NAME`.
    """
    nothing = Merges(0, 0, [])
    if names is None:
        column, spellings = tidy(ids)
        values = column.values
        return column.codes, Items(values, values, spellings, nothing, 0)
    names, spellings = tidy(names)
    name_of, renamed = _name_ids(ids, names)
    id_names = _take_or(names.values, name_of, ids.values)
    codes, ids_of_names, n_found = ids.codes, [], 0
    if has_empty(ids):
        codes, own, n_found = _place_by_name(ids, names, name_of)
        ids_of_names = names.values.take(pa.array(own)).to_pylist()
    return codes, Items(
        _append(ids.values, [BY_NAME + name for name in ids_of_names]),
        _append(id_names, ids_of_names),
        spellings,
        renamed,
        n_found,
    )


def _name_ids(ids: Coded, names: Coded) -> tuple[Ints, Merges]:
    """Return the most frequent name of each id, -1 where it has none."""
    pairs = _count_pairs(ids, names)
    named, groups = np.unique(pairs.row, return_inverse=True)
    best = most_frequent(groups.astype(np.int32), pairs.data)
    name_of = np.full(len(ids.values), -1, np.int32)
    name_of[named] = pairs.col[best]
    return name_of, _find_renamed(pairs, name_of, names.values)


def _count_pairs(ids: Coded, names: Coded) -> Any:
    """Count the rows of each id and name; coo_matrix, shape (n_ids, n_names).

    A part at a time, to spare memory; nearly all rows of an id have the same name, and
    those are counted by id alone.
    """
    n_ids, n_names = len(ids.values), len(names.values)
    usual, n_usual = np.full(n_ids, -1, np.int32), np.zeros(n_ids, np.int64)
    for rows, columns in _both(ids, names):
        usual[rows] = columns
    others = []
    for rows, columns in _both(ids, names):
        same = usual[rows] == columns
        n_usual += np.bincount(rows[same], minlength=n_ids)
        others.append((rows[~same], columns[~same]))
    named = np.flatnonzero(n_usual).astype(np.int32)
    rows, columns = (
        np.concatenate(parts)
        for parts in zip((named, usual[named]), *others, strict=True)
    )
    counts = np.ones(len(rows), np.int64)
    counts[: len(named)] = n_usual[named]
    return (
        scipy.sparse.coo_matrix((counts, (rows, columns)), (n_ids, n_names))
        .tocsr()
        .tocoo()
    )


def _both(ids: Coded, names: Coded) -> Iterator[tuple[Ints, Ints]]:
    """Yield the codes of rows that have an id and a name."""
    for start in range(0, len(ids.codes), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        rows, columns = ids.codes[part], names.codes[part]
        both = (rows >= 0) & (columns >= 0)
        yield rows[both], columns[both]


def _find_renamed(pairs: Any, name_of: Ints, names: Any) -> Merges:
    other = pairs.col != name_of[pairs.row]
    rows, columns, counts = pairs.row[other], pairs.col[other], pairs.data[other]
    n_other = np.bincount(rows, counts, len(name_of)).astype(np.int64)
    largest = np.argsort(-n_other, kind="stable")[:N_MERGES_SHOWN]
    shown = [
        Merge(
            names[int(name_of[item])].as_py(),
            {names[int(columns[i])].as_py(): int(counts[i]) for i in entries},
        )
        for item in largest[n_other[largest] > 0]
        if len(entries := np.flatnonzero(rows == item))
    ]
    return Merges(int((n_other > 0).sum()), int(n_other.sum()), shown)


def _place_by_name(
    ids: Coded, names: Coded, name_of: Ints
) -> tuple[Ints, NDArray[np.int64], int]:
    """Return each row's item, the names that are items of their own, rows that found."""
    n_ids, n_names = len(ids.values), len(names.values)
    bearers = np.bincount(name_of[name_of >= 0], minlength=n_names)
    only = np.full(n_names, -1, np.int32)
    only[name_of[name_of >= 0]] = np.flatnonzero(name_of >= 0)
    only[bearers != 1] = -1
    lost = (ids.codes < 0) & (names.codes >= 0)
    used = np.bincount(names.codes[lost], minlength=n_names) > 0
    own = np.flatnonzero(used & (only < 0))
    n_found = int((only[names.codes[lost]] >= 0).sum())
    only[own] = n_ids + np.arange(len(own))
    codes = ids.codes.copy()
    codes[lost] = only[names.codes[lost]]
    return codes, own, n_found


def _take_or(values: Any, positions: Ints, otherwise: Any) -> Any:
    """Return values by position, and those of `otherwise` where it is -1."""
    mask = positions < 0
    taken = values.take(pa.array(positions, mask=mask))
    return pc.coalesce(taken, otherwise)


def _append(values: Any, more: list[str]) -> Any:
    return pa.concat_arrays([values, pa.array(more, pa.string())])
