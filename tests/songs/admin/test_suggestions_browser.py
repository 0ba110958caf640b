"""The review of suggestions in a real browser: keyboard, phone, policy."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from songs.labelling import suggestions
from songs.models import Mood, NewVideo
from tests.browser import settled_width, wait

PAGE = "/admin/songs/moodsuggestion/"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def two_videos(make_video):
    """Each with two suggestions of SAD and one of CHILL."""
    for _ in range(2):
        video = make_video(video_title=IMAGE + "Donaudampfschiff" * 9)
        for number, mood in enumerate([Mood.SAD, Mood.SAD, Mood.CHILL]):
            suggestions.suggest(video.pk, mood, address=f"192.0.2.{number}")


@pytest.fixture
def visit(admin_browser, two_videos):
    """Opens the page and waits for it: the driver may still answer for the last one."""

    def opened():
        page = admin_browser(PAGE)
        wait(page, lambda: page.find_elements(By.NAME, "tick"))
        return page

    return opened


def ticked(page):
    boxes = page.find_elements(By.NAME, "tick")
    return [box.is_selected() for box in boxes]


def test_suggestions_are_accepted_by_keyboard_alone(visit):
    page = visit()
    boxes = page.find_elements(By.NAME, "tick")
    boxes[0].send_keys(Keys.SPACE)
    boxes[2].send_keys(Keys.SPACE)
    assert page.find_element(By.CLASS_NAME, "ticked").text == "2 of 4 ticked"

    page.find_element(By.CSS_SELECTOR, "[value=accept]").send_keys(Keys.ENTER)

    said = wait(page, lambda: page.find_element(By.CLASS_NAME, "messagelist"))
    assert "2 videos labelled, 6 suggestions settled." in said.text
    assert set(NewVideo.objects.values_list("moods", flat=True)) == {"SAD"}


@pytest.mark.parametrize(
    ("which", "expected"),
    [("all", [True] * 4), ("top", [True, False] * 2), ("none", [False] * 4)],
)
def test_buttons_tick_many_at_once(visit, which, expected):
    page = visit()
    page.find_elements(By.NAME, "tick")[0].send_keys(Keys.SPACE)
    page.find_element(By.CSS_SELECTOR, f"[data-tick={which}]").send_keys(Keys.ENTER)
    assert ticked(page) == expected


def test_page_keeps_the_policy_and_runs_nothing_of_youtube(visit):
    page = visit()
    assert page.title != "owned"
    assert page.get_log("browser") == []


def test_page_fits_a_phone(browser, visit):
    metrics = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page = visit()
    assert settled_width(page, 360) == 360
