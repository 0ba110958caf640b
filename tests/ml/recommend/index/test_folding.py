"""Names however they are typed."""

import unicodedata

import pyarrow as pa
import pytest

from ml.recommend.index.folding import MAX_LETTERS, fold, fold_all

SAME = [
    ["AC/DC", "ac dc", "Ac-Dc", "acdc", "ＡＣ／ＤＣ"],
    ["The Beatles", "beatles", " the  BEATLES ", "Beatles!"],
    ["Sigur Rós", "sigur ros", "Sigur Ro\u0301s", "SIGUR ROS"],
    ["Røyksopp", "royksopp"],
    ["Guns N' Roses", "guns n roses", "Guns\u00a0N’ Roses"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος"],
    ["Straße", "STRASSE"],
]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_fold_makes_what_people_mean_one(names):
    assert len({fold(name) for name in names}) == 1


@pytest.mark.parametrize("name", ["The The", "The", "!!!", "🎵", "†‡†", "Theatre", "2"])
def test_fold_leaves_something_of_every_name(name):
    assert fold(name)


@pytest.mark.parametrize("name", ["", " ", "\x00", "\t\n"])
def test_fold_of_nothing_is_nothing(name):
    assert fold(name) == ""


def test_fold_takes_what_is_no_unicode_and_what_is_long():
    assert fold("\ud800Muse") == "muse"
    assert len(fold("x" * 5000)) == MAX_LETTERS


def test_fold_all_is_fold_of_each():
    names = [name for names in SAME for name in names]
    names += ["The The", "the !", "t'he x", "!the x", "the-x", " the  x ", "a\x07b"]
    names += ["", "!!!", "🎵", *map(chr, range(32, 0xD800, 7))]
    names += [f"The {chr(code)}" for code in range(32, 0x500)]
    names = [name for name in names if unicodedata.category(name[:1] or "x") != "Cs"]

    assert fold_all(pa.array(names)).to_pylist() == [fold(name) for name in names]
    assert fold_all(pa.array([], pa.string())).to_pylist() == []
