"""The page: whole, escaped, and made of nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from ml.moods.predict import NEVER_SURE
from songs.predictions.report import render_report

NASTY = '<script>alert("x")</script> & <img src=x onerror=alert(1)>'
VOID = {"meta", "link", "br", "img"}


class Reader(HTMLParser):
    """Collects elements and attributes; fails on tags that do not match."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.text = [], [], ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def history(report):
    """Three versions: judged, not judged, and live."""
    versions = [("v1", report["metrics"], False), ("v2", {}, False)]
    versions += [("v3<b>", report["metrics"], True)]
    return [
        {"version": v, "created": "2026-11-01T00:00:00+00:00", "live": live}
        | {"metrics": metrics}
        for v, metrics, live in versions
    ]


def test_render_report_is_one_page_of_its_own(report, history):
    page = render_report(report, history)
    read = Reader(page)

    assert not {"script", "link", "img", "iframe", "base"} & {
        t for t, _ in read.elements
    }
    assert "url(" not in page and "@import" not in page
    for _, attributes in read.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    links = [attributes["href"] for attributes in read.all("a")]
    assert links
    assert all(link.startswith("https://www.youtube.com/watch?v=") for link in links)


def test_render_report_escapes_what_others_wrote(report, history):
    first = report["mistakes"][0]["video_id"]
    titles = {first: NASTY}

    page = render_report(report | {"version": NASTY}, history, titles=titles)

    read = Reader(page)
    assert not read.all("script")
    assert not read.all("img")
    assert read.text.count('<script>alert("x")</script>') == 2
    assert "v3<b> (live)" in read.text


def test_render_report_says_the_figures_in_words(report):
    text = Reader(render_report(report)).text

    accuracy = report["metrics"]["grouped"]["recipe"]["accuracy"]
    assert f"Of 10 videos it names the right mood for {10 * accuracy:.0f}." in text
    assert "better than always saying the most frequent mood: macro-F1 +0." in text
    assert "100 more" in text
    assert "$" not in text  # no placeholder is left


def test_render_report_gives_charts_and_tables_to_those_who_listen(report, history):
    read = Reader(render_report(report, history))

    charts = [a for a in read.all("svg") if a.get("aria-hidden") != "true"]
    assert len(charts) == 7  # three rows of dots, four charts
    assert all(a["role"] == "img" and a["aria-label"] for a in charts)
    assert len(read.all("caption")) == len(read.all("table"))
    assert {a["scope"] for a in read.all("th")} == {"col", "row", "rowgroup"}
    ids = {a.get("id") for _, a in read.elements}
    assert {a.get("aria-labelledby") for a in read.all("section")} - {None} <= ids


def test_render_report_shows_the_title_or_else_the_id(report):
    first, second = (m["video_id"] for m in report["mistakes"][:2])

    text = Reader(render_report(report, titles={first: "A slow one"})).text

    assert "A slow one" in text
    assert second in text


def test_render_report_leaves_out_what_is_not_there(report):
    bare = render_report(report | {"mistakes": [], "learning_curve": None})

    ids = re.findall(r'<h2 id="(\w+)"', bare)
    assert ids == ["words", "baselines", "moods", "trust", "method"]


def test_render_report_links_back_where_it_is_told(report):
    read = Reader(render_report(report, back_to="/admin/?a=1&b=2"))

    assert read.all("a")[0]["href"] == "/admin/?a=1&b=2"


@pytest.mark.parametrize(
    ("sure_from", "said", "unsaid"),
    [(NEVER_SURE, "never sure", "sure of"), (0.5, "sure of 20", "never sure")],
)
def test_render_report_says_whether_it_is_ever_sure(report, sure_from, said, unsaid):
    sure = {"sure_from": sure_from, "wanted": 0.6, "accuracy": 0.6, "coverage": 0.2}
    metrics = report["metrics"] | {"sure": sure}

    text = Reader(render_report(report | {"metrics": metrics})).text

    assert said in text
    assert unsaid not in text


def test_render_report_shows_versions_newest_first(report, history):
    text = Reader(render_report(report, history)).text

    assert text.index("v3<b>") < text.index("not judged") < text.index("v1")
