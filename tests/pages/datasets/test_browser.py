"""The pages of datasets in a real browser: upload, script, policy, phone, keyboard."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from datasets.models import Dataset, DatasetVersion
from datasets.storage import build
from tests.browser import settled_width, wait

SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
CELLS = f'"{SCRIPT}",plays\n"{IMAGE}",1\n{"x" * 900},2\n'.encode()
PAGES = ["", "rows/", "columns/1/"]
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture
def hostile(stored):
    """A shared dataset with scripts wherever somebody could write one."""
    version = stored(CELLS, name=IMAGE, description=SCRIPT, licence_note=IMAGE)
    Dataset.objects.update(shared=True, slug="hostile")
    return version


@pytest.mark.parametrize("below", PAGES)
def test_script_in_a_table_does_not_run_and_the_page_fits_a_phone(
    browser, live_server, hostile, below
):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    browser.get(f"{live_server.url}/datasets/hostile/{below}")
    assert settled_width(browser, 390) == 390
    assert browser.title != "owned"
    assert not browser.find_elements(By.CSS_SELECTOR, "main img[onerror]")
    log = browser.get_log("browser")
    assert [line for line in log if line["level"] == "SEVERE"] == []


@pytest.fixture
def sent(admin_browser, tmp_path):
    """The page on which a file with bars between its columns is looked at."""
    file = tmp_path / "plays.csv"
    file.write_text("who|what\nann|Hush; Moss\nbob|Kelp; Inlet\n")
    page = admin_browser("/datasets/upload/")
    page.find_element(By.ID, "id_files").send_keys(str(file))
    page.find_element(By.CSS_SELECTOR, "#upload .button").send_keys(Keys.ENTER)
    wait(page, lambda: page.current_url.endswith("/datasets/plays/1/check/"))
    return page


def test_file_is_sent_looked_at_and_stored(sent):
    page = sent
    heads = lambda: [
        th.text for th in page.find_elements(By.CSS_SELECTOR, "#preview th")
    ]
    assert heads() == ["who\ntext", "what\ntext"]

    Select(page.find_element(By.ID, "id_delimiter")).select_by_value(";")
    wait(page, lambda: heads() != ["who\ntext", "what\ntext"])
    wait(page, lambda: page.find_element(By.NAME, "do").is_enabled())
    hidden = page.find_element(By.CSS_SELECTOR, "#store [name=delimiter]")
    assert hidden.get_attribute("value") == ";"

    Select(page.find_element(By.ID, "id_delimiter")).select_by_value("|")
    wait(page, lambda: heads() == ["who\ntext", "what\ntext"])
    wait(page, lambda: hidden.get_attribute("value") == "|")
    page.find_element(By.CSS_SELECTOR, "#store [value=store]").send_keys(Keys.ENTER)
    wait(page, lambda: page.current_url.endswith("/datasets/plays/"))
    assert "waits for its turn" in page.find_element(By.CLASS_NAME, "progress").text

    build.store(DatasetVersion.objects.get())  # as the worker does
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, ".rows td"))
    assert "Hush; Moss" in page.find_element(By.CSS_SELECTOR, ".rows").text


def test_upload_says_at_once_that_it_is_too_much(admin_browser, tmp_path, settings):
    settings.DATASET_UPLOAD_BYTES = 10
    file = tmp_path / "plays.csv"
    file.write_text("who,what\nann,Hush\n")
    page = admin_browser("/datasets/upload/")
    page.find_element(By.ID, "id_files").send_keys(str(file))
    page.find_element(By.CSS_SELECTOR, "#upload .button").click()
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, "#upload > .problem"))
