"""The version of a recommender that answers: its files are mapped, never read whole."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml.recommend.storage import checksums
from ml.recommend.storage.checksums import StoreError
from recommenders.models import Recommender, RecommenderVersion
from recommenders.versions.registry import RecommenderLedger

if TYPE_CHECKING:
    from ml.recommend.storage.store import LoadedModel

logger = logging.getLogger(__name__)

UNUSED_COLUMNS = ("report", "evaluation", "verdict")  # long, and no question needs them


class NotTrained(Exception):
    """This recommender has not learned yet. Train it, or wait until it is trained."""


class Damaged(Exception):
    """The files of every version are missing or damaged. Train it again."""


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """A version that answers."""

    version: RecommenderVersion
    loaded: LoadedModel
    fallback_reason: str = ""  # why another than the live one answers; else ""


def open_live(recommender: Recommender) -> LiveVersion:
    """Open the live version, or the last one before it whose files are good.

    Raises NotTrained and Damaged.
    """
    live = recommender.versions.filter(live=True).defer(*UNUSED_COLUMNS).first()
    if live is None:
        raise NotTrained(NotTrained.__doc__)
    try:
        return LiveVersion(live, open_version(live))
    except StoreError as exc:
        logger.error(
            "recommender %s: version %s: %s", recommender.slug, live.number, exc
        )
        return _open_last_good(recommender, live, str(exc))


def open_version(version: RecommenderVersion) -> LoadedModel:
    """Open a version that is ready; a process opens each once (`LoadedModel.open`).

    Whether its files are still those that were stored is asked each time: it is a few
    microseconds a file. Raises StoreError.
    """
    from ml.recommend.storage.store import LoadedModel  # pyarrow and SciPy: 60 MB

    checksums.check(version.folder, version.manifest["files"])
    return LoadedModel.open(version.folder, version.manifest)


def check(version: RecommenderVersion) -> str:
    """What is wrong with the files of a version; "" where they are what was stored."""
    try:
        open_version(version)
    except StoreError as exc:
        return str(exc)
    return ""


def _open_last_good(
    recommender: Recommender, live: RecommenderVersion, fallback_reason: str
) -> LiveVersion:
    for key in reversed(RecommenderLedger(recommender).promoted()[:-1]):
        version = RecommenderVersion.objects.get(pk=key)
        if version != live:
            try:
                loaded = open_version(version)
            except StoreError:
                continue
            return LiveVersion(version, loaded, fallback_reason)
    raise Damaged(Damaged.__doc__)
