"""Somebody who labels in a real browser, and what they said."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from songs.labelling.record import LabelState
from tests.browser import wait

PAGE = "/admin/label/"


class Labeller:
    """A person at the keyboard."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            ActionChains(self.page).send_keys(key).perform()

    def find(self, css):
        return self.page.find_element(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.find(css).text

    @property
    def title(self):
        return self.text("#video-title")

    def wait(self, condition):
        wait(self.page, condition)

    def wait_until_saved(self):
        self.wait(lambda: "All saved" in self.text("#state"))

    def offline(self, yes):
        self.page.execute_cdp_cmd("Network.enable", {})
        conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.page.execute_cdp_cmd(
            "Network.emulateNetworkConditions", conditions | {"offline": yes}
        )


def said(video):
    video.refresh_from_db()
    return LabelState.of(video)


def decided(mood):
    return LabelState(mood, True)
