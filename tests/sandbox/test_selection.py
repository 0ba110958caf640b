import pytest

from sandbox.errors import Refused
from sandbox.selection import parse, select

BODY = {
    "kind": "list",
    "pageInfo": {"total": 1},
    "items": [{"id": {"videoId": "a", "kind": "v"}, "snippet": {"title": "A"}}],
}


@pytest.mark.parametrize(
    "fields, expected",
    [
        ("kind", {"kind": "list"}),
        ("kind, pageInfo", {"kind": "list", "pageInfo": {"total": 1}}),
        ("items/id/videoId", {"items": [{"id": {"videoId": "a"}}]}),
        ("items(snippet(title))", {"items": [{"snippet": {"title": "A"}}]}),
        (
            "items(id/kind,snippet)",
            {"items": [{"id": {"kind": "v"}, "snippet": {"title": "A"}}]},
        ),
        ("items(*/title)", {"items": [{"id": {}, "snippet": {"title": "A"}}]}),
        ("*", BODY),
        ("nothing", {}),
    ],
)
def test_select_keeps_what_is_named(fields, expected):
    assert select(BODY, parse(fields)) == expected


@pytest.mark.parametrize(
    "fields",
    ["", ",", "items(", "items)", "items()", "a//b", "a b?", "(" * 1000, "a(" * 50],
)
def test_parse_refuses_what_is_no_selection(fields):
    with pytest.raises(Refused):
        parse(fields)
