"""A fitted recommender as a folder of plain files, and questions to it.

Nothing of a stored recommender is executed and nothing is loaded as a whole: its arrays
are mapped into memory, and a question reads the few rows it needs.
"""

import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from ml.recommend.algorithms.registry import find_algorithm
from ml.recommend.arrays import AT_ONCE
from ml.recommend.data.interactions import Interactions
from ml.recommend.data.pairs import Listeners, Pairs
from ml.recommend.index import name_search
from ml.recommend.index.item_neighbours import ItemNeighbours, build_neighbours
from ml.recommend.index.name_search import Index
from ml.recommend.interface import Run
from ml.recommend.model import Model
from ml.recommend.records import Item, Match, Suggestion
from ml.recommend.storage.arrays import read_arrays, write_arrays
from ml.recommend.storage.checksums import StoreError, UnreadableFile

FORMAT = 1
LIBRARIES = ("numpy", "scipy", "pyarrow")
MAX_OPEN = 16  # recommenders that a process keeps open
MAX_SUGGESTED_USERS = 50_000  # of more users, the names are ids that nobody guesses


class OtherFormat(StoreError):
    """The files were written by another version of this program. Train again."""


def save(
    model: Model,
    interactions: Interactions,
    folder: Path,
    *,
    run: Run = Run(),  # noqa: B008 - frozen
) -> dict[str, Any]:
    """Write a model and what its answers need into a folder.

    Parameters
    ----------
    model : Model
        Fitted to the pairs of `interactions`.
    interactions : Interactions
    folder : Path
        Appears as a whole, at the end; what was there before is replaced.
    run : Run
        Is told of progress in items.

    Returns
    -------
    dict
        The manifest, JSON-able: keep it where nobody else writes, `LoadedModel.open` trusts
        it alone. It says the algorithm, its settings and seed, how much the model
        knows, libraries, and the SHA-256 of each file.
    """
    known = _listen(model, interactions) | _with_prefix("model", model.arrays)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with ThreadPoolExecutor(2) as aside:  # the disk takes its time
        written = [
            aside.submit(lambda: write_arrays(part, known)),
            aside.submit(lambda: write_arrays(part, _name(interactions))),
        ]
        alike = build_neighbours(
            model.algorithm, model.arrays, model.listeners, run=run
        )
        files = write_arrays(part, _with_prefix("alike", alike._asdict()))
    for others in written:
        files |= others.result()
    manifest = {
        "format": FORMAT,
        "algorithm": model.algorithm.name,
        "settings": dict(model.settings),
        "seed": model.seed,
        "n_users": len(interactions.users),
        "n_items": len(interactions.items),
        "n_likes": int(model.pairs.likes.nnz),
        "libraries": {name: version(name) for name in LIBRARIES},
        "files": dict(sorted(files.items())),
    }
    (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(part, folder)
    return manifest


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A stored recommender, open for questions; codes are those of `Interactions`."""

    manifest: Mapping[str, Any]
    model: Model
    alike: ItemNeighbours
    ids: Any
    names: Any
    users: Any
    totals: NDArray[np.float64]  # shape (n_items,), see `Item.total`
    by_name: Index
    by_id: Index | None  # None where ids are names
    by_user: Index

    @classmethod
    def open(cls, folder: Path, manifest: Mapping[str, Any]) -> "LoadedModel":
        """Open a stored recommender; a process opens each once.

        Parameters
        ----------
        folder : Path
        manifest : mapping
            As `save` returned it; that in the folder is for people.

        Returns
        -------
        LoadedModel
            Each file was compared with its digest when this process live it first.
            The folder may be deleted while it is in use.

        Raises
        ------
        FileMissing, DigestMismatch, UnreadableFile, OtherFormat
            All of them `ml.recommend.storage.checksums.StoreError`.
        """
        return _open(Path(folder).absolute(), json.dumps(manifest, sort_keys=True))

    @cached_property
    def listeners(self) -> NDArray[np.int64]:
        """Users who like each item; shape (n_items,)."""
        return np.diff(self.model.listeners.starts).astype(np.int64)

    @cached_property
    def averages(self) -> NDArray[np.float64]:
        """Amount of a listener of each item, 0 without any; shape (n_items,)."""
        return self.totals / np.maximum(self.listeners, 1)

    def item(self, code: int) -> Item:
        """Return what is known of an item; raises IndexError if there is none."""
        if not 0 <= code < len(self.ids):
            raise IndexError(f"there is no item {code}")
        listeners, total = self.model.listeners.count(code), float(self.totals[code])
        return Item(
            code=int(code),
            id=self.ids[code].as_py(),
            name=self.names[code].as_py(),
            listeners=listeners,
            total=total,
            average=total / max(listeners, 1),
        )

    def find_item(self, text: str, n: int = 10) -> Match:
        """Find an item by name, or else by id; see `ml.recommend.index.name_search.find`."""
        found = name_search.find(self.by_name, self.names, text, n=n)
        if found.code is None and self.by_id is not None:
            code = self.find_id(text)
            return found if code is None else Match(code, [])
        return found

    def find_id(self, text: str) -> int | None:
        """Return the code of the item with exactly this id, or None."""
        if self.by_id is None:  # ids are names
            return self.find_item(text, 0).code
        return name_search.find_exact(self.by_id, text)

    def find_user(self, text: str, n: int = 10) -> Match:
        """Find a user by name; a table of very many users suggests none."""
        return name_search.find(self.by_user, self.users, text, n=n)

    def suggest(self, text: str, n: int = 10) -> list[int]:
        """Complete the name of an item; see `ml.recommend.index.name_search.suggest`."""
        return name_search.suggest(self.by_name, text, n)

    def suggest_users(self, text: str, n: int = 10) -> list[int]:
        """Complete the name of a user."""
        return name_search.suggest(self.by_user, text, n)

    def similar(self, item: int, n: int = 10) -> list[Suggestion]:
        """Name the items closest to an item, as `Model.similar`, from the stored table.

        At most `ml.recommend.index.item_neighbours.MAX_NEIGHBOURS` are stored.
        """
        if not 0 <= item < len(self.ids):
            raise IndexError(f"there is no item {item}")
        rows = zip(*(part.tolist() for part in self.alike.of(item, n)), strict=True)
        return [
            Suggestion(
                item=other,
                closeness=round(100 * closeness, 2),
                listeners=self.model.listeners.count(other),
                shared=shared,
            )
            for other, closeness, shared in rows
        ]


def _listen(model: Model, interactions: Interactions) -> dict[str, Any]:
    """Return the arrays that say who likes what."""
    likes, dislikes, _ = model.pairs
    if likes.shape != (len(interactions.users), len(interactions.items)):
        raise ValueError("the model was fitted to other interactions")
    return {
        "likes_amounts": likes.data,
        "likes_items": likes.indices,
        "likes_starts": likes.indptr,
        "dislikes_items": dislikes.indices,
        "dislikes_starts": dislikes.indptr,
        "listeners_starts": model.listeners.starts,
        "listeners_users": model.listeners.users,
        "totals": _sum_items(likes),
    }


def _sum_items(likes: Any) -> NDArray[np.float64]:
    sums = np.zeros(likes.shape[1])
    for start in range(0, likes.nnz, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        sums += np.bincount(likes.indices[part], likes.data[part], len(sums))
    return sums


def _name(interactions: Interactions) -> dict[str, Any]:
    """Return names, and the indexes by which they are found."""
    users, ids, names = interactions.users, interactions.items, interactions.names
    suggest_users = len(users) <= MAX_SUGGESTED_USERS
    parts = {"who": users, "ids": ids}
    parts |= _with_prefix("name", name_search.build_index(names)._asdict())
    parts |= _with_prefix(
        "who", name_search.build_index(users, suggest=suggest_users)._asdict()
    )
    if not ids.equals(names):
        parts["names"] = names
        parts |= _with_prefix("id", name_search.sort_exactly(ids)._asdict())
    return parts


def _with_prefix(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{key}": array for key, array in arrays.items()}


def _without_prefix(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{prefix}_"
    return {k.removeprefix(start): a for k, a in arrays.items() if k.startswith(start)}


@lru_cache(MAX_OPEN)
def _open(folder: Path, manifest_text: str) -> LoadedModel:
    manifest = json.loads(manifest_text)
    if manifest.get("format") != FORMAT:
        raise OtherFormat(f"{folder}: format {manifest.get('format')} is not {FORMAT}")
    arrays = read_arrays(folder, manifest["files"])
    try:
        by_id = _without_prefix("id", arrays)
        return LoadedModel(
            manifest=manifest,
            model=_open_model(manifest, arrays),
            alike=ItemNeighbours(**_without_prefix("alike", arrays)),
            ids=arrays["ids"],
            names=arrays.get("names", arrays["ids"]),
            users=arrays["who"],
            totals=arrays["totals"],
            by_name=Index(**_without_prefix("name", arrays)),
            by_id=Index(**by_id) if by_id else None,
            by_user=Index(**_without_prefix("who", arrays)),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise UnreadableFile(f"{folder}: {exc!r}") from exc


def _open_model(manifest: Mapping[str, Any], arrays: Mapping[str, Any]) -> Model:
    shape = (manifest["n_users"], manifest["n_items"])
    likes, dislikes = (_without_prefix(name, arrays) for name in ("likes", "dislikes"))
    ones = np.broadcast_to(np.float32(1), len(dislikes["items"]))
    pairs = Pairs(
        _as_csr(likes["amounts"], likes, shape), _as_csr(ones, dislikes, shape), None
    )
    return Model(
        find_algorithm(manifest["algorithm"]),
        manifest["settings"],
        manifest["seed"],
        _without_prefix("model", arrays),
        pairs,
        Listeners(arrays["listeners_starts"], arrays["listeners_users"], shape[0]),
    )


def _as_csr(data: Any, parts: Mapping[str, Any], shape: tuple[int, int]) -> Any:
    matrix = scipy.sparse.csr_matrix(
        (data, parts["items"], parts["starts"]), shape, copy=False
    )
    # Told, for else SciPy reads all of it to find out.
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix
