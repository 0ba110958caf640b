"""Parse a version and store its table, all or nothing, with its progress."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
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
SAVE_EVERY_S = 0.5


def lock_of(version: DatasetVersion) -> str:
    return f"datasets.{version.pk}"


def store(
    version: DatasetVersion, *, progress: Callable[[int], object] | None = None
) -> DatasetVersion:
    """Parse a version and make it ready, or failed with the problem.

    One that is ready stays as it is; one that was cut off is begun again. `progress`
    gets per cent, as the row does. Raises background.locks.AlreadyRunning.
    """
    with alone(lock_of(version)):
        version.refresh_from_db()
        if version.state == VersionState.READY:
            return version
        with paths.working_folder() as folder:
            _set(version, state=VersionState.RUNNING, done=0, problem="")
            try:
                with paths.disk_full_as_no_room():
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
    finish(
        version, parse(version.original, version.file_name, dialect, folder, progress)
    )


def finish(version: DatasetVersion, parsed: ParsedTable) -> None:
    """Move its table to a version and make it ready."""
    paths.sync(parsed.table)
    parsed.table.replace(version.table)
    _set(
        version,
        state=VersionState.READY,
        done=version.total,
        problem="",
        n_rows=parsed.n_rows,
        n_columns=len(parsed.columns),
        columns=[asdict(column) for column in parsed.columns],
        refused=asdict(parsed.rejects),
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
    version: DatasetVersion, report: Callable[[int], object] | None
) -> Callable[[int], None]:
    saved_at = time.monotonic()

    def show(per_cent: int) -> None:
        nonlocal saved_at
        if report:
            report(per_cent)
        now = time.monotonic()
        if per_cent != version.done and now - saved_at > SAVE_EVERY_S:
            saved_at = now
            _set(version, done=per_cent)

    return show
