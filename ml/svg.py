"""Small charts as inline SVG: no script, colours by class, a label for those who listen."""

from collections.abc import Sequence
from html import escape

Point = tuple[float, float]

WIDTH, HEIGHT = 380, 260  # of a plot
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 14, 42  # margins around it
MIN_BAR = 1.5  # units: a bar of one row among millions can still be seen


class Drawing:
    """Marks in a box, in its units; without a label it is decoration, and hidden."""

    def __init__(
        self,
        width: float,
        height: float,
        *,
        label: str = "",
        style: str = "",
        stretched: bool = False,
    ) -> None:
        attributes = f'viewBox="0 0 {width} {height}"'
        if stretched:
            attributes += ' preserveAspectRatio="none"'
        if label:
            attributes += f' role="img" aria-label="{escape(label)}"'
        else:
            attributes += ' aria-hidden="true"'
        self.head = f"<svg{_class(style)} {attributes}>"
        self.marks: list[str] = []

    def rect(
        self,
        corner: Point,
        width: float,
        height: float,
        style: str = "",
        title: str = "",
    ) -> None:
        x, y = corner
        inside = f"<title>{escape(title)}</title>" if title else ""
        self.marks.append(
            f'<rect{_class(style)} x="{x:.5g}" y="{y:.5g}" width="{width:.5g}" '
            f'height="{height:.5g}">{inside}</rect>'
        )

    def circle(self, centre: Point, radius: float, style: str) -> None:
        x, y = centre
        self.marks.append(
            f'<circle{_class(style)} cx="{x:.5g}" cy="{y:.5g}" r="{radius:.5g}"/>'
        )

    def path(self, points: Sequence[Point], style: str) -> None:
        """Join points; nothing for none."""
        if points:
            way = "L".join(f"{x:.5g} {y:.5g}" for x, y in points)
            self.marks.append(f'<path{_class(style)} d="M{way}"/>')

    def text(self, at: Point, text: str, anchor: str, style: str) -> None:
        x, y = at
        self.marks.append(
            f'<text{_class(style)} x="{x:.5g}" y="{y:.5g}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def svg(self) -> str:
        return f"{self.head}{''.join(self.marks)}</svg>"


class Plot(Drawing):
    """Axes with marks in the coordinates of the data."""

    def __init__(self, *, x: Point, y: Point, label: str) -> None:
        super().__init__(WIDTH, HEIGHT, label=label)
        self.x, self.y = x, y

    def at(self, point: Point) -> Point:
        """Where a point of the data is in the box."""
        (x, y), (left, right), (low, high) = point, self.x, self.y
        return (
            LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM),
        )

    def x_axis(self, ticks: Sequence[tuple[float, str]], label: str) -> None:
        for value, text in ticks:
            x, _ = self.at((value, 0))
            self.text((x, HEIGHT - BOTTOM + 16), text, "middle", "tick")
        self.text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6), label, "middle", "label")

    def y_axis(self, ticks: Sequence[tuple[float, str]]) -> None:
        for value, text in ticks:
            _, y = self.at((0, value))
            self.path([(LEFT, y), (WIDTH - RIGHT, y)], "grid")
            self.text((LEFT - 6, y + 4), text, "end", "tick")

    def line(self, points: Sequence[Point], style: str) -> None:
        self.path([self.at(point) for point in points], style)

    def dot(self, point: Point, radius: float = 4, style: str = "dot") -> None:
        self.circle(self.at(point), radius, style)

    def note(self, point: Point, text: str, anchor: str = "start") -> None:
        self.text(self.at(point), text, anchor, "note")


def bars(
    counts: Sequence[tuple[str, int]],
    width: float,
    height: float,
    *,
    label: str,
    style: str,
) -> str:
    """Draw one bar for each (title, count), side by side, the highest to the top.

    Returns
    -------
    str
        SVG; empty where there is nothing to count. A count of 0 has no height.
    """
    most = max((count for _, count in counts), default=0)
    if not most:
        return ""
    drawing = Drawing(width, height, label=label, style=style, stretched=True)
    step = width / len(counts)
    gap = min(1, step / 4)
    for i, (title, count) in enumerate(counts):
        tall = max(MIN_BAR, height * count / most) if count else 0
        corner = i * step + gap / 2, height - tall
        drawing.rect(corner, step - gap, tall, title=title)
    return drawing.svg()


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""
