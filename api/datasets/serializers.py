"""What `/api/datasets/` shows."""

from typing import Any

from rest_framework import serializers

from datasets.models import Dataset, DatasetVersion
from datasets.parsing.columns import ColumnType
from datasets.rows.query import RowPage


class VersionSerializer(serializers.ModelSerializer):
    """One file of a dataset, and what came of it."""

    class Meta:
        model = DatasetVersion
        fields = [
            "number",
            "state",
            "file_name",
            "kind",
            "size_bytes",
            "sha256",
            "dialect",
            "n_rows",
            "n_columns",
            "created",
        ]
        extra_kwargs = {
            "dialect": {"help_text": "How a text file was read; empty for Parquet."},
            "kind": {
                "help_text": "`csv`, `json` or `parquet`, with `, gzip` if packed."
            },
            "n_rows": {"help_text": "Null until it is stored."},
            "n_columns": {"help_text": "Null until it is stored."},
        }


class DatasetSerializer(serializers.ModelSerializer):
    """A dataset and its newest version that is stored, which the view finds."""

    dataset = serializers.CharField(source="slug", help_text="As paths name it.")
    owner = serializers.CharField(source="owner.username")
    current = VersionSerializer(source="newest", allow_null=True)

    class Meta:
        model = Dataset
        fields = [
            "dataset",
            "name",
            "description",
            "licence_note",
            "owner",
            "shared",
            "created",
            "current",
        ]


class DatasetPageSerializer(serializers.Serializer):
    """Some of the datasets, the newest first."""

    total = serializers.IntegerField(min_value=0)
    results = DatasetSerializer(many=True)


class RefusedLineSerializer(serializers.Serializer):
    """A line of the file that could not be stored."""

    line = serializers.IntegerField(min_value=1)
    reason = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class RefusedSerializer(serializers.Serializer):
    """What of the file could not be stored."""

    n = serializers.IntegerField(min_value=0)
    first = RefusedLineSerializer(many=True, help_text="At most a thousand.")


class DatasetDetailSerializer(DatasetSerializer):
    """A dataset with all its versions."""

    versions = VersionSerializer(
        source="listed", many=True, help_text="Those not stored only for the owner."
    )
    refused = RefusedSerializer(
        source="newest.refused",
        allow_null=True,
        help_text="Of the newest version that is stored.",
    )

    class Meta(DatasetSerializer.Meta):
        fields = [*DatasetSerializer.Meta.fields, "versions", "refused"]


class TopValueSerializer(serializers.Serializer):
    """A frequent value."""

    value = serializers.JSONField()
    count = serializers.IntegerField(min_value=0)


class StepSerializer(serializers.Serializer):
    """Values from `low` to below `high`; of the last also that one."""

    low = serializers.JSONField()
    high = serializers.JSONField()
    count = serializers.IntegerField(min_value=0)


class ColumnSerializer(serializers.Serializer):
    """A column and what it holds. Times are texts in ISO 8601; long texts are cut."""

    number = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    type = serializers.ChoiceField([str(one) for one in ColumnType])
    note = serializers.CharField(allow_blank=True)
    nulls = serializers.IntegerField(min_value=0, help_text="Rows without a value.")
    distinct = serializers.IntegerField(min_value=0)
    distinct_exact = serializers.BooleanField(
        help_text="Else `distinct` and `quantiles` are right within about 2 %."
    )
    min = serializers.JSONField(allow_null=True)
    max = serializers.JSONField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    longest = serializers.IntegerField(
        allow_null=True, help_text="Characters of the longest text."
    )
    quantiles = serializers.DictField(child=serializers.JSONField())
    top = TopValueSerializer(many=True, help_text="The most frequent, at most 20.")
    histogram = StepSerializer(many=True, help_text="Of what has an order; at most 20.")
    examples = serializers.ListField(child=serializers.JSONField())


class ColumnPageSerializer(serializers.Serializer):
    """Some columns of a version, in the order of the table."""

    version = serializers.IntegerField(min_value=1)
    total = serializers.IntegerField(min_value=0)
    results = ColumnSerializer(many=True)


class MissingColumnSerializer(serializers.Serializer):
    """A column that lacks values."""

    number = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    nulls = serializers.IntegerField(min_value=1)
    share = serializers.FloatField(min_value=0, max_value=1)


class MissingSerializer(serializers.Serializer):
    """Columns that lack values, those that lack most first."""

    version = serializers.IntegerField(min_value=1)
    n_rows = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(min_value=0, help_text="Columns that lack any.")
    results = MissingColumnSerializer(many=True)


class RowsSerializer(serializers.Serializer):
    """Rows; every cell as it was stored, null where there is none."""

    version = serializers.IntegerField(min_value=1)
    total = serializers.IntegerField(
        min_value=0, help_text="Rows that the conditions let through."
    )
    columns = serializers.ListField(child=serializers.CharField())
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        help_text="Where the rows are in the table, from 1.",
    )
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField()),
        help_text="Each has the cells in the order of `columns`.",
    )


def column_body(number: int, profile: dict[str, Any]) -> dict[str, Any]:
    """A stored profile as ColumnSerializer shows it."""
    top = [{"value": value, "count": count} for value, count in profile["top"]]
    bins = [
        {"low": low, "high": high, "count": count}
        for low, high, count in profile["histogram"]
    ]
    return {"number": number, **profile, "top": top, "histogram": bins}


def rows_body(version: DatasetVersion, found: RowPage) -> dict[str, Any]:
    """What RowsSerializer shows; rows are left to the encoder of JSON."""
    return {
        "version": version.number,
        "total": found.total,
        "columns": found.columns,
        "numbers": [number + 1 for number in found.numbers],
        "rows": found.rows,
    }
