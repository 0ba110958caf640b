"""Finding names: whatever is typed gets a match, suggestions or nothing."""

import pyarrow as pa
import pytest

from ml.recommend.index import name_search

NAMES = pa.array(
    ["Radiohead", "The Beatles", "AC/DC", "Björk", "Led Zeppelin", "Metallica"]
    + ["!!!", "The The", "Muse", "MUSE", "Beatallica", "🎵", "U2", "Metal Church"]
)
INDEX = name_search.build_index(NAMES)
HOSTILE = [
    "'; DROP TABLE songs;--",
    "(((",
    ".*",
    "[a-",
    "%_\\",
    "\x00",
    "\ud800",
    "x" * 5000,
    "🎵" * 5000,
    "\u202e\u200b",
    "../../etc/passwd",
]


def find(text):
    found = name_search.find(INDEX, NAMES, text)
    return found.code if found.code is None else NAMES[found.code].as_py()


def names_of(codes):
    return [NAMES[code].as_py() for code in codes]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("radiohead", "Radiohead"),
        ("beatles", "The Beatles"),
        ("ac dc", "AC/DC"),
        ("BJORK", "Björk"),
        ("!!!", "!!!"),
        ("the the", "The The"),
        ("🎵", "🎵"),
        ("muse", "Muse"),  # the one that more rows name
        ("MUSE", "MUSE"),  # exactly so
    ],
)
def test_find_ignores_how_a_name_is_typed(text, name):
    assert find(text) == name


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Radiohed", "Radiohead"),
        ("zeppelin", "Led Zeppelin"),
        ("metalica", "Metallica"),
        ("Radiohead live in Berlin", "Radiohead"),
    ],
)
def test_find_suggests_the_likest_names_for_one_unknown(text, first):
    found = name_search.find(INDEX, NAMES, text, n=3)

    assert found.code is None
    assert names_of(found.suggestions)[0] == first
    assert len(found.suggestions) <= 3


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_find_and_suggest_take_any_text(text):
    found = name_search.find(INDEX, NAMES, text)

    assert found.code is None or text.startswith("🎵")
    assert set(found.suggestions) <= set(range(len(NAMES)))
    assert len(name_search.suggest(INDEX, text, 5)) <= 5


def test_suggest_completes_what_is_typed_the_most_frequent_first():
    assert names_of(name_search.suggest(INDEX, "Me", 2)) == [
        "Metallica",
        "Metal Church",
    ]
    assert names_of(name_search.suggest(INDEX, "the beat", 1)) == ["The Beatles"]
    assert names_of(name_search.suggest(INDEX, "zepp", 5))[0] == "Led Zeppelin"
    assert name_search.suggest(INDEX, "", 3) == [0, 1, 2]
    assert name_search.suggest(INDEX, "a", 0) == []


def test_names_that_are_not_suggested_are_found_all_the_same():
    index = name_search.build_index(NAMES, suggest=False)

    assert name_search.find(index, NAMES, "bjork") == name_search.Match(3, [])
    assert name_search.find(index, NAMES, "bjorg") == name_search.Match(None, [])


def test_no_names_are_searched_in_vain():
    none = pa.array([], pa.string())
    index = name_search.build_index(none)

    assert name_search.find(index, none, "Muse") == name_search.Match(None, [])
    assert name_search.suggest(index, "M") == []


def test_find_exact_knows_ids_as_they_are():
    index = name_search.sort_exactly(pa.array(["b", "é", "a", "B"]))

    assert [name_search.find_exact(index, text) for text in "abBé"] == [2, 0, 3, 1]
    assert (
        name_search.find_exact(index, "c")
        is name_search.find_exact(index, "\ud800")
        is None
    )
