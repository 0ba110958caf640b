"""The page of the mood model in a real browser: it moves, on a phone and by keyboard."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from songs.admin.mood_models import admin, views
from songs.admin.mood_models.progress import TrainingPhase, TrainingProgress
from songs.predictions.ledger import ChangeReason
from songs.predictions.registry import mood_ledger
from tests.browser import settled_width, wait
from tests.songs.mood_models import judged, store

LIST = "/admin/songs/moodmodel/"


@pytest.fixture
def now(monkeypatch):
    """Says how far the work is, as a test goes on."""
    state = [TrainingProgress(TrainingPhase.IDLE, "No training yet.")]
    for module in (admin, views):
        monkeypatch.setattr(module, "progress", lambda: state[-1])
    return state.append


def test_progress_moves_by_itself_and_the_page_shows_the_end(admin_browser, now):
    now(TrainingProgress(TrainingPhase.RUNNING, "step 1 of 4", 1, 4))
    page = admin_browser(LIST)
    bar = page.find_element(By.TAG_NAME, "progress")
    button = page.find_element(By.CSS_SELECTOR, "#mood-model button")
    assert (bar.get_attribute("value"), button.is_enabled()) == ("1", False)
    page.execute_script("window.first = true")

    now(TrainingProgress(TrainingPhase.RUNNING, "step 3 of 4", 3, 4))
    wait(page, lambda: bar.get_attribute("value") == "3")
    assert page.find_element(By.CSS_SELECTOR, "[role=status]").text == "step 3 of 4"
    assert page.execute_script("return window.first")  # not loaded again

    now(TrainingProgress(TrainingPhase.DONE, "Trained v1."))
    wait(page, lambda: not page.execute_script("return window.first"))
    wait(page, lambda: "Trained v1." in page.page_source)
    assert page.find_element(By.CSS_SELECTOR, "#mood-model button").is_enabled()
    assert page.get_log("browser") == []


def test_rollback_by_keyboard(admin_browser):
    store("v1", **judged())
    store("v2")
    mood_ledger.promote("v2", ChangeReason("ada", "because", forced=True))
    page = admin_browser(LIST)

    page.find_element(By.LINK_TEXT, "Roll back …").send_keys(Keys.ENTER)
    reason = wait(page, lambda: page.find_element(By.NAME, "reason"))
    reason.send_keys("too many angry ones", Keys.ENTER)

    wait(page, lambda: page.find_elements(By.CLASS_NAME, "messagelist"))
    assert mood_ledger.live_version() is None


def test_page_fits_a_phone(admin_browser):
    store("a-version-with-a-long-name-20261124-030912-e4546c80", **judged(), live=True)
    page = admin_browser(LIST)
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    assert settled_width(page, 390) == 390
