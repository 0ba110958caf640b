"""The charts of a report as inline SVG."""

from collections.abc import Sequence
from math import log2
from typing import Any

from ml.evaluation.wording import percent
from ml.moods.predict import NEVER_SURE
from ml.svg import Drawing, Plot

MIN_VIDEOS = 10  # in a bin that the line of the reliability diagram goes through
PERCENTS = [(p / 100, f"{p}%") for p in range(0, 101, 25)]


def dots_of_ten(share: float) -> str:
    """Ten dots, as many filled as of ten videos."""
    filled = round(10 * share)
    drawing = Drawing(200, 20, label=f"{filled} of 10", style="ten")
    for i in range(10):
        drawing.circle((10 + 20 * i, 10), 7.5, "full" if i < filled else "empty")
    return drawing.svg()


def reliability(bins: Sequence[dict[str, float]]) -> str:
    """Stated probability against the share that was right."""
    plot = Plot(
        x=(0, 1),
        y=(0, 1),
        label="Reliability diagram. "
        + "; ".join(
            f"said {percent(b['confidence'])}, right {percent(b['accuracy'])}"
            for b in bins
        ),
    )
    plot.y_axis(PERCENTS)
    plot.x_axis(PERCENTS, "probability that it states")
    plot.line([(0, 0), (1, 1)], "ideal")
    many = [b for b in bins if b["n_videos"] >= MIN_VIDEOS]
    plot.line([(b["confidence"], b["accuracy"]) for b in many], "curve")
    most = max(b["n_videos"] for b in bins)
    for b in bins:
        radius = 2.5 + 6 * (b["n_videos"] / most) ** 0.5
        plot.dot((b["confidence"], b["accuracy"]), radius)
    plot.note((0.03, 0.93), "above the line: too modest")
    plot.note((0.97, 0.05), "below: too bold", "end")
    return plot.svg()


def coverage(
    points: Sequence[dict[str, float]], majority: float, sure: dict[str, Any]
) -> str:
    """Accuracy on the part that it is most confident of."""
    plot = Plot(
        x=(0, 1),
        y=(0, 1),
        label="Accuracy by coverage. "
        + "; ".join(
            f"most confident {percent(p['coverage'])}: right {percent(p['accuracy'])}"
            for p in points[4::5]
        ),
    )
    plot.y_axis(PERCENTS)
    plot.x_axis(PERCENTS, "share of the videos, the most confident first")
    plot.line([(0, majority), (1, majority)], "ideal")
    plot.note((0.99, majority - 0.07), "most frequent mood", "end")
    plot.line([(p["coverage"], p["accuracy"]) for p in points], "curve")
    if sure["sure_from"] != NEVER_SURE:
        plot.dot((sure["coverage"], sure["accuracy"]), 6, "sure")
        at = min(sure["coverage"] + 0.04, 0.8), min(sure["accuracy"] + 0.06, 0.95)
        plot.note(at, "sure")
    return plot.svg()


def learning(curve: dict[str, Any], n_now: int) -> str:
    """Macro-F1 against the number of labels, with the line that foretells."""
    points = curve["points"]
    ahead = n_now + curve["n_more"]
    top = max(p["macro_f1_interval"]["high"] for p in points)
    y = _round_up(top + curve["macro_f1_gain"]["high"])
    plot = Plot(
        x=(0, ahead * 1.05),
        y=(0, y),
        label="Learning curve. "
        + "; ".join(
            f"{p['n_videos']} labels: macro-F1 {p['macro_f1']:.3f}" for p in points
        ),
    )
    plot.y_axis(_quarters(y))
    ticks = [(p["n_videos"], str(p["n_videos"])) for p in points]
    plot.x_axis(ticks, "labels that it learned from")
    for p in points:
        tails = p["macro_f1_interval"]
        ends = [(p["n_videos"], tails["low"]), (p["n_videos"], tails["high"])]
        plot.line(ends, "interval")
        plot.dot((p["n_videos"], p["macro_f1"]))
    plot.line([(p["n_videos"], p["macro_f1"]) for p in points], "curve")
    last = points[-1]
    slope = curve["macro_f1_gain"]["expected"] / log2(ahead / n_now)
    way = [last["n_videos"] + (ahead - last["n_videos"]) * i / 8 for i in range(9)]
    line = [(n, last["macro_f1"] + slope * log2(n / last["n_videos"])) for n in way]
    plot.line(line, "ahead")
    plot.note((ahead, line[-1][1] + y * 0.05), f"+{curve['n_more']}", "end")
    return plot.svg()


def versions(versions: Sequence[dict[str, Any]]) -> str:
    """Macro-F1 of the versions that were judged, by their number from 1."""
    judged = [
        (number, version["metrics"]["grouped"]["recipe"]["macro_f1"], version["live"])
        for number, version in enumerate(versions, start=1)
        if version["metrics"]
    ]
    y = _round_up(1.2 * max(figure for _, figure, _ in judged))
    plot = Plot(
        x=(0.5, len(versions) + 0.5),
        y=(0, y),
        label="Macro-F1 of the versions. "
        + "; ".join(f"version {n}: {figure:.3f}" for n, figure, _ in judged),
    )
    plot.y_axis(_quarters(y))
    every = -(-len(versions) // 8)  # no more than eight numbers fit
    ticks = [(i, str(i)) for i in range(1, len(versions) + 1, every)]
    plot.x_axis(ticks, "number of the version")
    plot.line([(number, figure) for number, figure, _ in judged], "curve")
    for number, figure, live in judged:
        plot.dot((number, figure), 6 if live else 4, "sure" if live else "dot")
    return plot.svg()


def bar(share: float, mood: str) -> str:
    """A bar beside a figure that says the same: hidden from those who listen."""
    drawing = Drawing(100, 10, style="bar", stretched=True)
    drawing.rect((0, 0), 100, 10, "track")
    drawing.rect((0, 0), 100 * share, 10, mood.lower())
    return drawing.svg()


def _round_up(value: float) -> float:
    """The next multiple of 0.2: its quarters are round too."""
    return max(0.2, -(-value // 0.2) * 0.2)


def _quarters(top: float) -> list[tuple[float, str]]:
    return [(top * i / 4, f"{top * i / 4:.2f}") for i in range(5)]
