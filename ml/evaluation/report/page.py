"""The report as one self-contained HTML page: no script, no outside asset."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType

from ml.evaluation.report import charts, sections, tables
from ml.evaluation.report.words import (
    LABELS,
    Report,
    headline,
    percent,
    summary,
    sureness,
)

_FOLDER = Path(__file__).parent
_PAGE = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
_STYLE = (_FOLDER / "style.css").read_text(encoding="utf-8")


def render_html(
    report: Report,
    history: Sequence[Report] = (),
    *,
    titles: Mapping[str, str] = MappingProxyType({}),
    back_to: str = "",
) -> str:
    """Write the page.

    Parameters
    ----------
    report : dict
        From `ml.evaluation.report.build`.
    history : sequence of dict, oldest first
        Versions, each ``version``, ``created`` (ISO 8601), ``live`` (bool) and
        ``metrics`` (``Evaluation.to_dict()``, {} where it was not judged).
    titles : mapping of str to str
        Title of a video by its id; the id itself where it is missing.
    back_to : str
        Where the link "Back" leads; none if empty.

    Returns
    -------
    str
        HTML; what people or YouTube wrote is escaped.
    """
    return _PAGE.substitute(
        style=_STYLE,
        **_heading(report, back_to),
        **_figures(report),
        **_method(report["metrics"]),
        learning=sections.learning(report),
        mistakes=sections.mistakes(report["mistakes"], titles),
        history=sections.history(history),
    )


def _heading(report: Report, back_to: str) -> dict[str, str]:
    day = datetime.fromisoformat(report["created"])
    version = f", version {report['version']}" if report["version"] else ""
    return {
        "back": sections.back(back_to),
        "headline": headline(report),
        "recipe": escape(report["metrics"]["recipe"]),
        "version": escape(version),
        "created": escape(report["created"]),
        "day": f"{day.day} {day:%B %Y}",
        "cards": sections.cards(report["metrics"]),
        "words": "\n".join(f"<li>{escape(said)}</li>" for said in summary(report)),
    }


def _figures(report: Report) -> dict[str, str]:
    metrics = report["metrics"]
    grouped, sure = metrics["grouped"], metrics["sure"]
    majority = grouped["majority"]["accuracy"]
    return {
        "scores": tables.scores(metrics),
        "macro_f1_interval": tables.span(metrics["macro_f1_interval"]),
        "accuracy_interval": tables.span(metrics["accuracy_interval"]),
        "comparisons": tables.comparisons(metrics["comparisons"]),
        "moods": tables.moods(report),
        "confusion": tables.confusion(report["confusion"]),
        "reliability": charts.reliability(report["reliability"]),
        "calibration": percent(grouped["recipe"]["calibration_error"]),
        "coverage": charts.coverage(report["coverage"], majority, sure),
        "sureness": escape(sureness(sure)),
    }


def _method(metrics: Report) -> dict[str, str]:
    counts = metrics["n_per_mood"].items()
    return {
        "n_videos": f"{metrics['n_videos']:,}",
        "n_groups": f"{metrics['n_groups']:,}",
        "n_shuffles": str(len(metrics["seeds"])),
        "n_resamples": f"{metrics['comparisons']['majority']['n_resamples']:,}",
        "counts": ", ".join(f"{n} {LABELS[mood]}" for mood, n in counts),
        "digest": escape(metrics["data_digest"]),
    }
