"""A token is made in a real browser: keyboard, phone, policy; and shown once."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from accounts import programs
from tests.browser import settled_width, wait

ADD = "/admin/accounts/programtoken/add/"
SHOWN = By.CLASS_NAME, "token"
PHONE = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}


def test_token_is_made_by_keyboard_and_shown_until_the_page_is_left(
    browser, admin_browser
):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    page = admin_browser(ADD)
    name = page.find_element(By.NAME, "name")
    name.send_keys("<script>document.title='owned'</script>")
    page.find_element(By.NAME, "scopes").send_keys(Keys.SPACE)
    name.send_keys(Keys.ENTER)

    text = wait(page, lambda: page.find_element(*SHOWN)).text
    assert programs.find(text.strip()).scopes == ["predict"]
    assert settled_width(page, 360) == 360
    assert page.title.startswith("The token of <script>")
    page.find_element(By.CLASS_NAME, "button").click()
    wait(page, lambda: page.find_elements(By.ID, "result_list"))
    assert text not in page.page_source
    assert settled_width(page, 360) == 360
    assert page.get_log("browser") == []
