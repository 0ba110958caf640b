"""One name for all its spellings, and a report of what was merged."""

import numpy as np
import pyarrow as pa
import pytest

from ml.recommend.data.names import Merges, clean, encode, tidy


def test_tidy_merges_case_spaces_and_compatible_characters_under_the_commonest():
    column = encode(
        ["The Beatles", "The Beatles", "the  beatles", "THE BEATLES\u00a0", "Muse"]
        + ["ＡＣ/DC", "AC/DC", "AC/DC", "Beyonce\u0301", "Beyoncé"]
    )

    tidied, merges = tidy(column)

    assert tidied.values.to_pylist() == ["The Beatles", "Muse", "AC/DC", "Beyoncé"]
    assert tidied.codes.tolist() == [0, 0, 0, 0, 1, 2, 2, 2, 3, 3]
    assert (merges.n_names, merges.n_rows) == (3, 4)
    assert merges.shown[0].kept == "The Beatles"
    assert merges.shown[0].variants == {"the  beatles": 1, "THE BEATLES\u00a0": 1}


def test_tidy_keeps_the_commonest_spelling_as_it_is_written():
    tidied, _ = tidy(encode(["Konono Nº1", "Konono Nº1", "Konono No1"]))

    assert tidied.values.to_pylist() == ["Konono Nº1"]


def test_tidy_merges_the_styles_of_quotes_and_dashes():
    styles = ["Children’s Music", "Children's Music", "Children’s Music"]
    styles += ["Jay‐Z", "Jay-Z", "Jay-Z", "“Weird Al”", '"Weird Al"', '"Weird Al"']

    tidied, merges = tidy(encode(styles))

    assert tidied.values.to_pylist() == ["Children’s Music", "Jay-Z", '"Weird Al"']
    assert (merges.n_names, merges.n_rows) == (3, 3)


def test_encode_takes_empty_null_and_nan_for_no_name():
    assert encode(["", None, "x"]).codes.tolist() == [-1, -1, 0]
    assert encode(np.array([np.nan, 2.5])).codes.tolist() == [-1, 0]
    assert tidy(encode([" \u200b", "x"]))[0].codes.tolist() == [-1, 0]


@pytest.mark.parametrize(
    "column",
    [
        [7, 8, 7],
        np.array([7, 8, 7]),
        pa.chunked_array([["7"], ["8", "7"]]).dictionary_encode(),
        pa.chunked_array(
            [
                pa.array(["7"]).dictionary_encode(),
                pa.array(["8", "7"]).dictionary_encode(),
            ]
        ),
    ],
)
def test_encode_reads_ids_of_any_kind(column):
    coded = encode(column)

    assert coded.values.to_pylist() == ["7", "8"]
    assert coded.codes.tolist() == [0, 1, 0]


def test_encode_and_tidy_take_no_rows():
    tidied, merges = tidy(encode([]))

    assert len(tidied.codes) == len(tidied.values) == merges.n_names == 0


def test_clean_keeps_the_joiners_inside_emoji():
    assert clean(pa.array(["  👩‍🚀 \u200b "])).to_pylist() == ["👩‍🚀"]


def test_tidy_leaves_ids_as_they_are():
    ids = encode(["b1", "a2", "b1"])

    assert tidy(ids) == (ids, Merges(0, 0, []))
    assert tidy(encode(["b1", "B1", "b1"]))[0].values.to_pylist() == ["b1"]
