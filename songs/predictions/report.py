"""The report on a judged recipe as one self-contained page: no script, no outside asset."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ml.evaluation import charts, wording
from ml.evaluation.wording import LABELS, Report, percent
from ml.moods.predict import NEVER_SURE

PROTOCOLS = {
    "grouped": "Grouped folds: uploaders it has never seen",
    "stratified": "Stratified folds: uploaders it may know",
}
SCORES = (
    "macro_f1",
    "accuracy",
    "top2",
    "accuracy_at_50",
    "accuracy_at_25",
    "log_loss",
    "calibration_error",
)


def render_report(
    report: Report,
    versions: Sequence[Report] = (),
    *,
    titles: Mapping[str, str] = MappingProxyType({}),
    back_to: str = "",
) -> str:
    """Write the page.

    `report` is from `ml.evaluation.report.build`. `versions`, the oldest first, are each
    ``version``, ``created`` (ISO 8601), ``live`` (bool) and ``metrics`` ({} where it was
    not judged). `titles` are those of videos by id, whose id is shown where one is
    missing; `back_to` is where the link "Back" leads, if there is one.
    """
    metrics = report["metrics"]
    day = datetime.fromisoformat(report["created"])
    context = {
        **report,
        "day": f"{day.day} {day:%B %Y}",
        "grouped": metrics["grouped"],
        "back_to": back_to,
        "headline": wording.headline(report),
        "summary": wording.summary(report),
        "confidence": wording.confidence(metrics["sure"]),
        "cards": _cards(metrics),
        "protocols": [(PROTOCOLS[p], _scores(metrics, p)) for p in PROTOCOLS],
        "moods": _moods(report),
        "confusion": _confusion(report["confusion"]),
        "labels": list(LABELS.values()),
        "charts": _charts(report, versions),
        "mistakes": [
            mistake | {"title": titles.get(mistake["video_id"]) or mistake["video_id"]}
            for mistake in report["mistakes"]
        ],
        "versions": list(enumerate(versions, start=1))[::-1],
    }
    if curve := report["learning_curve"]:
        context["expected_gain"] = wording.expected_gain(curve)
    return render_to_string("songs/mood_report.html", context)


def _charts(report: Report, versions: Sequence[Report]) -> dict[str, SafeString]:
    metrics, curve = report["metrics"], report["learning_curve"]
    majority = metrics["grouped"]["majority"]["accuracy"]
    drawn = {
        "reliability": charts.reliability(report["reliability"]),
        "coverage": charts.coverage(report["coverage"], majority, metrics["sure"]),
    }
    if curve:
        drawn["learning"] = charts.learning(curve, metrics["n_videos"])
    if sum(bool(version["metrics"]) for version in versions) > 1:
        drawn["versions"] = charts.versions(versions)
    return {name: mark_safe(svg) for name, svg in drawn.items()}


def _cards(metrics: Report) -> list[dict[str, Any]]:
    """The three figures that a person asks for first."""
    grouped, sure, counts = metrics["grouped"], metrics["sure"], metrics["n_per_mood"]
    ours, majority = grouped["recipe"], grouped["majority"]
    most = LABELS[max(counts, key=lambda mood: counts[mood])]
    accuracies = {f"always saying {most}": majority, **grouped["baselines"]}
    note = "; ".join(f"{k}: {percent(s['accuracy'])}" for k, s in accuracies.items())
    two = f"always naming the two most frequent: {percent(majority['top2'])}"
    cards = [
        _card("Names the right mood", ours["accuracy"], note),
        _card("Right with one of two guesses", ours["top2"], two),
    ]
    title = "Right when it says “sure”"
    if sure["sure_from"] == NEVER_SURE:
        note = f"{percent(sure['wanted'])} right cannot be promised"
        return [*cards, {"title": title, "note": note}]
    note = f"which it says of {percent(sure['coverage'])} of the videos"
    return [*cards, _card(title, sure["accuracy"], note)]


def _card(title: str, share: float, note: str) -> dict[str, Any]:
    dots = mark_safe(charts.dots_of_ten(share))
    return {"title": title, "share": share, "dots": dots, "note": note}


def _scores(metrics: Report, protocol: str) -> list[tuple[str, list[float]]]:
    """Name and scores of each model, the judged recipe last."""
    result = metrics[protocol]
    models = {"majority": result["majority"], **result["baselines"]}
    models |= {metrics["recipe"]: result["recipe"]}
    return [(name, [scores[s] for s in SCORES]) for name, scores in models.items()]


def _moods(report: Report) -> list[dict[str, Any]]:
    """How often each mood is found, and how often it is right when it is named."""
    counts, grouped = report["confusion"], report["metrics"]["grouped"]
    f1 = grouped["recipe"]["f1"]
    return [
        {
            "mood": mood,
            "n_videos": report["metrics"]["n_per_mood"][mood],
            "f1": f1[mood],
            "bar": mark_safe(charts.bar(f1[mood], mood)),
            "recall": counts[i][i] / sum(counts[i]),
            "precision": _share(counts[i][i], sum(row[i] for row in counts)),
            "others": [scores["f1"][mood] for scores in grouped["baselines"].values()],
        }
        for i, mood in enumerate(LABELS)
        if mood in f1
    ]


def _confusion(counts: Sequence[Sequence[float]]) -> list[tuple[str, list[Any]]]:
    """Of each mood the cells of its row: count, shade from 0 to 8, whether it is right."""
    return [
        (
            label,
            [(n, round(8 * n / (sum(row) or 1)), i == j) for j, n in enumerate(row)],
        )
        for i, (label, row) in enumerate(zip(LABELS.values(), counts, strict=True))
    ]


def _share(part: float, of: float) -> float | None:
    return part / of if of else None
