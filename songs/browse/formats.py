"""Rows of videos as CSV, for spreadsheets and programs."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would calculate these
LINE_ENDS = {0x2028: r"\u2028", 0x2029: r"\u2029"}  # to str.splitlines; escaped in JSON
IDS = ("video_id",)  # may begin with "-", and hold nothing that calculates


def csv_lines(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a line for each row; a text that a spreadsheet would calculate is quoted."""
    return _written(map(_cell, row, fields) for row in rows)


def csv_header(fields: Sequence[str]) -> bytes:
    """Return the line of the names."""
    return _written([fields])


def _written(rows: Iterable[Iterable[Any]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def _cell(value: Any, field: str) -> Any:
    if isinstance(value, str):
        harmless = not value.startswith(FORMULA) or field in IDS
        return value if harmless else f"'{value}"
    if isinstance(value, (bool, list, dict)):
        return orjson.dumps(value).decode().translate(LINE_ENDS)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value
