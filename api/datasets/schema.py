"""The prose of the OpenAPI document about `/api/datasets/`."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiTypes,
)

from api.datasets.query import (
    ColumnsQuery,
    MissingQuery,
    PageQuery,
    RowsQuery,
    VersionQuery,
)
from api.datasets.serializers import (
    ColumnPageSerializer,
    ColumnSerializer,
    DatasetDetailSerializer,
    DatasetPageSerializer,
    MissingSerializer,
    RowsSerializer,
)
from api.openapi.errors import QUERY
from api.openapi.responses import (
    ANYBODY,
    RETRY_AFTER,
    public_read,
    response_example,
)

TABLES = ["Datasets"]
SIGNED_IN = [*ANYBODY, {"cookieAuth": []}]  # who sees their own ones, too
ONE_DATASET = {404: "not_found"}
A_TABLE = {404: "not_found", 409: "not_stored"}
OF_DATASET = OpenApiParameter(
    "dataset", str, OpenApiParameter.PATH, description="As the list names it."
)
OF_COLUMN = OpenApiParameter(
    "column", int, OpenApiParameter.PATH, description="Its number, from 1."
)
FORMAT = OpenApiParameter(
    "format",
    enum=["json", "csv", "ndjson", "parquet"],
    description="As the header `Accept` would say it.",
)
A_VERSION: dict[str, Any] = {
    "number": 1,
    "state": "ready",
    "file_name": "plays.csv",
    "kind": "csv",
    "size_bytes": 54,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "dialect": {
        "encoding": "utf-8",
        "delimiter": ",",
        "quote": '"',
        "header": True,
        "skip": 0,
        "names": [],
    },
    "n_rows": 3,
    "n_columns": 3,
    "created": "2026-11-20T04:05:00Z",
}
A_DATASET: dict[str, Any] = {
    "dataset": "plays",
    "name": "Plays",
    "description": "Who listened how often to whom.",
    "licence_note": "",
    "owner": "ann",
    "shared": True,
    "created": "2026-11-20T04:05:00Z",
    "current": A_VERSION,
}
ITS_COLUMN: dict[str, Any] = {
    "number": 3,
    "name": "plays",
    "type": "integer",
    "note": "",
    "nulls": 1,
    "distinct": 2,
    "distinct_exact": True,
    "min": 1,
    "max": 3,
    "mean": 2.0,
    "longest": None,
    "quantiles": {"0.05": 1, "0.25": 1, "0.5": 1, "0.75": 3, "0.95": 3},
    "top": [{"value": 1, "count": 1}, {"value": 3, "count": 1}],
    "histogram": [
        {"low": 1, "high": 2, "count": 1},
        {"low": 2, "high": 3, "count": 0},
        {"low": 3, "high": 3, "count": 1},
    ],
    "examples": [3, 1],
}
SOME_ROWS: dict[str, Any] = {
    "version": 1,
    "total": 3,
    "columns": ["who", "what", "plays"],
    "numbers": [1, 2, 3],
    "rows": [["ann", "Radiohead", 3], ["bob", "Muse", 1], ["ann", "Muse", None]],
}


def described(
    operation_id: str,
    summary: str,
    description: str,
    answer: Any,
    example: OpenApiExample,
    *,
    query: Any = None,
    path: tuple[OpenApiParameter, ...] = (OF_DATASET,),
    codes: dict[int, str] = A_TABLE,
) -> Any:
    """Describe a route that reads."""
    return public_read(
        operation_id,
        summary,
        description,
        answer,
        example,
        tags=TABLES,
        auth=SIGNED_IN,
        parameters=[*([query] if query else []), *path, RETRY_AFTER],
        refused=(QUERY, codes),
    )


DATASETS = described(
    "datasets",
    "Tables that people uploaded",
    "Those that are shared with everybody and, with the session of the site, your own; "
    "the newest first.",
    DatasetPageSerializer,
    response_example("One dataset", {"total": 1, "results": [A_DATASET]}),
    query=PageQuery,
    path=(),
    codes={},
)
DATASET = described(
    "dataset",
    "A dataset and its versions",
    "What its owner says of it, its files, and which lines of the newest one could not "
    "be stored.",
    DatasetDetailSerializer,
    response_example(
        "A dataset",
        A_DATASET | {"versions": [A_VERSION], "refused": {"n": 0, "first": []}},
    ),
    codes=ONE_DATASET,
)
COLUMNS = described(
    "dataset_columns",
    "What the columns hold",
    "Type, missing and different values, extremes, quantiles, frequent values and a "
    "histogram of each column. A table of more than 500 columns has less of each here; "
    "all of it has the route of one column.",
    ColumnPageSerializer,
    response_example("One column", {"version": 1, "total": 1, "results": [ITS_COLUMN]}),
    query=ColumnsQuery,
)
COLUMN = described(
    "dataset_column",
    "What one column holds",
    "As in the list of columns, and whole however wide the table is.",
    ColumnSerializer,
    response_example("A column", ITS_COLUMN),
    query=VersionQuery,
    path=(OF_DATASET, OF_COLUMN),
    codes=A_TABLE | {503: "too_slow"},
)
MISSING = described(
    "dataset_missing",
    "Which values are missing",
    "The columns that lack values, those that lack most first.",
    MissingSerializer,
    response_example(
        "One column lacks a value",
        {
            "version": 1,
            "n_rows": 3,
            "total": 1,
            "results": [
                {"number": 3, "name": "plays", "nulls": 1, "share": 0.3333333333333333}
            ],
        },
    ),
    query=MissingQuery,
)
ROWS = described(
    "dataset_rows",
    "Rows of a dataset",
    "The first ones, the last ones, random ones (each set as likely as any other; the "
    "same for a `seed`), or any page, sorted and with conditions. Cells are as they were "
    "stored, whatever a spreadsheet would make of them.",
    RowsSerializer,
    response_example("Three rows", SOME_ROWS),
    query=RowsQuery,
    codes=A_TABLE | {503: "too_slow"},
)
DOWNLOAD = public_read(
    "dataset_download",
    "A dataset as a file",
    "All rows and columns of a version, sent while they are read. In CSV a text "
    "that a spreadsheet would calculate has an apostrophe before it; JSON, "
    "NDJSON and Parquet have every cell as it was stored.",
    {
        (200, "application/json"): OpenApiTypes.ANY,
        (200, "text/csv"): OpenApiTypes.STR,
        (200, "application/x-ndjson"): OpenApiTypes.STR,
        (200, "application/vnd.apache.parquet"): OpenApiTypes.BINARY,
    },
    response_example(
        "Three rows",
        [
            {"who": "ann", "what": "Radiohead", "plays": 3},
            {"who": "bob", "what": "Muse", "plays": 1},
            {"who": "ann", "what": "Muse", "plays": None},
        ],
    ),
    tags=TABLES,
    auth=SIGNED_IN,
    parameters=[VersionQuery, OF_DATASET, FORMAT, RETRY_AFTER],
    refused=(QUERY, A_TABLE),
)
