"""The folders of recommenders under DATA_DIR, which go when their rows have gone.

DATA_DIR/recommenders/<recommender>/<version>/, next to a `.part` that is being written.
"""

import logging
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from recommenders.models import Recommender, RecommenderVersion

logger = logging.getLogger(__name__)


def root() -> Path:
    return Path(settings.DATA_DIR) / "recommenders"


def remove_of(instance: Recommender, **signal: Any) -> None:
    """Remove the files of a recommender that is being deleted, once it is."""
    transaction.on_commit(partial(remove, root() / str(instance.pk)))


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # what is left over, a sweep removes


def without_rows() -> Iterator[Path]:
    """Folders of recommenders and of versions that are no more.

    A row is stored long before its folder, so that no training is among them.
    """
    found = [path for path in _inside(root()) if path.name.isdecimal()]
    known = set(Recommender.objects.values_list("pk", flat=True))
    versions = set(RecommenderVersion.objects.values_list("recommender", "number"))
    for folder in found:
        if int(folder.name) not in known:
            yield folder
            continue
        yield from (
            path
            for path in _inside(folder)
            if path.name.isdecimal()
            and (int(folder.name), int(path.name)) not in versions
        )


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
