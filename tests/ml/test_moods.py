"""Training and prediction, and what cannot be trained on."""

import tracemalloc

import numpy as np
import pytest

from ml import moods
from ml.moods import MOODS, train
from ml.text import VideoText
from tests.ml.labelled_texts import labelled_texts


def test_moods_are_in_alphabetical_order():
    assert list(MOODS) == sorted(MOODS)
    assert len(MOODS) == 6


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
        ([], moods.NoLabels, "at least two moods"),
        (["SAD"] * 9, moods.OneMood, "every label is SAD"),
        (["SAD"] * 9 + ["ANGRY"] * 2, moods.TooFewRows, "needs 5.*ANGRY has 2"),
        (["SAD"] * 9 + ["JOY"] * 9, moods.UnknownMood, "'JOY' is not a mood"),
    ],
)
def test_train_refuses_labels_it_cannot_learn(labels, error, says):
    texts = [VideoText(description=f"words {i}") for i in range(len(labels))]

    with pytest.raises(error, match=says):
        train(texts, labels)


def test_train_refuses_texts_without_words():
    texts = [VideoText("A title is not read", " the \n")] * 10

    with pytest.raises(moods.NoWords, match="no words"):
        train(texts, ["SAD", "HAPPY"] * 5)


def test_train_refuses_texts_and_moods_that_differ_in_number():
    with pytest.raises(moods.LengthMismatch, match="1 texts, but 2 moods"):
        train([VideoText()], ["SAD", "HAPPY"])


def test_train_refuses_an_unknown_recipe():
    with pytest.raises(moods.UnknownRecipe, match="'best'; there is: seed2019"):
        train(*labelled_texts(), recipe="best")


def test_every_training_error_says_what_to_do():
    errors = moods.TrainingError.__subclasses__()

    assert len(errors) >= 7
    assert all(error.__doc__ and error.__doc__.endswith(".") for error in errors)


def test_predict_of_nothing_is_nothing():
    model = train(*labelled_texts())

    assert model.predict([]) == []
    assert model.predict_proba([]).shape == (0, 6)


def test_predict_of_empty_and_hostile_texts_gives_probabilities():
    model = train(*labelled_texts())
    odd = ["", "\x00", "\ud800", "<" * 300_000, "x" * 300_000, "مرحبا :)"]

    probabilities = model.predict_proba([VideoText(description=text) for text in odd])

    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(probabilities[0], probabilities[1])


def test_predict_is_the_same_in_batches(monkeypatch):
    texts, labels = labelled_texts()
    model = train(texts, labels)
    at_once = model.predict_proba(texts)

    monkeypatch.setattr(moods, "BATCH_SIZE", 7)

    np.testing.assert_array_equal(model.predict_proba(texts), at_once)


def test_predict_proba_needs_no_more_memory_for_more_texts(monkeypatch):
    monkeypatch.setattr(moods, "BATCH_SIZE", 100)
    model = train(*labelled_texts())
    text = VideoText(description=" ".join(f"word{i}" for i in range(300)))
    peaks = []
    for n_videos in (200, 2000):
        tracemalloc.start()
        model.predict_proba([text] * n_videos)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    # Beside the result itself, 48 bytes a video.
    assert peaks[1] - peaks[0] < 1800 * 48 * 2


def test_digest_rows_depends_on_rows_and_not_on_their_order():
    texts, labels = labelled_texts()
    digest = moods.digest_rows(texts, labels)

    assert moods.digest_rows(texts[::-1], labels[::-1]) == digest
    assert moods.digest_rows(texts, labels[1:] + labels[:1]) != digest
    assert moods.digest_rows([VideoText("\ud800")], ["SAD"]) != digest
