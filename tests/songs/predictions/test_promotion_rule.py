import pytest

from ml.evaluation.evaluate import evaluate
from songs.predictions.promotion_rule import Incumbent, decide, incumbent
from tests.ml.few_fits import few_fits
from tests.songs.mood_models import labelled_texts, store

LIVE = Incumbent("v1", "seed2019", n_labels=500, macro_f1=0.40)
NEW = "words2026"


def judged(recipe="seed2019", *, interval=(0.35, 0.45), gain=(0.0, 0.0)):
    low, high = gain
    return {
        "recipe": recipe,
        "data_digest": "d",
        "macro_f1_interval": {"low": interval[0], "high": interval[1]},
        "comparisons": {
            "seed2019": {
                "macro_f1": {"difference": (low + high) / 2, "low": low, "high": high}
            }
        },
    }


@pytest.mark.parametrize(
    ("interval", "promoted"),
    [((0.30, 0.399), False), ((0.30, 0.40), True), ((0.45, 0.50), True)],
)
def test_same_recipe_stays_out_only_wholly_below_the_released_figure(
    interval, promoted
):
    verdict = decide(judged(interval=interval), 550, LIVE)
    assert verdict.promote is promoted
    assert "0.400" in verdict.reason
    assert verdict.comparison["live"] == "v1"


@pytest.mark.parametrize(("n_labels", "promoted"), [(499, False), (500, True)])
def test_same_recipe_needs_as_many_labels(n_labels, promoted):
    assert decide(judged(), n_labels, LIVE).promote is promoted


@pytest.mark.parametrize(
    ("gain", "promoted"),
    [((0.01, 0.09), True), ((0.0, 0.09), False), ((-0.02, -0.01), False)],
)
def test_other_recipe_must_surely_beat_that_of_the_live_model(gain, promoted):
    verdict = decide(judged(NEW, interval=(0.5, 0.6), gain=gain), 10, LIVE)
    assert verdict.promote is promoted
    assert verdict.comparison["paired"]["macro_f1"]["low"] == gain[0]


def test_any_version_replaces_a_model_that_may_not_be_used():
    assert decide(judged(NEW), 10, Incumbent("v1", None)).promote
    assert decide(judged(), 10, Incumbent("v1", "seed2019")).promote  # never judged


def test_incumbent_is_the_shipped_model_first(db):
    shipped = incumbent()
    assert shipped.version is None
    assert shipped.recipe
    assert shipped.n_labels > 100
    assert 0 < shipped.macro_f1 < 1


def test_incumbent_of_a_damaged_model_has_no_recipe(db):
    store("v1", live=True, content=b"nothing")
    assert incumbent() == Incumbent("v1", None)


def test_decide_reads_what_the_evaluation_writes():
    texts, moods = labelled_texts()
    with few_fits():
        metrics = evaluate(texts, moods, recipe="seed2019").to_dict()
    verdict = decide(metrics, len(moods), Incumbent("v1", "seed2019", 3, 0.01))
    assert verdict.promote
    paired = metrics | {"comparisons": {"x": metrics["comparisons"]["majority"]}}
    assert decide(paired, 0, Incumbent("v1", "x")).comparison["paired"]["n_groups"] > 4
