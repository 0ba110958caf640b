"""A judged recipe and its report, made once: they are only read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ml.evaluation.evaluate import Evaluation, evaluate
from ml.evaluation.learning_curve import learning_curve
from ml.evaluation.report import build
from tests.ml.few_fits import few_fits
from tests.ml.labelled_texts import labelled_texts

TEXTS, LABELS = labelled_texts(n_per_mood=10)
IDS = [f"VIDEO{i:06}" for i in range(len(TEXTS))]


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """Every fifth label is wrong, so that there are mistakes to show."""
    labels = [LABELS[(i + 1) % 60] if i % 5 == 0 else m for i, m in enumerate(LABELS)]
    with few_fits():
        return evaluate(TEXTS, labels, range(60), recipe="seed2019", seeds=[0, 1])


@pytest.fixture(scope="session")
def report(evaluation: Evaluation) -> dict[str, Any]:
    with few_fits():
        curve = learning_curve(TEXTS, evaluation)
    return build(
        evaluation,
        IDS,
        curve=curve,
        version="seed2019-test",
        created=datetime(2026, 11, 5, tzinfo=UTC),
    )
