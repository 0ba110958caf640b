"""The labelling page in a real browser, by keyboard alone."""

import pytest
from django.utils import timezone
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from songs.labelling import record
from songs.labelling.record import SKIPPED, UNLABELLED, LabelState
from songs.models import Mood, MoodLabel, MoodModel, NewVideo
from tests.browser import settled_width
from tests.songs.labeller import decided, said

SCRIPT = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}

# How often the next title comes in the same turn of the browser as the key, which waits
# for no server, and how often later.
WATCH = """
    window.titles = {at_once: 0, later: 0};
    let pressed = false;
    addEventListener("keydown", () => {
      pressed = true;
      setTimeout(() => { pressed = false; });
    }, true);
    new MutationObserver(() => {
      titles[pressed ? "at_once" : "later"] += 1;
    }).observe(document.getElementById("video-title"), {childList: true});
"""


@pytest.fixture
def doubt(db):
    """Has Ada find videos sad, and unseen predictions find them happy."""

    def contradict(videos):
        for video in videos:
            record.label(video.pk, "SAD", who="ada", source="admin")
        scores = dict.fromkeys(Mood.values, 0.02) | {"HAPPY": 0.9}
        now = timezone.now()
        columns = {"recipe": "r", "created": now, "manifest": {"metrics": {}}}
        held_out = {video.pk: scores for video in videos}
        live = {"live": True, "promoted": now, "content": b"", "held_out": held_out}
        MoodModel.objects.create(version="v", **columns, **live)

    return contradict


def test_fifty_videos_are_labelled_by_keyboard(open_page, make_video, predicted):
    wanted = {}
    for number in range(50):
        mood = None if number % 10 == 9 else Mood.values[number * 7 % 6]
        video = make_video(video_title=f"No {number}", **predicted("CHILL", 0.6))
        wanted[video.video_title] = mood
    person = open_page()
    person.page.execute_script(WATCH)

    for number in range(50):
        label_like_a_person(person, wanted[person.title], number)
    person.wait_until_saved()

    for video in NewVideo.objects.all():
        mood = wanted[video.video_title]
        assert LabelState.of(video) == (decided(mood) if mood else SKIPPED)
    assert record.differing_from_history() == []
    assert person.text("#n-today") == "45"
    assert set(MoodLabel.objects.values_list("who", flat=True)) == {"root"}
    titles = person.page.execute_script("return titles")
    # A busy server may be late with more videos, when all those before are labelled.
    assert titles["at_once"] > titles["later"]


def label_like_a_person(person, mood, number):
    """Sometimes hide the hint or err and undo, then say the mood."""
    before = person.title
    if number % 7 == 3:
        person.press("h")
    right = str(Mood.values.index(mood) + 1) if mood else "s"
    if number % 8 == 5:
        person.press("2" if right != "2" else "1")
        person.wait(
            lambda: person.title != before or not person.find("#card").is_displayed()
        )
        person.press("u")
        person.wait(lambda: person.title == before)
    person.press(right)
    if number < 49:  # a busy server may be late: no title is there meanwhile
        person.wait(lambda: person.title not in ("", before))


def test_each_digit_says_its_mood(open_page, make_video):
    videos = [make_video() for _ in range(7)]
    person = open_page()

    person.press(*"123456", "s")
    person.wait_until_saved()

    assert [said(video) for video in videos] == [*map(decided, Mood.values), SKIPPED]
    assert "Every offered video has been looked at" in person.text("#empty")


def test_undo_goes_back_several_steps(open_page, make_video):
    videos = [make_video() for _ in range(3)]
    person = open_page()

    person.press("1", "1", "s", "u", "u", "u")
    assert person.title == "Song 1"
    person.wait_until_saved()
    assert [said(video) for video in videos] == [UNLABELLED] * 3

    person.press("u")
    assert "Nothing to undo" in person.find("#announcement").get_attribute(
        "textContent"
    )
    person.press("3")
    person.wait_until_saved()
    assert [said(video) for video in videos] == [decided("SAD"), UNLABELLED, UNLABELLED]


def test_hint_is_hidden_by_a_key_and_stays_hidden(open_page, make_video, predicted):
    make_video(**predicted("CHILL", 0.6))
    person = open_page()
    assert "Chill 60 %" in person.text("#hint")

    person.press("h")
    assert person.text("#hint") == ""
    person = open_page()
    assert person.text("#hint") == ""

    person.press("h")
    assert "Chill 60 %" in person.text("#hint")


def test_help_opens_and_gives_the_focus_back(open_page, make_video):
    video = make_video()
    person = open_page()
    person.page.execute_script("document.getElementById('undo').focus()")

    person.press("?")
    assert person.find("#help").is_displayed()
    assert person.page.switch_to.active_element.text == "Close"
    person.press("1")
    assert person.title == "Song 1"
    person.press(Keys.ESCAPE)

    assert not person.find("#help").is_displayed()
    assert person.page.switch_to.active_element.get_attribute("id") == "undo"
    assert said(video) == UNLABELLED


def test_keys_can_be_switched_off(open_page, make_video):
    make_video()
    person = open_page()
    person.press("?")
    person.find("#keys-on").click()
    person.press(Keys.ESCAPE, "1", "s")
    assert person.title == "Song 1"

    person = open_page()
    person.press("1")
    assert person.title == "Song 1"


@pytest.mark.parametrize("modifier", [Keys.CONTROL, Keys.ALT, Keys.META])
def test_no_key_acts_with_a_modifier(open_page, make_video, modifier):
    make_video()
    person = open_page()
    chain = ActionChains(person.page).key_down(modifier)
    chain.send_keys("3").send_keys("s").key_up(modifier).perform()
    assert person.title == "Song 1"


@pytest.mark.parametrize("tag", ["input", "textarea", "select"])
def test_no_key_acts_while_somebody_types(open_page, make_video, tag):
    make_video()
    person = open_page()
    person.page.execute_script(
        "const field = document.createElement(arguments[0]);"
        "document.body.append(field); field.focus()",
        tag,
    )
    person.press(*"1su?")
    assert person.title == "Song 1"
    assert not person.find("#help").is_displayed()


def test_buttons_label_too_and_a_double_click_labels_one(open_page, make_video):
    first, second = make_video(), make_video()
    person = open_page()

    button = person.find(".moods button[value=SAD]")
    ActionChains(person.page).double_click(button).perform()
    person.wait_until_saved()

    assert (said(first), said(second)) == (decided("SAD"), UNLABELLED)


def test_more_videos_come_before_the_last_is_answered(open_page, make_video):
    for _ in range(30):
        make_video()
    person = open_page()

    for number in range(30):
        person.wait(lambda title=f"Song {number + 1}": person.title == title)
        person.press("5")
    person.wait_until_saved()

    assert NewVideo.objects.filter(moods="CHILL").count() == 30


def test_doubted_label_is_kept_by_enter_or_changed_by_a_digit(
    open_page, make_video, doubt
):
    videos = [make_video() for _ in range(3)]
    doubt(videos)
    person = open_page("mislabelled")
    assert "The label is Sad" in person.text("#label-now")

    person.press(Keys.ENTER, "5", "s")
    person.wait_until_saved()

    assert [said(v) for v in videos] == [
        decided("SAD"),
        decided("CHILL"),
        decided("SAD"),
    ]
    assert [v.labels.count() for v in videos] == [2, 2, 1]


def test_second_opinions_are_blind(open_page, make_video, predicted):
    video = make_video(**predicted("ANGRY", 0.9))
    record.label(video.pk, "SAD", who="ada", source="admin")
    person = open_page("second")
    assert "Sad" not in person.text("#card .about")
    assert "90" not in person.text("#card .about")

    person.press("5")
    person.wait_until_saved()

    assert said(video) == decided("SAD")
    assert video.labels.latest("id").source == "second"


def test_progress_and_agreement_are_counted(open_page, make_video, predicted):
    for _ in range(4):
        make_video(**predicted("CHILL", 0.6))
    person = open_page()

    person.press("5", "5", "1", "5")

    row = person.find(".progress tr[data-mood=CHILL]")
    assert (row.text.split(), person.text("#n-total")) == (["Chill", "3", "+3"], "4")
    expected = "agrees with 3 of your 4 labels today. Streak: 1, longest: 2."
    assert expected in person.text("#agreement")
    person.wait_until_saved()
    assert expected in open_page().text("#agreement")


def test_screen_reader_is_told_what_comes_next(open_page, make_video):
    make_video(), make_video(channel_title="Some Channel")
    person = open_page()
    person.press("3")
    told = person.find("#announcement[role=status]").get_attribute("textContent")
    assert told == "Sad. Next: Song 2. Some Channel"


def test_script_in_what_youtube_said_does_not_run(open_page, make_video):
    for _ in range(2):
        make_video(video_title=SCRIPT, channel_title=SCRIPT, video_description=SCRIPT)
    person = open_page()
    assert person.title == SCRIPT
    person.press("3")
    assert person.title == SCRIPT
    assert person.page.title != "owned"
    assert not person.page.find_elements(By.CSS_SELECTOR, "#labelling img[onerror]")


@pytest.mark.parametrize("player", [False, True])
def test_page_breaks_no_rule_of_the_policy(open_page, make_video, settings, player):
    settings.ALLOW_YOUTUBE_PLAYER = player
    make_video(), make_video()
    person = open_page()
    person.press("h", "?", Keys.ESCAPE, "1", "u", "1")
    person.wait_until_saved()

    assert len(person.page.find_elements(By.CSS_SELECTOR, "#media iframe")) == player
    log = person.page.get_log("browser")
    assert [line for line in log if "Content Security" in line["message"]] == []


def test_player_plays_by_key(open_page, make_video, settings):
    settings.ALLOW_YOUTUBE_PLAYER = True
    video = make_video()
    person = open_page()
    person.press("p")
    frame = person.find("#media iframe")
    assert frame.get_attribute("src") == (
        f"https://www.youtube-nocookie.com/embed/{video.pk}?autoplay=1"
    )


def test_page_fits_a_phone_with_the_answers_under_the_thumb(
    browser, open_page, make_video
):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    make_video(video_title="Donaudampfschifffahrt" * 9, video_description="y" * 3000)
    person = open_page()

    assert settled_width(browser, 390) == 390
    for button in browser.find_elements(By.CSS_SELECTOR, ".moods button"):
        box = browser.execute_script(
            "return arguments[0].getBoundingClientRect().toJSON()", button
        )
        assert box["height"] >= 44 and box["top"] > 844 / 2 and box["bottom"] <= 844
    person.find(".moods button").click()
    person.wait_until_saved()
