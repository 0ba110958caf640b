"""Training, and what cannot be trained on."""

import numpy as np
import pytest

from ml.moods import train as training
from ml.moods.predict import UnknownRecipe
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.moods.train import train
from tests.ml.labelled_texts import labelled_texts


def test_train_learns_words_that_tell_moods_apart():
    texts, labels = labelled_texts()

    predictions = train(texts, labels).predict(texts)

    assert [prediction.mood for prediction in predictions] == labels
    assert list(predictions[0].scores) == list(MOODS)
    assert sum(predictions[0].scores.values()) == pytest.approx(1)
    assert predictions[0].scores[labels[0]] == max(predictions[0].scores.values())


def test_train_gives_a_mood_that_nobody_chose_probability_0():
    texts, labels = labelled_texts(moods=["CHILL", "SAD"])

    probabilities = train(texts, labels).predict_proba(texts)

    assert (probabilities[:, [0, 2, 3, 4]] == 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_train_is_the_same_for_the_same_seed():
    texts, labels = labelled_texts()

    one, other = (train(texts, labels, seed=3) for _ in range(2))

    for name, array in one.parameters.items():
        np.testing.assert_array_equal(array, other.parameters[name])
    assert one.training == other.training


def test_train_records_what_it_was_trained_on():
    texts, labels = labelled_texts(n_per_mood=5, moods=["CHILL", "SAD"])

    record = train(texts, labels, seed=7).training

    assert record.n_per_mood == dict.fromkeys(MOODS, 0) | {"CHILL": 5, "SAD": 5}
    assert (record.seed, len(record.data_digest)) == (7, 64)


@pytest.mark.parametrize(
    ("labels", "error", "says"),
    [
        ([], training.NoLabels, "at least two moods"),
        (["SAD"] * 9, training.OneMood, "every label is SAD"),
        (["SAD"] * 9 + ["ANGRY"] * 2, training.TooFewRows, "needs 5.*ANGRY has 2"),
        (["SAD"] * 9 + ["JOY"] * 9, training.UnknownMood, "'JOY' is not a mood"),
    ],
)
def test_train_refuses_labels_it_cannot_learn(labels, error, says):
    texts = [VideoText(description=f"words {i}") for i in range(len(labels))]

    with pytest.raises(error, match=says):
        train(texts, labels)


def test_train_refuses_texts_without_words():
    texts = [VideoText(" - ", " \n")] * 10

    with pytest.raises(training.NoWords, match="no words"):
        train(texts, ["SAD", "HAPPY"] * 5)


def test_train_refuses_texts_and_moods_that_differ_in_number():
    with pytest.raises(training.LengthMismatch, match="1 texts, but 2 moods"):
        train([VideoText()], ["SAD", "HAPPY"])


def test_train_refuses_an_unknown_recipe():
    with pytest.raises(
        UnknownRecipe, match="'best'; there is: lexicon-tfidf, seed2019"
    ):
        train(*labelled_texts(), recipe="best")


def test_every_training_error_says_what_to_do():
    errors = training.TrainingError.__subclasses__()

    assert len(errors) >= 6
    assert all(error.__doc__ and error.__doc__.endswith(".") for error in errors)


def test_digest_rows_depends_on_rows_and_not_on_their_order():
    texts, labels = labelled_texts()
    digest = training.digest_rows(texts, labels)

    assert training.digest_rows(texts[::-1], labels[::-1]) == digest
    assert training.digest_rows(texts, labels[1:] + labels[:1]) != digest
    assert training.digest_rows([VideoText("\ud800")], ["SAD"]) != digest
