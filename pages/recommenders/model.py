"""What the page of a recommender says of its versions: scores, parameters, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ml.recommend.algorithms.registry import UnknownAlgorithm, find_algorithm
from recommenders.models import Recommender, RecommenderVersion, TrainingState

MAX_MERGES = 50
FIGURES = {  # of ml.recommend.evaluation.ranking
    "ndcg": ("nDCG@10", "of ten, the share that suits, the first places counting more"),
    "precision": ("Precision@10", "of ten, the share that suits"),
    "recall": ("Recall@10", "of what suits, the share among ten"),
    "average_precision": ("MAP@10", "how early among ten what suits comes"),
    "hit": ("Hit rate", "those of whom at least one of ten suits"),
    "auc": ("AUC", "what suits is ranked above what does not; 0.5 is chance"),
    "coverage": ("Coverage", "of all there is, what is recommended to anybody"),
}
COUNTS = {  # of ml.recommend.data.interactions.Report
    "n_rows": "Rows of the table",
    "n_repeated": "of a pair that was there already, summed up",
    "n_not_positive": "of zero or less: known, but not liked",
    "n_pairs": "Different pairs",
    "n_pairs_left_out": "of them left out by the minimums",
    "n_who_left_out": "Who left out by the minimums",
    "n_what_left_out": "What left out by the minimums",
    "n_found_by_name": "Rows without an id that were found by name",
}


def described(
    recommender: Recommender, live: RecommenderVersion | None
) -> dict[str, Any]:
    """The part of the page about the live version; little where there is none."""
    about = _algorithm(recommender)
    if live is None:
        return about
    report = live.report or {}
    return about | {
        "scores": scores(live.evaluation),
        "is_worse": is_worse(live.evaluation),
        "protocol": protocol(live.evaluation),
        "learned": _learned(live),
        "prepared": _prepared(report),
        "merges": _merges(report),
    }


def scores(evaluation: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each figure beside popularity's."""
    if not evaluation:
        return []
    own, baseline = evaluation["ranking"], evaluation["baseline"]
    return [
        {
            "label": label,
            "meaning": meaning,
            "own": own[name],
            "baseline": baseline[name],
        }
        for name, (label, meaning) in FIGURES.items()
    ]


def score_of(evaluation: Mapping[str, Any] | None) -> dict[str, float] | None:
    """The one figure that recommenders are compared by."""
    if not evaluation:
        return None
    sides = {"own": "ranking", "baseline": "baseline"}
    return {name: evaluation[side]["ndcg"] for name, side in sides.items()}


def is_worse(evaluation: Mapping[str, Any] | None) -> bool:
    """Whether to name what is popular would be as good, by the figure that counts."""
    score = score_of(evaluation)
    return score is not None and score["own"] <= score["baseline"]


def protocol(evaluation: Mapping[str, Any] | None) -> str:
    """How it was judged, in a sentence."""
    if not evaluation:
        return ""
    seed = evaluation["split_seed"]
    drawn = "" if seed is None else f", drawn with the seed {seed}"
    return (
        f"{evaluation['n_test']:,} likes were held out before it learned "
        f"({evaluation['split']}{drawn}), and {evaluation['ranking']['n_users']:,} "
        "lists judged by them. Popularity recommends to everybody what most like."
    )


def versions_of(versions: Iterable[RecommenderVersion]) -> list[dict[str, Any]]:
    return [
        {
            "version": version,
            "score": score_of(version.evaluation),
            "reason": (version.verdict or {}).get("reason", version.problem),
            "may_promote": version.state == TrainingState.READY and not version.live,
        }
        for version in versions
    ]


def _algorithm(recommender: Recommender) -> dict[str, Any]:
    try:
        algorithm = find_algorithm(recommender.algorithm)
    except UnknownAlgorithm:
        return {"settings": list(recommender.settings.items())}
    settings = algorithm.complete_settings(recommender.settings)
    preparation = recommender.preparation.items()
    return {
        "algorithm": algorithm,
        "settings": [(_words(name), value) for name, value in settings.items()]
        + [(_words(name), value) for name, value in preparation],
    }


def _learned(live: RecommenderVersion) -> list[tuple[str, str]]:
    manifest = live.manifest or {}
    counts = {
        "n_users": "Different who",
        "n_items": "Different what",
        "n_likes": "Likes",
    }
    known = [
        (label, f"{manifest[name]:,}")
        for name, label in counts.items()
        if name in manifest
    ]
    rows = live.dataset_version
    return [("Rows", f"version {rows.number} of the dataset"), *known]


def _prepared(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    counted = [
        (label, report[name])
        for name, label in COUNTS.items()
        if report.get(name) or name in ("n_rows", "n_pairs")
    ]
    refused = report.get("refused", {}).items()
    return counted + [(f"Refused: {why}", count) for why, count in refused if count]


def _merges(report: Mapping[str, Any]) -> list[str]:
    """Some of the names that were taken for one."""
    found: list[str] = []
    for part in ("what_spellings", "who_spellings", "renamed"):
        merged = (report.get(part) or {}).get("shown", [])
        found += [f"{one['kept']}: also {', '.join(one['variants'])}" for one in merged]
    return found[:MAX_MERGES]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
