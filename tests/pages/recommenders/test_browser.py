"""The pages of recommenders in a real browser: type-ahead, charts, policy, phone."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from recommenders.models import Recommender
from tests.browser import settled_width, wait
from tests.recommenders.plays import LOUD

PAGE = "/recommenders/two-tastes/"
PAGES = ["", "similar/?item=Hush", "for/?for=listener1", "charts/", "clean/"]
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture
def visit(browser, live_server, trained):
    """Opens a page of a recommender that everybody may ask."""
    Recommender.objects.update(shared=True)

    def open_page(path):
        browser.get(live_server.url + PAGE + path)
        return browser

    return open_page


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone_and_break_no_rule_of_the_policy(browser, visit, path):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    page = visit(path)
    assert settled_width(page, 390) == 390
    log = page.get_log("browser")
    assert [line for line in log if line["level"] == "SEVERE"] == []


def test_similar_is_found_and_followed_by_keyboard_alone(visit):
    page = visit("similar/")
    field = page.find_element(By.ID, "ask")
    field.send_keys("anv")
    wait(page, lambda: field.get_attribute("aria-expanded") == "true")
    field.send_keys(Keys.ARROW_DOWN)
    option = page.find_element(By.ID, field.get_attribute("aria-activedescendant"))
    assert option.get_attribute("data-value") == "Anvil Choir"
    field.send_keys(Keys.ENTER)
    wait(page, lambda: "item=Anvil+Choir" in page.current_url)
    links = page.find_elements(By.CSS_SELECTOR, ".answers h3 a")
    assert {link.text for link in links} == set(LOUD) - {"Anvil Choir"}
    name = links[0].text
    links[0].send_keys(Keys.ENTER)
    wait(page, lambda: page.find_element(By.TAG_NAME, "h1").text == f"Like {name}")


def test_suggestions_are_left_with_escape(visit):
    page = visit("similar/")
    field = page.find_element(By.ID, "ask")
    field.send_keys("h")
    wait(page, lambda: field.get_attribute("aria-expanded") == "true")
    field.send_keys(Keys.ESCAPE)
    assert field.get_attribute("aria-expanded") == "false"
    assert field.get_attribute("value") == "h"


def test_suggested_names_become_lines_of_a_taste(visit):
    page = visit("taste/")
    field = page.find_element(By.ID, "likes_add")
    field.send_keys("hus")
    wait(page, lambda: field.get_attribute("aria-expanded") == "true")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    field.send_keys("Kelp", Keys.ENTER)
    lines = page.find_element(By.ID, "likes").get_attribute("value")
    assert lines == "Hush\nKelp"


def test_charts_are_drawn_of_the_tables_beside_them(visit):
    page = visit("charts/?by=listeners")
    wait(page, lambda: page.execute_script("return Boolean(window.Chart)"))
    drawn = page.execute_script(
        "return [...document.querySelectorAll('canvas')].map((canvas) => "
        "Chart.getChart(canvas)?.data.datasets[0].data.length)"
    )
    rows = [
        len(page.find_elements(By.CSS_SELECTOR, f"#{table} tbody tr"))
        for table in ("top", "by-listeners", "by-plays", "by-average")
    ]
    assert drawn == rows
    assert rows[0] == 16
