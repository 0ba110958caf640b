"""What a model says, whatever it is asked."""

import tracemalloc
from dataclasses import replace

import numpy as np

from ml.moods import predict
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.moods.train import train
from tests.ml.labelled_texts import labelled_texts


def test_moods_are_in_alphabetical_order():
    assert list(MOODS) == sorted(MOODS)
    assert len(MOODS) == 6


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

    monkeypatch.setattr(predict, "BATCH_SIZE", 7)

    np.testing.assert_array_equal(model.predict_proba(texts), at_once)


def test_predict_proba_needs_no_more_memory_for_more_texts(monkeypatch):
    monkeypatch.setattr(predict, "BATCH_SIZE", 100)
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


def test_predict_names_the_second_mood_and_is_sure_from_its_threshold():
    texts, labels = labelled_texts()
    model = train(texts, labels)

    unsure = model.predict(texts)[0]
    sure = replace(model, sure_from=max(unsure.scores.values())).predict(texts)[0]

    assert unsure.scores[unsure.second] == sorted(unsure.scores.values())[-2]
    assert unsure.second != unsure.mood
    assert (unsure.sure, sure.sure) == (False, True)


def test_explain_names_words_of_the_text_that_speak_for_the_mood():
    texts, labels = labelled_texts()
    model = train(texts, labels)

    reasons = model.explain(texts[0], labels[0])

    assert 0 < len(reasons) <= 5
    written = " ".join(texts[0][:2])
    assert all(reason.phrase in written for reason in reasons)
    assert all(r.weight > 0 for r in reasons)
    assert model.explain(VideoText(), labels[0]) == []
