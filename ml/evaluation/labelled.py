"""Labelled videos from a table in the six columns of 2019."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ml.moods.recipe import Codes
from ml.moods.text import VideoText

COLUMNS = ("video_id", "video_title", "moods", "labeled", "video_description")


class TableError(ValueError):
    """The table cannot be used. The message names the file and what it lacks."""


@dataclass(frozen=True)
class LabelledVideos:
    """Videos that a person labelled, one position each in all of them."""

    ids: list[str]
    texts: list[VideoText]
    moods: list[str]
    groups: Codes | None = None  # near-duplicates; None: to be found in the texts


def read_labelled(path: Path) -> LabelledVideos:
    """Read the videos that a person labelled, and no others.

    A mood on a row whose `labeled` is not ``t`` is a database default, not a
    judgement; such rows are left out.

    Parameters
    ----------
    path : Path
        CSV with `COLUMNS`, as PostgreSQL's COPY writes it.

    Returns
    -------
    LabelledVideos
        In the order of the file; empty if nothing is labelled.

    Raises
    ------
    TableError
        If the file is missing, no CSV, lacks a column, or labels a video twice: its
        twin would be seen in training and judged.
    """
    table = _read(path, COLUMNS)
    table = table[table["labeled"] == "t"]
    twice = table["video_id"].duplicated()
    if twice.any():
        first = table.loc[twice, "video_id"].iloc[0]
        raise TableError(f"{path}: {first} is labelled twice; keep one of its rows")
    texts = [
        VideoText(title, description)
        for title, description in zip(
            table["video_title"], table["video_description"], strict=True
        )
    ]
    return LabelledVideos(table["video_id"].tolist(), texts, table["moods"].tolist())


def read_groups(path: Path, ids: Sequence[str]) -> Codes:
    """Read the near-duplicate group of each video.

    Parameters
    ----------
    path : Path
        CSV with ``video_id`` and ``group``; videos besides `ids` are ignored.
    ids : sequence of str, length n_videos

    Returns
    -------
    int64 array, shape (n_videos,)
        In the order of `ids`; only equality has a meaning.

    Raises
    ------
    TableError
        If the file is missing, no CSV, lacks a column, or has no group for a video.
    """
    table = _read(path, ("video_id", "group"))
    group_of = dict(zip(table["video_id"], table["group"], strict=True))
    missing = [video_id for video_id in ids if video_id not in group_of]
    if missing:
        raise TableError(
            f"{path}: no group for {len(missing)} videos, the first is {missing[0]}"
        )
    names = [group_of[video_id] for video_id in ids]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except OSError as exc:
        raise TableError(f"{path}: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise TableError(f"{path}: it is not text in UTF-8, so no CSV") from exc
    except ValueError as exc:
        raise TableError(f"{path}: {' '.join(str(exc).split())}") from exc
    missing = [column for column in columns if column not in table]
    if missing:
        raise TableError(f"{path}: no column {', '.join(missing)}")
    return table
