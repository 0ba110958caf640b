"""The version of a recommender that answers, opened; never loaded as a whole."""

import logging
from dataclasses import dataclass

from ml.recommend.storage import checksums
from ml.recommend.storage.checksums import StoreError
from ml.recommend.storage.store import Served
from recommenders.models import Recommender, RecommenderVersion
from recommenders.versions.registry import RecommenderLedger

logger = logging.getLogger(__name__)

UNASKED = ("report", "evaluation", "verdict")  # long, and no question needs them


class NotTrained(Exception):
    """This recommender has not learned yet. Train it, or wait until it is trained."""


class Damaged(Exception):
    """The files of every version are missing or damaged. Train it again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version that answers."""

    version: RecommenderVersion
    served: Served
    trouble: str = ""  # why it is not the live version: that one's files are damaged


def open_live(recommender: Recommender) -> Opened:
    """Open the live version, or the last one before it whose files are good.

    Raises NotTrained and Damaged.
    """
    live = recommender.versions.filter(live=True).defer(*UNASKED).first()
    if live is None:
        raise NotTrained(NotTrained.__doc__)
    try:
        return Opened(live, open_version(live))
    except StoreError as exc:
        logger.error(
            "recommender %s: version %s: %s", recommender.slug, live.number, exc
        )
        return _open_last_good(recommender, live, str(exc))


def open_version(version: RecommenderVersion) -> Served:
    """Open a version that is ready; a process opens each once (`Served.open`).

    Whether its files are still those that were stored is asked each time: it is a few
    microseconds a file. Raises StoreError.
    """
    checksums.check(version.folder, version.manifest["files"])
    return Served.open(version.folder, version.manifest)


def check(version: RecommenderVersion) -> str:
    """What is wrong with the files of a version; "" where they are what was stored."""
    try:
        open_version(version)
    except StoreError as exc:
        return str(exc)
    return ""


def _open_last_good(
    recommender: Recommender, live: RecommenderVersion, trouble: str
) -> Opened:
    for key in reversed(RecommenderLedger(recommender).promoted()[:-1]):
        version = RecommenderVersion.objects.get(pk=key)
        if version != live:
            try:
                served = open_version(version)
            except StoreError:
                continue
            return Opened(version, served, trouble)
    raise Damaged(Damaged.__doc__)
