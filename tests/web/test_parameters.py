from datetime import UTC, datetime

import pytest

from web.parameters import (
    BadParameters,
    BadValue,
    choice,
    choices,
    integer,
    moment,
    number,
    parse_each,
    text,
)

WRONG = [
    (text(3), ""),
    (text(3), "  "),
    (text(3), "four"),
    (text(9), "a\0b"),
    (text(9, "[a-z]+"), "a b"),
    (integer(1, 9), "0"),
    (integer(1, 9), "10"),
    (integer(1, 9), "2.5"),
    (integer(1, 9), "9" * 400),
    (integer(1, 9), "9" * 5000),
    (number(0, 1), "nan"),
    (number(0, 1), "inf"),
    (number(0, 1), "much"),
    (choice(["a", "b"]), "A"),
    (choices(["a", "b"]), "a,c"),
    (moment, "yesterday"),
    (moment, "2026-13-01"),
    (moment, "0001-01-01T00:00:00+14:00"),
]


@pytest.mark.parametrize(("parser", "value"), WRONG)
def test_parser_refuses(parser, value):
    with pytest.raises(BadValue):
        parser(value)


@pytest.mark.parametrize(
    ("parser", "value", "parsed"),
    [
        (text(3), " abc ", "abc"),
        (integer(1, 9), " 5.0 ", 5),
        (number(0, 1), "1e-3", 0.001),
        (choice(["a", "b"]), "b", "b"),
        (choices(["a", "b"]), "b, a,b", ("b", "a")),
        (moment, "2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        (moment, "2026-11-20T02:00:00+02:00", datetime(2026, 11, 20, tzinfo=UTC)),
    ],
)
def test_parser_returns_the_value(parser, value, parsed):
    assert parser(value) == parsed


def test_parse_each_names_every_wrong_parameter():
    values = {"n": "many", "q": "ok", "x": "1"}
    with pytest.raises(BadParameters) as wrong:
        parse_each(values, {"n": integer(1, 9), "q": text(9)})
    assert sorted(wrong.value.errors) == ["n", "x"]
    assert wrong.value.errors["x"] == ["Unknown parameter."]
