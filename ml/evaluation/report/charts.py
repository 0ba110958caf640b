"""Charts as inline SVG: no script, colours from the page's style, words for all."""

from collections.abc import Sequence
from html import escape
from math import log2
from typing import Any

from ml.evaluation.report.words import percent
from ml.moods.predict import NEVER_SURE

WIDTH, HEIGHT = 380, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 14, 42  # margins around the plot
ENOUGH = 10  # videos in a bin that the line of the reliability diagram goes through

Point = tuple[float, float]


class Plot:
    """A square of axes that marks are drawn on, in data coordinates."""

    def __init__(
        self, *, x: tuple[float, float], y: tuple[float, float], name: str, words: str
    ) -> None:
        self.x, self.y = x, y
        self.name, self.words = name, words
        self.marks: list[str] = []

    def px(self, x: float) -> float:
        low, high = self.x
        return LEFT + (x - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def py(self, y: float) -> float:
        low, high = self.y
        return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def x_axis(self, ticks: Sequence[tuple[float, str]], label: str) -> None:
        for value, text in ticks:
            self.text(self.px(value), HEIGHT - BOTTOM + 16, text, "middle")
        middle = (LEFT + WIDTH - RIGHT) / 2
        self.text(middle, HEIGHT - 6, label, "middle", "label")

    def y_axis(self, ticks: Sequence[tuple[float, str]]) -> None:
        for value, text in ticks:
            y = self.py(value)
            self.marks.append(
                f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            )
            self.text(LEFT - 6, y + 4, text, "end")

    def line(self, points: Sequence[Point], style: str) -> None:
        """Join points; nothing for none."""
        if not points:
            return
        path = "L".join(f"{self.px(x):.1f} {self.py(y):.1f}" for x, y in points)
        self.marks.append(f'<path class="{style}" d="M{path}"/>')

    def dot(self, point: Point, radius: float = 4, style: str = "dot") -> None:
        x, y = self.px(point[0]), self.py(point[1])
        self.marks.append(
            f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
        )

    def text(
        self, x: float, y: float, text: str, anchor: str, style: str = "tick"
    ) -> None:
        self.marks.append(
            f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def note(self, point: Point, text: str, anchor: str = "start") -> None:
        """Write beside a place of the plot."""
        self.text(self.px(point[0]), self.py(point[1]), text, anchor, "note")

    def svg(self) -> str:
        marks = "".join(self.marks)
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(self.name)}. {escape(self.words)}">{marks}</svg>'
        )


def dots_of_ten(share: float) -> str:
    """Ten dots, as many filled as of ten videos."""
    filled = round(10 * share)
    dots = "".join(
        f'<circle class="{"full" if i < filled else "empty"}" '
        f'cx="{10 + 20 * i}" cy="10" r="7.5"/>'
        for i in range(10)
    )
    return (
        f'<svg class="ten" viewBox="0 0 200 20" role="img" '
        f'aria-label="{filled} of 10">{dots}</svg>'
    )


def reliability(bins: Sequence[dict[str, float]]) -> str:
    """Stated probability against the share that was right."""
    plot = Plot(
        x=(0, 1),
        y=(0, 1),
        name="Reliability diagram",
        words="; ".join(
            f"said {percent(b['confidence'])}, right {percent(b['accuracy'])}"
            for b in bins
        ),
    )
    plot.y_axis(_percents(0, 100, 25))
    plot.x_axis(_percents(0, 100, 25), "probability that it states")
    plot.line([(0, 0), (1, 1)], "ideal")
    many = [b for b in bins if b["n_videos"] >= ENOUGH]
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
        name="Accuracy by coverage",
        words="; ".join(
            f"most confident {percent(p['coverage'])}: right {percent(p['accuracy'])}"
            for p in points[4::5]
        ),
    )
    plot.y_axis(_percents(0, 100, 25))
    plot.x_axis(_percents(0, 100, 25), "share of the videos, the most confident first")
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
        name="Learning curve",
        words="; ".join(
            f"{p['n_videos']} labels: macro-F1 {p['macro_f1']:.3f}" for p in points
        ),
    )
    plot.y_axis([(y * i / 4, f"{y * i / 4:.2f}") for i in range(5)])
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


def history(versions: Sequence[dict[str, Any]]) -> str:
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
        name="Macro-F1 of the versions",
        words="; ".join(f"version {n}: {figure:.3f}" for n, figure, _ in judged),
    )
    plot.y_axis([(y * i / 4, f"{y * i / 4:.2f}") for i in range(5)])
    every = -(-len(versions) // 8)  # no more than eight numbers fit
    ticks = [(i, str(i)) for i in range(1, len(versions) + 1, every)]
    plot.x_axis(ticks, "number of the version")
    plot.line([(number, figure) for number, figure, _ in judged], "curve")
    for number, figure, live in judged:
        plot.dot((number, figure), 6 if live else 4, "sure" if live else "dot")
    return plot.svg()


def bar(share: float, mood: str) -> str:
    """A bar beside a figure that says the same: hidden from those who listen."""
    return (
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect class="track" width="100" height="10" rx="2"/>'
        f'<rect class="{mood.lower()}" width="{100 * share:.1f}" height="10" rx="2"/>'
        "</svg>"
    )


def _percents(low: int, high: int, step: int) -> list[tuple[float, str]]:
    return [(p / 100, f"{p}%") for p in range(low, high + 1, step)]


def _round_up(value: float) -> float:
    """The next multiple of 0.2: its quarters are round too."""
    return max(0.2, -(-value // 0.2) * 0.2)
