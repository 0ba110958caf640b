"""The stored profiles of columns.

Those of a table of 10,000 columns are 5 MB of JSON: PostgreSQL extracts what is needed.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, JSONField, Value

from datasets.errors import FilesGone
from datasets.models import DatasetVersion


def names(version: DatasetVersion, *, most: int | None = None) -> list[str]:
    """Of all columns or the first, in the order of the table."""
    which = "*" if most is None else f"0 to {most - 1}"
    return _extract(version, f"$[{which}].name")


def some(version: DatasetVersion, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """The profiles of columns by their numbers, from 1; none for one that is not."""
    indices = ", ".join(str(number - 1) for number in numbers)
    return _extract(version, f"$[{indices}]") if indices else []


def called(version: DatasetVersion, columns: set[str]) -> list[dict[str, Any]]:
    """The profiles of the columns of these names, as far as there are such."""
    numbers = [n for n, name in enumerate(names(version), 1) if name in columns]
    return some(version, numbers)


def lacking(version: DatasetVersion) -> list[tuple[int, int]]:
    """(number, how many values are missing) where some are, the most first."""
    nulls = enumerate(_extract(version, "$[*].nulls"), 1)
    return sorted(((number, n) for number, n in nulls if n), key=lambda pair: -pair[1])


def _extract(version: DatasetVersion, path: str) -> Any:
    """Extract a path of SQL/JSON. Raises FilesGone where the version was deleted."""
    extract = Func(
        F("columns"),
        Value(path),
        function="jsonb_path_query_array",
        output_field=JSONField(),
    )
    rows = DatasetVersion.objects.filter(pk=version.pk).values_list(extract, flat=True)
    if not rows:
        raise FilesGone(FilesGone.__doc__)
    return rows[0] or []  # of one that is not stored
