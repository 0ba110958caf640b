"""The pages about labels in a real browser: keyboard, phone, policy."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from songs.labelling import record
from songs.labelling.record import LabelState
from songs.models import LabelRevert, Mood
from tests.browser import settled_width, wait

LABELS = "/admin/songs/moodlabel/"
PAGES = ["agreement/", "people/", "take-back/?whose=ada"]


@pytest.fixture
def labels(make_video):
    """Ada and bob on 24 videos with long titles; they never agree."""
    moods = [*Mood.values, *Mood.values]
    for number in range(24):
        video = make_video(video_title="Donaudampfschifffahrt " * 9)
        record.label(video.pk, moods[number % 6], who="ada", source="admin")
        other = LabelState(moods[number % 6 + 1], True)
        record.add_second_opinion(video.pk, other, who="bob")


def on(page, path):
    wait(page, lambda: page.current_url.endswith(path))
    return page


@pytest.mark.parametrize("page", PAGES)
def test_pages_fit_a_phone(browser, admin_browser, labels, page):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    assert settled_width(admin_browser(LABELS + page), 390) == 390


@pytest.mark.parametrize("page", PAGES)
def test_pages_break_no_rule_of_the_policy(admin_browser, labels, page):
    log = admin_browser(LABELS + page).get_log("browser")

    assert [line for line in log if "Content Security" in line["message"]] == []


def test_labels_are_taken_back_by_keyboard_alone(admin_browser, labels):
    page = admin_browser(f"{LABELS}take-back/?whose=bob")
    button = page.find_element(By.CSS_SELECTOR, ".confirm button")
    page.execute_script("document.querySelector('.choose button').focus()")
    while page.switch_to.active_element != button:
        page.switch_to.active_element.send_keys(Keys.TAB)

    button.send_keys(Keys.ENTER)

    on(page, "/labelrevert/")
    revert = LabelRevert.objects.get()
    assert (revert.whose, revert.acts.count()) == ("bob", 24)
    assert record.differing_from_history() == []
