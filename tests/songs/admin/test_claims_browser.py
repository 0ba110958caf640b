"""The review of Content ID claims in a real browser: keyboard, phone, policy."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from songs.licensing import content_claims
from songs.models import ContentClaim
from tests.browser import settled_width, wait

PAGE = "/admin/songs/contentclaim/"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def visit(admin_browser, make_video):
    """Opens the page, on which three claims wait, and waits for it."""
    for number in range(3):
        video = make_video(video_title=IMAGE + "Donaudampfschiff" * 9)
        said = {"claimant": IMAGE + "x" * 100, "details": "Claimed 0:12 to 1:40. " * 9}
        content_claims.report(video.pk, **said, address=f"192.0.2.{number}")

    def opened():
        page = admin_browser(PAGE)
        wait(page, lambda: page.find_elements(*TICKS))
        return page

    return opened


TICKS = By.CSS_SELECTOR, "#result_list .action-select"


def test_claims_are_accepted_by_keyboard_alone(visit):
    page = visit()
    for box in page.find_elements(*TICKS)[:2]:
        box.send_keys(Keys.SPACE)
    action = page.find_element(By.NAME, "action")
    Select(action).select_by_value("accept")
    page.find_element(By.NAME, "index").send_keys(Keys.ENTER)

    said = wait(page, lambda: page.find_element(By.CLASS_NAME, "messagelist"))
    assert "2 accepted." in said.text
    assert ContentClaim.objects.accepted().count() == 2


def test_page_keeps_the_policy_and_runs_nothing_of_strangers(visit):
    page = visit()
    assert page.title != "owned"
    assert page.get_log("browser") == []


def test_page_fits_a_phone(browser, visit):
    metrics = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page = visit()
    assert settled_width(page, 360) == 360
