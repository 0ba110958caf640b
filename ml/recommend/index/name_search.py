"""Name search: exact up to case and accents, else the most similar names."""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz import fuzz

from ml.recommend.arrays import Ints
from ml.recommend.index.folding import fold, fold_all
from ml.recommend.records import Match

N_CANDIDATES = 200  # names with the most trigrams in common that are compared in full
MAX_TRIGRAMS = 32  # of the text, the rarest: the others tell little and cost most,
MAX_LISTED = 50_000  # and so many names with them
MIN_ALIKE = 50  # of 100; less alike is no suggestion
MIN_PART, PART = 4, 0.9  # letters of a part that counts, and what it counts
BEGIN, END = b"\x01", b"\x02"  # in no folded name


class Index(NamedTuple):
    """What is kept of names so that they are found without reading all of them.

    Attributes
    ----------
    keys : pyarrow StringArray, length n_names
        Folded names, sorted by their bytes.
    codes : int32 array, shape (n_names,)
        Of whom each key is; of equal keys the smaller code first.
    trigrams : uint32 array, shape (n_trigrams,)
        Three bytes in a row of any key, sorted; none where names are not suggested.
    starts : int64 array, shape (n_trigrams + 1,)
    places : int32 array
        ``places[starts[t]:starts[t + 1]]`` are the positions in `keys` with trigram t.
    """

    keys: Any
    codes: Ints
    trigrams: NDArray[np.uint32]
    starts: NDArray[np.int64]
    places: Ints


def build_index(names: Any, *, suggest: bool = True) -> Index:
    """Prepare names to be found.

    Parameters
    ----------
    names : pyarrow StringArray, length n_names
        The position of a name is its code; of equals the first is preferred.
    suggest : bool
        Whether similar names are to be found too.

    Returns
    -------
    Index
    """
    keys, codes = _sort(fold_all(names))
    trigrams, places = _trigrams(keys) if suggest else _no_trigrams()
    unique, first = np.unique(trigrams, return_index=True)
    starts = np.append(first, len(trigrams)).astype(np.int64)
    return Index(keys, codes, unique, starts, places)


def sort_exactly(ids: Any) -> Index:
    """Prepare ids, a pyarrow StringArray, to be found by `find_exact` as they are."""
    trigrams, places = _no_trigrams()
    return Index(*_sort(ids), trigrams, np.zeros(1, np.int64), places)


def find_exact(index: Index, text: str) -> int | None:
    """Return the code of an id of `sort_exactly`, or None."""
    key = text.encode("utf-8", "replace")
    place = _bisect(index.keys, lambda other: other < key)
    if place == len(index.keys) or _bytes(index.keys, place) != key:
        return None
    return int(index.codes[place])


def find(index: Index, names: Any, text: str, *, n: int = 10) -> Match:
    """Find the name that a text means.

    Parameters
    ----------
    index : Index
        Of `names`.
    names : pyarrow StringArray
    text : str
        Anything.
    n : int
        Most suggestions.

    Returns
    -------
    Match
        Of names that fold alike the one written exactly so, or else the first.
    """
    key = fold(text)
    start, stop = _range(index.keys, key, key)
    if key and start < stop:
        codes = [int(code) for code in index.codes[start:stop]]
        exact = (code for code in codes if names[code].as_py() == text)
        return Match(next(exact, codes[0]), [])
    return Match(None, _most_like(index, key, n))


def suggest(index: Index, text: str, n: int = 10) -> list[int]:
    """Complete what somebody is typing.

    Parameters
    ----------
    index : Index
    text : str
        May be empty.
    n : int

    Returns
    -------
    list of int, length at most n
        Codes: the smallest of those whose names begin so, then the likest names.
    """
    key = fold(text)
    n = max(n, 0)
    start, stop = _range(index.keys, key, key + chr(0x10FFFF))
    codes = index.codes[start:stop]
    if len(codes) > n:
        codes = np.partition(codes, n)[:n] if n else codes[:0]
    begun = [int(code) for code in np.sort(codes)]
    if len(begun) == n:
        return begun
    others = (code for code in _most_like(index, key, n) if code not in begun)
    return [*begun, *others][:n]


def _sort(keys: Any) -> tuple[Any, Ints]:
    """Sort keys by their bytes, of equals the first before; return their codes too."""
    order = pc.sort_indices(keys.cast(pa.binary()))
    return keys.take(order), np.asarray(order).astype(np.int32)


def _range(keys: Any, low: str, high: str) -> tuple[int, int]:
    """Return where keys from `low` to `high`, both included, begin and end."""
    first, last = low.encode(), high.encode()
    return (
        _bisect(keys, lambda key: key < first),
        _bisect(keys, lambda key: key <= last),
    )


def _bisect(keys: Any, is_before: Any) -> int:
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if is_before(_bytes(keys, middle)):
            low = middle + 1
        else:
            high = middle
    return low


def _bytes(keys: Any, place: int) -> bytes:
    found: bytes = keys[place].as_buffer().to_pybytes()
    return found


def _most_like(index: Index, key: str, n: int) -> list[int]:
    """Return the codes of the names most like a key, of equals the smaller code."""
    if n < 1:
        return []
    places = _candidates(index, key)
    if not len(places):
        return []
    keys = index.keys.take(pa.array(places)).to_pylist()
    found = [
        (-alike, int(index.codes[place]))
        for place, other in zip(places, keys, strict=True)
        if (alike := _alike(key, other)) >= MIN_ALIKE
    ]
    return [code for _, code in sorted(found)[:n]]


def _alike(key: str, other: str) -> float:
    """Tell how like two folded names are, 0 to 100; a part of a name is like it."""
    alike = fuzz.ratio(key, other)
    if MIN_PART <= len(key) < len(other):
        alike = max(alike, PART * fuzz.partial_ratio(key, other))
    return alike


def _candidates(index: Index, key: str) -> NDArray[np.int64]:
    """Return the places with the greatest share of trigrams in common with a key."""
    if not key or not len(index.trigrams):
        return np.empty(0, np.int64)
    wanted = np.unique(_windows(BEGIN + key.encode() + END))
    at = np.searchsorted(index.trigrams, wanted)
    at = at[at < len(index.trigrams)]
    at = at[np.isin(index.trigrams[at], wanted)]
    if not len(at):
        return np.empty(0, np.int64)
    sizes = index.starts[at + 1] - index.starts[at]
    at = at[np.argsort(sizes, kind="stable")[:MAX_TRIGRAMS]]
    listed = np.cumsum(index.starts[at + 1] - index.starts[at])
    at = at[: max(1, np.searchsorted(listed, MAX_LISTED))]
    lists = [index.places[index.starts[t] : index.starts[t + 1]] for t in at]
    places, n_common = np.unique(np.concatenate(lists), return_counts=True)
    shares = n_common / (len(wanted) + _lengths(index.keys, places))
    if len(shares) > N_CANDIDATES:  # sorting all of them would take longest
        likely = shares >= np.partition(shares, -N_CANDIDATES)[-N_CANDIDATES]
        places, shares = places[likely], shares[likely]
    best = np.lexsort((index.codes[places], -shares))[:N_CANDIDATES]
    return places[best].astype(np.int64)


def _trigrams(keys: Any) -> tuple[NDArray[np.uint32], Ints]:
    """Return all trigrams of all keys, sorted, and the place of the key of each."""
    marked = pc.binary_join_element_wise(BEGIN, keys.cast(pa.binary()), END, b"")
    if not len(keys):
        return _no_trigrams()
    _, offsets, buffer = marked.buffers()
    starts = np.frombuffer(offsets, np.int32)[: len(keys) + 1]
    windows = _windows(buffer.to_pybytes()[: starts[-1]])
    owners = np.repeat(np.arange(len(keys), dtype=np.int32), np.diff(starts))
    inside = owners[:-2] == owners[2:]
    windows, places = windows[inside], owners[:-2][inside]
    order = np.argsort(windows, kind="stable")
    return windows[order], places[order]


def _windows(text: bytes) -> NDArray[np.uint32]:
    """Return each three bytes in a row as a number."""
    values = np.frombuffer(text, np.uint8).astype(np.uint32)
    high, middle, low = values[:-2], values[1:-1], values[2:]
    return (high << np.uint32(16)) | (middle << np.uint32(8)) | low


def _no_trigrams() -> tuple[NDArray[np.uint32], Ints]:
    return np.empty(0, np.uint32), np.empty(0, np.int32)


def _lengths(keys: Any, places: Ints) -> NDArray[np.int32]:
    """Return the bytes of keys, which are their trigrams with both marks."""
    ends = np.frombuffer(keys.buffers()[1], np.int32)[keys.offset :]
    lengths: NDArray[np.int32] = ends[places + 1] - ends[places]
    return lengths
