"""An evaluation as plain text for a terminal."""

from ml.bootstrap import Interval
from ml.evaluation.comparison import Comparison, Difference
from ml.evaluation.confidence import ConfidenceThreshold
from ml.evaluation.evaluate import Evaluation, ProtocolResult
from ml.evaluation.folds import N_FOLDS
from ml.evaluation.scores import Scores
from ml.moods.predict import NEVER_SURE

_FIGURES = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "top2": "top-2",
    "log_loss": "log-loss",
    "calibration_error": "cal. err.",
    "accuracy_at_50": "at 50 %",
    "accuracy_at_25": "at 25 %",
}
_NAME = 26  # columns of folds and model together


def format_table(evaluation: Evaluation) -> str:
    """Return the evaluation as text, the recipe below the baselines.

    Parameters
    ----------
    evaluation : Evaluation

    Returns
    -------
    str
        Lines of at most 100 characters, the figures of the protocol in its order.
    """
    rows = f"{evaluation.n_videos} labelled videos, {evaluation.n_groups} groups"
    n_shuffles = len(evaluation.seeds)
    heads = "".join(f"{head:>10}" for head in _FIGURES.values())
    return "\n".join(
        [
            f"{rows}; {N_FOLDS} folds, {n_shuffles} shuffles",
            f"{'folds':<12}{'model':<14}{heads}",
            *_rows(evaluation.recipe, evaluation.grouped),
            *_rows(evaluation.recipe, evaluation.stratified),
            "",
            *_f1_rows(evaluation),
            "",
            *_intervals(evaluation),
            _sure(evaluation.sure),
        ]
    )


def _rows(recipe: str, result: ProtocolResult) -> list[str]:
    models = {"majority": result.majority, **result.baselines, recipe: result.recipe}
    rows = [_row(f"{result.folds:<12}{name}", s) for name, s in models.items()]
    return [*rows, _row(f"{'':<12}+/- shuffles", result.recipe_sd)]


def _row(name: str, scores: Scores) -> str:
    figures = "".join(f"{getattr(scores, figure):>10.3f}" for figure in _FIGURES)
    return f"{name:<{_NAME}}{figures}"


def _f1_rows(evaluation: Evaluation) -> list[str]:
    """F1 of each mood on grouped folds."""
    result = evaluation.grouped
    models = {**result.baselines, evaluation.recipe: result.recipe}
    heads = "".join(f"{mood.lower():>17}" for mood in result.recipe.f1)
    rows = [
        f"{name:<14}" + "".join(f"{f1:>17.2f}" for f1 in scores.f1.values())
        for name, scores in models.items()
    ]
    return [f"{'F1, grouped':<14}{heads}", *rows]


def _intervals(evaluation: Evaluation) -> list[str]:
    """The 95 % intervals on grouped folds: of the recipe, and beside each other."""
    macro_f1, accuracy = evaluation.macro_f1_interval, evaluation.accuracy_interval
    return [
        "95 % intervals, grouped:",
        f"{evaluation.recipe}: macro-F1 {_span(macro_f1)}, accuracy {_span(accuracy)}",
        *[_against(name, c) for name, c in evaluation.comparisons.items()],
    ]


def _against(name: str, comparison: Comparison) -> str:
    if comparison.better:
        verdict = "better"
    else:
        verdict = "worse" if comparison.worse else "undecided"
    return (
        f"against {name}: macro-F1 {_difference(comparison.macro_f1)}, "
        f"accuracy {_difference(comparison.accuracy)}: {verdict}"
    )


def _sure(sure: ConfidenceThreshold) -> str:
    if sure.sure_from == NEVER_SURE:
        return f"never sure: {sure.wanted:.0%} right cannot be promised"
    return (
        f"sure from {sure.sure_from:.3f} on, chosen for {sure.wanted:.0%} right: "
        f"reached {sure.accuracy:.1%} on {sure.coverage:.1%} of the videos"
    )


def _span(interval: Interval) -> str:
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _difference(d: Difference) -> str:
    return f"{d.difference:+.3f} ({d.low:+.3f} to {d.high:+.3f})"
