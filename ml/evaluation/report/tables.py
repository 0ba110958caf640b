"""Tables of the report as HTML."""

from collections.abc import Sequence
from html import escape
from typing import Any

from ml.evaluation.report import charts
from ml.evaluation.report.words import LABELS, Report, percent, signed

_FOLDS = {
    "grouped": "Grouped folds: uploaders it has never seen",
    "stratified": "Stratified folds: uploaders it may know",
}
_FIGURES = {
    "macro_f1": "Macro-F1",
    "accuracy": "Accuracy",
    "top2": "Top-2",
    "accuracy_at_50": "at 50&nbsp;%",
    "accuracy_at_25": "at 25&nbsp;%",
    "log_loss": "Log-loss",
    "calibration_error": "Calibration error",
}


def chip(mood: str) -> str:
    """Write a mood in its colour."""
    return f'<span class="chip {mood.lower()}">{LABELS[mood]}</span>'


def span(interval: dict[str, float]) -> str:
    """Write an interval of a figure."""
    return f"{interval['low']:.3f} to {interval['high']:.3f}"


def scores(metrics: Report) -> str:
    """Write the figures of the recipe beside the baselines, for both protocols."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _FIGURES.values())
    bodies = "\n".join(
        f'<tbody>\n<tr><th scope="rowgroup" colspan="{len(_FIGURES) + 1}">'
        f"{_FOLDS[folds]}</th></tr>\n{_score_rows(metrics, folds)}\n</tbody>"
        for folds in _FOLDS
    )
    return _scrolled(
        "Figures of the recipe and the baselines",
        f'<thead><tr><th scope="col">Model</th>{head}</tr></thead>\n{bodies}',
    )


def comparisons(found: dict[str, Any]) -> str:
    """Write by how much the recipe is better than each of the others."""
    rows = "\n".join(
        f'<tr><th scope="row">{_name(name)}</th>{_difference(c["macro_f1"])}'
        f"{_difference(c['accuracy'])}<td>{_chance(c['macro_f1']['p_better'])}</td></tr>"
        for name, c in found.items()
    )
    head = (
        '<thead><tr><th scope="col">Compared with</th><th scope="col">Macro-F1</th>'
        '<th scope="col">Accuracy</th><th scope="col">Better macro-F1 in</th></tr></thead>'
    )
    return _scrolled(
        "By how much the recipe is better, on the same grouped folds: difference, "
        "95&nbsp;% interval, and in how many of the resamples",
        f"{head}\n<tbody>\n{rows}\n</tbody>",
    )


def moods(report: Report) -> str:
    """Write for each mood how often it is found, and right when it is named."""
    metrics = report["metrics"]
    grouped = metrics["grouped"]
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Videos", "F1", "Found", "Right when named")
    )
    head += "".join(
        f'<th scope="col">F1 of {escape(name)}</th>' for name in grouped["baselines"]
    )
    rows = "\n".join(
        _mood_row(i, mood, report)
        for i, mood in enumerate(LABELS)
        if mood in grouped["recipe"]["f1"]
    )
    return _scrolled(
        "How often each mood is found, and how often it is right when it is named",
        f'<thead><tr><th scope="col">Mood</th>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>",
    )


def confusion(counts: Sequence[Sequence[float]]) -> str:
    """Write how many videos of each mood are given which mood."""
    head = "".join(f'<th scope="col">{label}</th>' for label in LABELS.values())
    rows = []
    for i, (label, row) in enumerate(zip(LABELS.values(), counts, strict=True)):
        total = sum(row) or 1
        cells = "".join(
            f'<td class="s{round(8 * n / total)}{" right" if i == j else ""}">{n:.0f}</td>'
            for j, n in enumerate(row)
        )
        rows.append(f'<tr><th scope="row">{label}</th>{cells}</tr>')
    body = "\n".join(rows)
    return (
        '<div class="scroll"><table class="confusion">\n<caption>Videos by their label '
        "(rows) and what the model says (columns); the darker, the larger the part of "
        "the row. Framed: right.</caption>\n"
        f"<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def history(versions: Sequence[Report]) -> str:
    """Write the versions, the newest first, numbered as in their chart."""
    rows = [
        _version_row(number, version)
        for number, version in enumerate(versions, start=1)
    ]
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("No.", "Version", "Trained", "Labels", "Macro-F1", "Accuracy")
    )
    body = "\n".join(reversed(rows))
    return _scrolled(
        "Versions, the newest first, each judged on the labels of its day",
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>",
    )


def _scrolled(caption: str, inside: str) -> str:
    """Wrap a table so that it scrolls by itself on a narrow screen."""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="wide">\n<caption>{caption}</caption>\n{inside}\n</table></div>'
    )


def _name(recipe: str) -> str:
    return "most frequent mood" if recipe == "majority" else escape(recipe)


def _score_rows(metrics: Report, folds: str) -> str:
    result = metrics[folds]
    models = {"majority": result["majority"], **result["baselines"]}
    rows = [_score_row(_name(name), s, "") for name, s in models.items()]
    ours = _score_row(_name(metrics["recipe"]), result["recipe"], ' class="ours"')
    return "\n".join([*rows, ours])


def _score_row(name: str, scored: dict[str, float], style: str) -> str:
    cells = "".join(f"<td>{scored[figure]:.3f}</td>" for figure in _FIGURES)
    return f'<tr{style}><th scope="row">{name}</th>{cells}</tr>'


def _difference(figure: dict[str, float]) -> str:
    low, high = signed(figure["low"]), signed(figure["high"])
    return f"<td><b>{signed(figure['difference'])}</b> ({low} to {high})</td>"


def _chance(p_better: float) -> str:
    """A share of resamples, without claiming to know it to the end."""
    return (
        "&gt;&nbsp;99.9&nbsp;%" if p_better > 0.999 else f"{100 * p_better:.1f}&nbsp;%"
    )


def _mood_row(i: int, mood: str, report: Report) -> str:
    counts, grouped = report["confusion"], report["metrics"]["grouped"]
    hits, true, named = counts[i][i], sum(counts[i]), sum(row[i] for row in counts)
    right = percent(hits / named) if named else "never named"
    f1 = grouped["recipe"]["f1"][mood]
    others = "".join(
        f"<td>{baseline['f1'][mood]:.2f}</td>"
        for baseline in grouped["baselines"].values()
    )
    return (
        f'<tr><th scope="row">{chip(mood)}</th>'
        f"<td>{report['metrics']['n_per_mood'][mood]}</td>"
        f"<td>{charts.bar(f1, mood)}{f1:.2f}</td>"
        f"<td>{percent(hits / true)}</td><td>{right}</td>{others}</tr>"
    )


def _version_row(number: int, version: Report) -> str:
    metrics = version["metrics"]
    figures = "<td></td><td colspan=2>not judged</td>"
    if metrics:
        scored = metrics["grouped"]["recipe"]
        figures = (
            f"<td>{metrics['n_videos']}</td><td>{scored['macro_f1']:.3f}</td>"
            f"<td>{scored['accuracy']:.3f}</td>"
        )
    live = ' class="ours"' if version["live"] else ""
    name = escape(version["version"]) + (" (live)" if version["live"] else "")
    day = escape(version["created"][:10])
    return (
        f'<tr{live}><td>{number}</td><td class="text">{name}</td><td>{day}</td>'
        f"{figures}</tr>"
    )
