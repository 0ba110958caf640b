"""A real browser without a window, for what only a browser can prove."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from tests import needs
from tests.waiting import WaitedInVain, wait_until

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
]
EMPTYING = {
    "Network.clearBrowserCookies": {},
    "Storage.clearDataForOrigin": {"origin": "*", "storageTypes": "all"},
}


@pytest.fixture(scope="session")
def chromium(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Chrome]:
    """Chromium with a profile of its own; one for all tests, for it starts slowly.

    It ends before the database is deleted: its open connections keep server threads,
    and theirs to the database, alive.
    """
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        needs.skip_or_fail("chromium and chromedriver are not installed")
    options = ChromeOptions()
    options.binary_location = binary
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options, ChromeService(driver)) as chrome:
        yield chrome


@pytest.fixture
def browser(chromium: Chrome) -> Iterator[Chrome]:
    """A new tab, in which nobody is signed in and nothing is emulated or remembered."""
    first = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    yield chromium
    for command, what in EMPTYING.items():
        chromium.execute_cdp_cmd(command, what)
    for tab in chromium.window_handles:
        if tab != first:
            chromium.switch_to.window(tab)
            chromium.close()
    chromium.switch_to.window(first)
    chromium.get_log("browser")


@pytest.fixture
def admin_browser(
    browser: Chrome, live_server: Any, admin_client: Client
) -> Callable[[str], Chrome]:
    """The browser, signed in as `root`; call it with a path."""

    def visit(path: str) -> Chrome:
        browser.get(live_server.url + path)
        return browser

    visit("/admin/login/")
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    browser.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": session})
    return visit


def settled_width(chrome: Chrome, expected: int) -> int:
    """The width of the page, once it is `expected` or the patience is at its end.

    A busy browser lays the page out for a phone a moment after it was told to.
    """
    width = "return document.documentElement.scrollWidth"
    with suppress(WaitedInVain):
        wait(chrome, lambda: chrome.execute_script(width) == expected)
    return chrome.execute_script(width)


def wait(chrome: Chrome, condition: Callable[[], Any]) -> Any:
    """What the condition gives, once that is true; elements may come and go meanwhile."""
    passing = (NoSuchElementException, StaleElementReferenceException)
    try:
        return wait_until(condition, passing=passing)
    except WaitedInVain as exc:
        raise WaitedInVain(f"{chrome.current_url}: {exc}") from exc
