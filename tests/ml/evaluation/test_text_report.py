"""The evaluation as a person reads it on a terminal."""

from dataclasses import replace

import pytest

from ml.evaluation.confidence import ConfidenceThreshold
from ml.evaluation.evaluate import evaluate
from ml.evaluation.text_report import format_table
from tests.ml.few_fits import few_fits
from tests.ml.labelled_texts import labelled_texts


@pytest.fixture(scope="module")
def evaluation():
    texts, labels = labelled_texts(moods=["CHILL", "SAD"])
    with few_fits():
        return evaluate(texts, labels, recipe="seed2019", seeds=[0])


def test_format_table_shows_the_recipe_beside_the_majority(evaluation):
    table = format_table(evaluation).splitlines()

    assert [line.split()[:2] for line in table[2:8] if "+/-" not in line] == [
        ["grouped", "majority"],
        ["grouped", "seed2019"],
        ["stratified", "majority"],
        ["stratified", "seed2019"],
    ]
    assert max(len(line) for line in table) <= 100


def test_format_table_says_who_is_better(evaluation):
    assert "against majority: macro-F1 +0.6" in format_table(evaluation)
    assert ": better" in format_table(evaluation)


@pytest.mark.parametrize(
    ("sure", "said"),
    [
        (
            ConfidenceThreshold(2.0, 0.6, 0.4, 0.1),
            "never sure: 60% right cannot be promised",
        ),
        (
            ConfidenceThreshold(0.5, 0.6, 0.58, 0.2),
            "reached 58.0% on 20.0% of the videos",
        ),
    ],
)
def test_format_table_says_what_sure_is_worth(evaluation, sure, said):
    assert said in format_table(replace(evaluation, sure=sure))
