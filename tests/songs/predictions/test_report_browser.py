"""The page in a browser: no sideways scrolling, no complaint, both colour schemes."""

import pytest

from songs.predictions.report import render_report
from tests.ml.evaluation.conftest import IDS


@pytest.fixture
def page(report, tmp_path):
    titles = {
        video_id: f"{video_id} " + "Longwordwithoutspaces" * 6 for video_id in IDS
    }
    path = tmp_path / "report.html"
    path.write_text(render_report(report, titles=titles), encoding="utf-8")
    return path.as_uri()


def show(browser, page, *, width, scheme):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", metrics | {"mobile": width < 500}
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(page)


@pytest.mark.parametrize("width", [320, 390, 1400])
def test_page_fits_into_the_window(browser, page, width):
    show(browser, page, width=width, scheme="light")

    wide = browser.execute_script("return document.documentElement.scrollWidth")

    assert wide <= width
    assert browser.get_log("browser") == []  # nothing that its policy had to block


def test_page_follows_the_colours_of_the_system(browser, page):
    grounds = []
    for scheme in ("light", "dark"):
        show(browser, page, width=1400, scheme=scheme)
        grounds.append(
            browser.execute_script("return getComputedStyle(document.body).background")
        )

    assert grounds[0] != grounds[1]


def test_page_scrolls_its_wide_tables_by_keyboard(browser, page):
    show(browser, page, width=320, scheme="light")

    stuck = browser.execute_script(
        "return [...document.querySelectorAll('.scroll')]"
        ".filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0).length"
    )

    assert stuck == 0
