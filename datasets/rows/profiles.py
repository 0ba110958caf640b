"""The stored profiles of columns, as far as they are wanted.

Those of a table of 10,000 columns are 5 MB of JSON: PostgreSQL takes out what is asked.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, JSONField, Value

from datasets.errors import FilesGone
from datasets.models import DatasetVersion


def names(version: DatasetVersion, *, most: int | None = None) -> list[str]:
    """Of all columns or the first, in the order of the table."""
    which = "*" if most is None else f"0 to {most - 1}"
    return _taken(version, f"$[{which}].name")


def some(version: DatasetVersion, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """The profiles of columns by their numbers, from 1; none for one that is not."""
    places = ", ".join(str(number - 1) for number in numbers)
    return _taken(version, f"$[{places}]") if places else []


def called(version: DatasetVersion, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """The profiles of the columns of these names, as far as there are such."""
    asked = set(wanted)
    numbers = [n for n, name in enumerate(names(version), 1) if name in asked]
    return some(version, numbers)


def lacking(version: DatasetVersion) -> list[tuple[int, int]]:
    """(number, how many values are missing) where some are, the most first."""
    found = [
        (number, n) for number, n in enumerate(_taken(version, "$[*].nulls"), 1) if n
    ]
    return sorted(found, key=lambda one: -one[1])


def _taken(version: DatasetVersion, path: str) -> Any:
    """What a path of SQL/JSON finds. Raises FilesGone where the version was deleted."""
    take = Func(
        F("columns"),
        Value(path),
        function="jsonb_path_query_array",
        output_field=JSONField(),
    )
    rows = DatasetVersion.objects.filter(pk=version.pk).values_list(take, flat=True)
    if not rows:
        raise FilesGone(FilesGone.__doc__)
    return rows[0] or []  # of one that is not stored
