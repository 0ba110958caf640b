"""Query parameters of `/api/datasets/`; any other one is a 400 that names it."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from datasets.rows.query import (
    FARTHEST,
    FEW,
    MAX_CONDITIONS,
    MOST,
    OPS,
    PAGE,
    SHOWS,
    Filter,
    RowQuery,
)

MAX_LISTED = 200
MAX_COLUMNS = 1_000
LARGEST_VERSION = 2**31 - 1
LISTS = ("where", "op", "value")


def version_field() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_VERSION,
        help_text="The newest one unless you say.",
    )


class PageQuery(serializers.Serializer):
    """A part of a list."""

    limit = serializers.IntegerField(default=50, min_value=1, max_value=MAX_LISTED)
    offset = serializers.IntegerField(default=0, min_value=0, max_value=FARTHEST)


class VersionQuery(serializers.Serializer):
    """Which version of a dataset."""

    version = version_field()


class ColumnsQuery(PageQuery):
    """Some columns of a dataset."""

    version = version_field()
    q = serializers.CharField(
        required=False, max_length=200, help_text="Words in the name, in any case."
    )


class MissingQuery(PageQuery):
    """Columns that lack values."""

    version = version_field()


class RowsQuery(serializers.Serializer):
    """Rows of a dataset."""

    show = serializers.ChoiceField(
        SHOWS, default="page", help_text="`page` takes all that follows."
    )
    version = version_field()
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=f"Rows; {PAGE} of a page, else {FEW} unless you say.",
    )
    seed = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=FARTHEST,
        help_text="Of random rows: the same draws the same ones.",
    )
    offset = serializers.IntegerField(default=0, min_value=0, max_value=FARTHEST)
    sort = serializers.CharField(
        required=False,
        max_length=500,
        help_text="A column; missing values come last. In the order of the table "
        "unless you say.",
    )
    order = serializers.ChoiceField(["up", "down"], default="up")
    where = serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        max_length=MAX_CONDITIONS,
        help_text="A column; repeated, as `op` and `value`, for several conditions.",
    )
    op = serializers.ListField(
        child=serializers.ChoiceField(list(OPS)),
        required=False,
        max_length=MAX_CONDITIONS,
    )
    value = serializers.ListField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        required=False,
        max_length=MAX_CONDITIONS,
        help_text="Read as the type of the column; empty for `missing` and `present`.",
    )
    column = serializers.IntegerField(
        default=1,
        min_value=1,
        max_value=MAX_COLUMNS * 1_000,
        help_text="The number of the first column shown.",
    )
    columns = serializers.IntegerField(
        default=100, min_value=1, max_value=MAX_COLUMNS, help_text="How many."
    )

    def validate(self, attrs: dict[str, Any]) -> RowQuery:
        lists = [attrs.pop(name, []) for name in LISTS]
        for name, values in zip(LISTS, lists, strict=True):
            if len(values) != len(lists[0]):
                raise ValidationError({name: ["Give it as often as `where`."]})
        attrs["conditions"] = tuple(Filter(*one) for one in zip(*lists, strict=True))
        attrs.setdefault("limit", PAGE if attrs["show"] == "page" else FEW)
        attrs["descending"] = attrs.pop("order") == "down"
        return RowQuery(**attrs)
