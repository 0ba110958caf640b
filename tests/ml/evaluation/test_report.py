"""What the report shows is what the predictions say."""

import json

import numpy as np
import pytest

from ml.evaluation.report import build
from ml.moods.recipe import MOODS
from tests.ml.evaluation.conftest import IDS


def test_build_is_json(report):
    assert json.loads(json.dumps(report)) == report


def test_build_counts_every_video_once_in_the_confusion(report):
    counts = np.array(report["confusion"])

    assert counts.sum(axis=1).tolist() == list(report["metrics"]["n_per_mood"].values())
    accuracy = report["metrics"]["grouped"]["recipe"]["accuracy"]
    assert np.trace(counts) / counts.sum() == pytest.approx(accuracy)


def test_build_bins_give_the_calibration_error(report):
    bins, scores = report["reliability"], report["metrics"]["grouped"]["recipe"]

    gap = sum(b["n_videos"] * (b["confidence"] - b["accuracy"]) for b in bins) / 60
    right = sum(b["n_videos"] * b["accuracy"] for b in bins) / 60

    assert right == pytest.approx(scores["accuracy"])
    assert abs(gap) <= scores["calibration_error"] + 1e-9
    assert all(b["low"] <= b["confidence"] <= b["high"] for b in bins)


def test_build_coverage_meets_the_figures_of_the_protocol(report):
    accuracy_at = {p["coverage"]: p["accuracy"] for p in report["coverage"]}
    scores = report["metrics"]["grouped"]["recipe"]

    assert accuracy_at[0.25] == pytest.approx(scores["accuracy_at_25"])
    assert accuracy_at[0.5] == pytest.approx(scores["accuracy_at_50"])
    assert accuracy_at[1] == pytest.approx(scores["accuracy"])


def test_build_names_the_most_confident_mistakes_first(report, evaluation):
    mistakes = report["mistakes"]
    held = evaluation.held_out
    label = dict(zip(IDS, held.codes, strict=True))

    assert 0 < len(mistakes) <= 20
    sizes = [mistake["probability"] for mistake in mistakes]
    assert sizes == sorted(sizes, reverse=True)
    for mistake in mistakes:
        assert mistake["label"] == MOODS[label[mistake["video_id"]]]
        assert mistake["mood"] != mistake["label"]


def test_build_without_ids_names_no_video(evaluation):
    report = build(evaluation)

    assert report["mistakes"] == []
    assert "VIDEO0" not in json.dumps(report)
