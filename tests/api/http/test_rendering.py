"""The quick way to write JSON writes what the usual one does."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from api.http.renderers import OrjsonRenderer
from songs.models import Mood

AT = datetime(2026, 11, 24, 5, 4, 3, tzinfo=UTC)
VALUES = [
    None,
    {},
    [],
    [None, True, False, 0, -1, 2**53, 0.1 + 0.2, 1e16, 0.0001],
    {"nested": [{"a": []}, [[]]], "": ""},
    'quotes " and \\ / \b\f\n\r\t\x00\x1f\x7f',
    "Größe 日本語 🎵 \u200f\ufeff</script> \u2028 \u2029",
    AT,
    AT.replace(microsecond=120),
    AT.date(),
    timedelta(minutes=3),
    Decimal("1.50"),
    UUID(int=7),
    Mood.IN_LOVE,
    gettext_lazy("Yes"),
    (1, 2),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_text_is_the_same_to_the_byte(value):
    value = value if value is None else {"value": value}
    assert OrjsonRenderer().render(value) == JSONRenderer().render(value)


def test_tiny_number_is_the_same_number():
    assert json.loads(OrjsonRenderer().render([5e-05, 1e-300])) == [5e-05, 1e-300]


def test_indented_text_is_the_same_to_the_byte():
    asked = "application/json; indent=4"
    quick = OrjsonRenderer().render({"a": [1, "ä"]}, asked)
    assert quick == JSONRenderer().render({"a": [1, "ä"]}, asked)
    assert b"\n    " in quick
