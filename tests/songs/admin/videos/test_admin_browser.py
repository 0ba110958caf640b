"""The admin in a real browser: nothing that YouTube said may run, the keyboard works."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from songs.models import Mood
from tests.browser import settled_width

LIST = "/admin/songs/newvideo/"
SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.mark.parametrize("path", [LIST, f"{LIST}VIDEO000001/change/"])
def test_script_in_what_youtube_said_does_not_run(admin_browser, make_video, path):
    make_video(
        video_title=SCRIPT, video_description=IMAGE, channel_title=IMAGE, tags=[SCRIPT]
    )

    page = admin_browser(path)

    assert page.title != "owned"
    assert SCRIPT in page.find_element(By.ID, "content").text
    assert not page.find_elements(By.CSS_SELECTOR, "#content img[onerror]")


def test_policy_stops_a_script_that_got_into_the_page(admin_browser, make_video):
    page = admin_browser(LIST)

    page.execute_script(
        "const s = document.createElement('script');"
        "s.textContent = \"document.title = 'owned'\"; document.body.append(s)"
    )

    assert page.title != "owned"


def test_list_is_labelled_by_keyboard_alone(admin_browser, make_video):
    video = make_video()
    page = admin_browser(LIST)
    mood = page.find_element(By.NAME, "form-0-moods")

    mood.send_keys("Chill")
    labelled = Select(page.find_element(By.NAME, "form-0-labeled"))
    assert labelled.first_selected_option.text == "Yes"
    page.find_element(By.NAME, "_save").send_keys(Keys.ENTER)

    assert "1 saved" in page.find_element(By.CLASS_NAME, "messagelist").text
    video.refresh_from_db()
    assert video.moods == Mood.CHILL


def test_list_takes_the_mood_away_when_it_is_not_labelled(admin_browser, make_video):
    make_video(moods=Mood.CHILL, labeled=True)
    page = admin_browser(LIST)

    Select(page.find_element(By.NAME, "form-0-labeled")).select_by_visible_text("No")

    assert page.find_element(By.NAME, "form-0-moods").get_attribute("value") == ""


def test_list_fits_a_phone(browser, admin_browser, make_video):
    make_video(video_title="Donaudampfschifffahrt" * 9, channel_title="x" * 90)
    metrics = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    page = admin_browser(LIST)

    table = "document.querySelector('#changelist .results')"
    assert page.execute_script(f"return {table}.scrollWidth <= {table}.clientWidth")
    assert settled_width(page, 360) == 360


def test_list_breaks_no_rule_of_the_policy(admin_browser, make_video):
    make_video()

    page = admin_browser(LIST)

    severe = [line for line in page.get_log("browser") if line["level"] == "SEVERE"]
    assert [
        line for line in severe if "Content Security Policy" in line["message"]
    ] == []
