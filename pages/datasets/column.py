"""A column as its pages show it: its type, its figures, its values and a chart of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from datasets.parsing.columns import was_cut
from ml import svg
from pages.datasets.table import cell

SMALL, LARGE = ((160, 40), "spark"), ((640, 220), "histogram")  # size, class of a chart
SHARES = 4  # values that a small chart names
FEW_CLIPPED = 60  # characters of a value in a small place


@dataclass(frozen=True, slots=True)
class ColumnBin:
    low: str
    high: str
    count: int


@dataclass(frozen=True, slots=True)
class ValueShare:
    """A frequent value: `part` of the most frequent one's rows, 0 to 1."""

    text: str
    count: int
    part: float
    query: str  # of the rows that have it; "" where it is too long for a filter


@dataclass(frozen=True)
class ColumnView:
    """A column for the page of its dataset, or for its own."""

    number: int  # from 1
    profile: Mapping[str, Any]  # a stored ColumnProfile
    n_rows: int
    large: bool = False

    @property
    def present(self) -> int:
        return self.n_rows - self.profile["nulls"]

    @property
    def about(self) -> str:
        return "" if self.profile["distinct_exact"] else "about "

    @property
    def missing(self) -> str:
        return (
            percent(self.profile["nulls"], self.n_rows) if self.profile["nulls"] else ""
        )

    @property
    def bins(self) -> list[ColumnBin]:
        return [
            ColumnBin(short(low), short(high), count)
            for low, high, count in self.profile["histogram"]
        ]

    @cached_property
    def bars(self) -> SafeString:
        """The bins as SVG; empty where there are none."""
        (width, height), style = LARGE if self.large else SMALL
        counts = [
            (f"{step.low} to {step.high}: {step.count:,} rows", step.count)
            for step in self.bins
        ]
        drawn = svg.bars(counts, width, height, label=self.chart, style=style)
        return mark_safe(drawn)

    @property
    def shares(self) -> list[ValueShare]:
        top = self.profile["top"]
        most = max((count for _, count in top), default=1)
        return [
            ValueShare(
                clipped(value), count, round(count / most, 4), self._rows_with(value)
            )
            for value, count in (top if self.large else top[:SHARES])
        ]

    @property
    def least(self) -> str:
        return short(self.profile["min"])

    @property
    def most(self) -> str:
        return short(self.profile["max"])

    @property
    def chart(self) -> str:
        if self.bins:
            return "How often which values"
        return "The most frequent values"

    @property
    def summary(self) -> str:
        """One line below the small chart."""
        if not self.present:
            return "empty"
        if self.bins:
            mean = self.profile["mean"]
            middle = f", mean {short(mean)}" if mean is not None else ""
            return f"{self.least} to {self.most}{middle}"
        n_distinct = self.profile["distinct"]
        return f"{self.about}{n_distinct:,} different"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Names and numbers, as far as they are known."""
        known = [
            ("Least", self.profile["min"]),
            *(
                (f"{float(part):.0%} are at most", value)
                for part, value in sorted(
                    self.profile["quantiles"].items(), key=lambda pair: float(pair[0])
                )
            ),
            ("Greatest", self.profile["max"]),
            ("Mean", self.profile["mean"]),
            ("Characters of the longest", self.profile["longest"]),
        ]
        return [(name, short(value)) for name, value in known if value is not None]

    @property
    def examples(self) -> list[str]:
        return [clipped(value) for value in self.profile["examples"]]

    def _rows_with(self, value: Any) -> str:
        if was_cut(value):
            return ""
        return urlencode(
            {"where": self.profile["name"], "op": "is", "value": str(value)}
        )


def percent(part: int, of: int) -> str:
    """Return a share for people; what is there is never 0 %, what lacks some never 100 %."""
    share = 100 * part / of if of else 0
    if 0 < share < 0.1:
        return "under 0.1 %"
    if 99.9 < share < 100:
        return "over 99.9 %"
    return f"{share:.1f} %".replace(".0 %", " %")


def short(value: Any) -> str:
    """Return a number with four significant digits; whole ones and texts as they are."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    return "" if value is None else clipped(value)


def clipped(value: Any) -> str:
    text = cell(value).text if value is not None else "none"
    return text if len(text) <= FEW_CLIPPED else f"{text[:FEW_CLIPPED]}…"
