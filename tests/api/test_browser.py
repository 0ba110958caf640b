"""Pages in a real browser: nothing is fetched from outside, the policy holds."""

import json

import pytest
from django.conf import settings
from selenium.webdriver.common.by import By

from songs.models import NewVideo
from tests.browser import settled_width, wait

PAGES = {
    "/": ".tile",
    "/api/docs/": ".opblock",
    "/api/new-videos/": ".response-info .str",
    "/api/": ".response-info .str",
}
FETCHED = "return performance.getEntriesByType('resource').map(e => e.name)"


@pytest.mark.parametrize("path", PAGES)
def test_page_renders_without_errors_and_without_outside_requests(
    browser, live_server, make_video, path
):
    make_video()
    browser.get(live_server.url + path)
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, PAGES[path]))
    assert browser.get_log("browser") == []
    fetched = browser.execute_script(FETCHED)
    assert fetched
    assert [url for url in fetched if not url.startswith(live_server.url)] == []


def test_docs_page_sends_a_request_when_told_to(browser, live_server, make_video):
    make_video()
    browser.get(live_server.url + "/api/docs/#/The%20catalogue/moods")
    for button in (".try-out__btn", ".execute"):
        wait(
            browser, lambda css=button: browser.find_element(By.CSS_SELECTOR, css)
        ).click()
    body = ".live-responses-table .highlight-code code"
    text = wait(browser, lambda: browser.find_element(By.CSS_SELECTOR, body).text)
    assert len(json.loads(text)) == 6


def test_browsable_api_adds_a_video(browser, live_server, admin_client):
    browser.get(live_server.url)
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    browser.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": session})
    browser.get(live_server.url + "/api/new-videos/")
    content = browser.find_element(By.NAME, "_content")
    assert "video_title" in content.text
    content.clear()
    content.send_keys('{"video_id": "abcDEF_-123"}')
    content.submit()
    wait(browser, lambda: "201 Created" in browser.page_source)
    assert NewVideo.objects.get().video_id == "abcDEF_-123"


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(browser, live_server, make_video, path):
    make_video(video_title="Donaudampfschifffahrt" * 9, channel_title="x" * 90)
    metrics = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(live_server.url + path)
    assert settled_width(browser, 360) == 360


@pytest.mark.parametrize(("scheme", "theme"), [("light", ""), ("dark", "dark-mode")])
def test_docs_page_is_dark_where_the_system_is(browser, live_server, scheme, theme):
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(live_server.url + "/api/docs/")
    shown = browser.execute_script("return document.documentElement.className")
    assert shown == theme
