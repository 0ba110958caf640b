"""Tops and distributions of a recommender's items as PNG files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.recommend.storage.store import Item, Served
from recommenders.answers.statistics import Bin, Figure, distribution, top

SIZE = (8, 5)  # inches
DPI = 150
INK, BARS = "#1f2937", "#2563eb"
MOST_LETTERS = 40  # of a name beside its bar
MOST_OF_A_TITLE = 160  # in two lines
UNREADABLE = "\N{WHITE SQUARE}"  # stands for what the chart's font does not have
TITLES = {
    Figure.PLAYS: "most played",
    Figure.AVERAGE: "most plays of a listener",
    Figure.LISTENERS: "most listeners",
}
AXES = {
    Figure.PLAYS: "plays",
    Figure.AVERAGE: "plays of a listener, on average",
    Figure.LISTENERS: "listeners",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A file that was written."""

    path: Path
    title: str


def draw(served: Served, folder: Path, *, title: str, n: int = 20) -> list[Chart]:
    """Write a bar chart of the top and a distribution of each figure into a folder.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return list(_draw_all(served, folder, title, n))


def _draw_all(served: Served, folder: Path, title: str, n: int) -> Iterator[Chart]:
    for figure in Figure:
        said = f"{title}: {TITLES[figure]}"
        path = folder / f"top-{figure}.png"
        with _axes(path, said) as axes:
            _bars(axes, top(served, figure, n), figure)
        yield Chart(path, said)
        said = f"{title}: distribution of {AXES[figure]}"
        path = folder / f"distribution-{figure}.png"
        with _axes(path, said) as axes:
            _histogram(axes, distribution(served, figure), figure)
        yield Chart(path, said)


@contextmanager
def _axes(path: Path, title: str) -> Iterator[Any]:
    """Axes to draw on, saved at the end; no window, no state of pyplot."""
    from matplotlib.figure import Figure as Sheet  # 30 MB that only charts need
    from matplotlib.ticker import EngFormatter, NullFormatter

    sheet = Sheet(SIZE, DPI, layout="constrained")
    axes = sheet.add_subplot()
    axes.set_title(_readable(title, MOST_OF_A_TITLE), color=INK, wrap=True)
    axes.spines[["top", "right"]].set_visible(False)
    yield axes
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))  # 500k, 2M
    axes.xaxis.set_minor_formatter(NullFormatter())
    sheet.savefig(path)


def _bars(axes: Any, items: list[Item], figure: Figure) -> None:
    names = [_readable(item.name) for item in items]
    lengths = [_value(item, figure) for item in items]
    places = range(len(items))
    axes.barh(places, lengths, color=BARS)
    axes.set_yticks(places, names, color=INK)
    axes.invert_yaxis()  # the first on top
    axes.set_xlabel(AXES[figure])


def _histogram(axes: Any, bins: list[Bin], figure: Figure) -> None:
    edges = [*(found.low for found in bins), *(found.high for found in bins[-1:])]
    if len(set(edges)) > 1:
        axes.stairs([found.items for found in bins], edges, fill=True, color=BARS)
        axes.set_xscale("log")
    axes.set_xlabel(AXES[figure])
    axes.set_ylabel("items")


def _value(item: Item, figure: Figure) -> float:
    return {
        Figure.PLAYS: item.total,
        Figure.AVERAGE: item.average,
        Figure.LISTENERS: float(item.listeners),
    }[figure]


def _readable(text: str, most: int = MOST_LETTERS) -> str:
    """Without what the font lacks, and without what would be read as a formula."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    shown = "".join(c if ord(c) in known else UNREADABLE for c in text)
    cut = shown[: most - 1] + "…" if len(shown) > most else shown
    return cut.replace("$", r"\$")
