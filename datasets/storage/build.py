"""What the worker does with a version: parse it, all or nothing, with its progress."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from background.locks import alone
from datasets import paths
from datasets.errors import NoRoom
from datasets.models import DatasetVersion, VersionState
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable
from datasets.parsing.parse import ParsedTable, parse

logger = logging.getLogger(__name__)
TOLD_EVERY_S = 0.5


def lock_of(version: DatasetVersion) -> str:
    return f"datasets.{version.pk}"


def store(
    version: DatasetVersion, *, progress: Callable[[int], object] | None = None
) -> DatasetVersion:
    """Parse a version and make it ready, or failed with the problem.

    One that is ready stays as it is; one that was cut off is begun again. `progress`
    is told per cent, as the row is. Raises background.locks.AlreadyRunning.
    """
    with alone(lock_of(version)):
        version.refresh_from_db()
        if version.state == VersionState.READY:
            return version
        with paths.working_folder() as folder:
            _set(version, state=VersionState.RUNNING, done=0, problem="")
            try:
                with paths.no_room_told():
                    _parse(version, folder, _progress(version, progress))
            except (NotATable, NoRoom) as exc:
                _fail(version, str(exc))
            except Exception as exc:
                logger.exception("dataset version %s cannot be stored", version.pk)
                _fail(version, f"It could not be stored: {type(exc).__name__}.")
    return version


def _parse(
    version: DatasetVersion, folder: Path, progress: Callable[[int], None]
) -> None:
    paths.check_room(version.size_bytes)
    dialect = Dialect.of(version.dialect)
    keep(version, parse(version.original, version.file_name, dialect, folder, progress))


def keep(version: DatasetVersion, parsed: ParsedTable) -> None:
    """Make a version ready with its table, at once."""
    paths.sync(parsed.table)
    parsed.table.replace(version.table)
    _set(
        version,
        state=VersionState.READY,
        done=version.total,
        problem="",
        n_rows=parsed.n_rows,
        n_columns=len(parsed.columns),
        columns=[column.as_dict() for column in parsed.columns],
        refused=parsed.refusals.as_dict(),
        stored=timezone.now(),
    )


def _fail(version: DatasetVersion, problem: str) -> None:
    _set(version, state=VersionState.FAILED, problem=problem)


def _set(version: DatasetVersion, **columns: Any) -> None:
    """Save columns; a version that was deleted meanwhile stays so."""
    for column, value in columns.items():
        setattr(version, column, value)
    DatasetVersion.objects.filter(pk=version.pk).update(**columns)


def _progress(
    version: DatasetVersion, more: Callable[[int], object] | None
) -> Callable[[int], None]:
    told = time.monotonic()

    def show(per_cent: int) -> None:
        nonlocal told
        if more:
            more(per_cent)
        now = time.monotonic()
        if per_cent != version.done and now - told > TOLD_EVERY_S:
            told = now
            _set(version, done=per_cent)

    return show
