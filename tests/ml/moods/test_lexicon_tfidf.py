"""The default recipe: small, exact about its reasons, safe with any text."""

import numpy as np
import pytest
import scipy.optimize
from threadpoolctl import threadpool_info

from ml.evaluation.labelled import read_labelled
from ml.moods import lexicon_tfidf
from ml.moods.files import dump
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.moods.train import encode_moods, train
from tests.ml.labelled_texts import labelled_texts
from tests.processes import output_of


def fitted(texts, moods):
    codes = encode_moods(texts, moods)
    return lexicon_tfidf.fit(texts, codes, 0)


@pytest.fixture(scope="module")
def parameters():
    return fitted(*labelled_texts())


def test_fit_uses_one_thread_on_arrays_so_small(monkeypatch):
    used = []
    minimize = scipy.optimize.minimize

    def look(*arguments, **options):
        used.extend(pool["num_threads"] for pool in threadpool_info())
        return minimize(*arguments, **options)

    monkeypatch.setattr(scipy.optimize, "minimize", look)
    fitted(*labelled_texts())
    assert set(used) == {1}


def test_fit_balances_the_moods():
    same = VideoText("Untitled 1")
    parameters = fitted([same] * 55, ["CHILL"] * 5 + ["SAD"] * 50)

    probabilities = lexicon_tfidf.predict_proba(parameters, [same])[0]

    assert probabilities[MOODS.index("SAD")] == pytest.approx(0.5, abs=0.1)


def test_fit_keeps_the_words_with_the_largest_weights(monkeypatch):
    monkeypatch.setattr(lexicon_tfidf, "MAX_WORDS", 12)
    texts, moods = labelled_texts(moods=["CHILL", "SAD"])

    small = fitted(texts, moods)

    kept = [*lexicon_tfidf._columns(small, "title")]
    kept += lexicon_tfidf._columns(small, "description")
    assert len(kept) == 12
    assert {"chword", "saword"} <= set(kept)
    best = lexicon_tfidf.predict_proba(small, texts).argmax(axis=1)
    assert [MOODS[code] for code in best] == moods


def test_predict_proba_needs_the_lexicon_alone_for_unknown_words(parameters):
    title = VideoText("Sad Heartbreak Tears")

    probabilities = lexicon_tfidf.predict_proba(parameters, [title])[0]

    assert probabilities.argmax() == MOODS.index("SAD")


def test_predict_proba_of_hostile_texts_gives_probabilities(parameters):
    odd = ["", "\x00", "\ud800 a", "<" * 300_000, "x" * 300_000, "مرحبا :)", "İI" * 99]

    probabilities = lexicon_tfidf.predict_proba(
        parameters, [VideoText(t, t) for t in odd]
    )

    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_explain_adds_up_to_what_the_model_says(parameters):
    text = VideoText("Love – my CHWORD Love Song", "saword tears, made in studio1")
    nothing = lexicon_tfidf.predict_proba(parameters, [VideoText()])[0]
    probabilities = lexicon_tfidf.predict_proba(parameters, [text])[0]

    each = lexicon_tfidf._contributions(parameters, text)

    moved = np.log(probabilities) - np.log(nothing)
    total = sum(logits for _, logits in each)
    np.testing.assert_allclose(moved - moved.mean(), total - total.mean(), atol=1e-9)


def test_explain_spells_as_the_video_does(parameters):
    text = VideoText("LOVE Song", "Saword and tears")

    love = lexicon_tfidf.explain(parameters, text, MOODS.index("IN-LOVE"))
    sad = lexicon_tfidf.explain(parameters, text, MOODS.index("SAD"))

    assert love[0].phrase == "LOVE Song"
    assert "Saword" in [reason.phrase for reason in sad]


def test_predicting_imports_no_scikit_learn():
    code = (
        "import sys; from ml.moods import files; from ml.moods.text import VideoText;"
        "files.load_shipped().predict([VideoText('Sad')]);"
        "print([m for m in ('sklearn', 'scipy', 'nltk', 'pandas') if m in sys.modules])"
    )
    assert output_of("-c", code) == "[]\n"


def test_model_of_real_labels_is_small(real_data):
    labelled = read_labelled(real_data / "moodibeats" / "videos.csv")

    model = train(labelled.texts, labelled.moods, recipe="lexicon-tfidf")

    assert dump(model).manifest.n_bytes < 1_000_000
