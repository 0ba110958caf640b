"""Charts: where their marks are, and what those who listen hear."""

from xml.etree import ElementTree

import pytest

from ml import svg


def rects(drawn):
    """The bars of a chart: their attributes as numbers, and their titles."""
    bars = list(ElementTree.fromstring(drawn))
    numbers = [{k: float(v) for k, v in bar.attrib.items()} for bar in bars]
    return numbers, [bar.findtext("title") for bar in bars]


def bars(counts, *, width=30, height=10):
    return svg.bars(counts, width, height, label="How often", style="spark")


def test_bars_stand_on_the_ground_and_the_highest_fills_the_height():
    (low, none, high), titles = rects(bars([("a", 1), ("b", 0), ("c & d", 2)]))

    assert (low["height"], none["height"], high["height"]) == (5, 0, 10)
    assert low["y"] + low["height"] == 10
    assert low["x"] + low["width"] < none["x"]
    assert titles == ["a", "b", "c & d"]


def test_bars_of_one_among_millions_can_be_seen():
    _, rare = rects(bars([("a", 10**9), ("b", 1)], width=9, height=9))[0]

    assert rare["height"] > 1


@pytest.mark.parametrize("counts", [[], [("a", 0)]])
def test_bars_of_nothing_are_none(counts):
    assert bars(counts) == ""


def test_drawing_has_a_label_or_is_hidden():
    labelled = ElementTree.fromstring(svg.Drawing(9, 9, label='5 "<" 6').svg())
    decoration = ElementTree.fromstring(svg.Drawing(9, 9).svg())

    assert (labelled.get("role"), labelled.get("aria-label")) == ("img", '5 "<" 6')
    assert (decoration.get("role"), decoration.get("aria-hidden")) == (None, "true")


def test_plot_puts_the_data_between_its_margins():
    plot = svg.Plot(x=(0, 10), y=(0, 1), label="A line")

    assert plot.at((0, 0)) == (svg.LEFT, svg.HEIGHT - svg.BOTTOM)
    assert plot.at((10, 1)) == (svg.WIDTH - svg.RIGHT, svg.TOP)


def test_plot_escapes_its_texts():
    plot = svg.Plot(x=(0, 1), y=(0, 1), label="A line")
    plot.note((0, 0), "a < b")

    assert ElementTree.fromstring(plot.svg()).findtext("text") == "a < b"
