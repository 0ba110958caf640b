"""Tops and distributions of a recommender's items as PNG files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.recommend.records import Item
from recommenders.answers.statistics import (
    HistogramBin,
    ItemStatistic,
    distribution,
    top,
)

if TYPE_CHECKING:
    from ml.recommend.storage.store import LoadedModel

SIZE = (8, 5)  # inches
DPI = 150
INK, BARS = "#1f2937", "#2563eb"
MAX_LETTERS = 40  # of a name beside its bar
MAX_OF_A_TITLE = 160  # in two lines
UNREADABLE = "\N{WHITE SQUARE}"  # stands for what the chart's font does not have
TITLES = {
    ItemStatistic.PLAYS: "most played",
    ItemStatistic.AVERAGE: "most plays of a listener",
    ItemStatistic.LISTENERS: "most listeners",
}
AXES = {
    ItemStatistic.PLAYS: "plays",
    ItemStatistic.AVERAGE: "plays of a listener, on average",
    ItemStatistic.LISTENERS: "listeners",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A file that was written."""

    path: Path
    title: str


def draw(loaded: LoadedModel, folder: Path, *, title: str, n: int = 20) -> list[Chart]:
    """Write a bar chart of the top and a distribution of each figure into a folder.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return list(_draw_all(loaded, folder, title, n))


def _draw_all(loaded: LoadedModel, folder: Path, title: str, n: int) -> Iterator[Chart]:
    for figure in ItemStatistic:
        heading = f"{title}: {TITLES[figure]}"
        path = folder / f"top-{figure}.png"
        with _axes(path, heading) as axes:
            _bars(axes, top(loaded, figure, n), figure)
        yield Chart(path, heading)
        heading = f"{title}: distribution of {AXES[figure]}"
        path = folder / f"distribution-{figure}.png"
        with _axes(path, heading) as axes:
            _histogram(axes, distribution(loaded, figure), figure)
        yield Chart(path, heading)


@contextmanager
def _axes(path: Path, title: str) -> Iterator[Any]:
    """Axes to draw on, saved at the end; no window, no state of pyplot."""
    from matplotlib.figure import Figure as Sheet  # 30 MB that only charts need
    from matplotlib.ticker import EngFormatter, NullFormatter

    sheet = Sheet(SIZE, DPI, layout="constrained")
    axes = sheet.add_subplot()
    axes.set_title(_readable(title, MAX_OF_A_TITLE), color=INK, wrap=True)
    axes.spines[["top", "right"]].set_visible(False)
    yield axes
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))  # 500k, 2M
    axes.xaxis.set_minor_formatter(NullFormatter())
    sheet.savefig(path)


def _bars(axes: Any, items: list[Item], figure: ItemStatistic) -> None:
    names = [_readable(item.name) for item in items]
    lengths = [_value(item, figure) for item in items]
    places = range(len(items))
    axes.barh(places, lengths, color=BARS)
    axes.set_yticks(places, names, color=INK)
    axes.invert_yaxis()  # the first on top
    axes.set_xlabel(AXES[figure])


def _histogram(axes: Any, bins: list[HistogramBin], figure: ItemStatistic) -> None:
    edges = [*(found.low for found in bins), *(found.high for found in bins[-1:])]
    if len(set(edges)) > 1:
        axes.stairs([found.items for found in bins], edges, fill=True, color=BARS)
        axes.set_xscale("log")
    axes.set_xlabel(AXES[figure])
    axes.set_ylabel("items")


def _value(item: Item, figure: ItemStatistic) -> float:
    return {
        ItemStatistic.PLAYS: item.total,
        ItemStatistic.AVERAGE: item.average,
        ItemStatistic.LISTENERS: float(item.listeners),
    }[figure]


def _readable(text: str, most: int = MAX_LETTERS) -> str:
    """Without what the font lacks, and without what would be read as a formula."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    shown = "".join(c if ord(c) in known else UNREADABLE for c in text)
    cut = shown[: most - 1] + "…" if len(shown) > most else shown
    return cut.replace("$", r"\$")
