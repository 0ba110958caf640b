"""The labelling page when something goes wrong: no answer is lost, and each is told."""

from django.contrib.sessions.models import Session
from selenium.webdriver.common.keys import Keys

from songs.labelling import record
from songs.labelling.record import UNLABELLED
from tests.songs.labeller import decided, said


def test_conflict_is_shown_and_can_be_insisted_on(open_page, make_video):
    first, _ = make_video(), make_video()
    person = open_page()
    record.label(first.pk, "CHILL", who="ada", source="admin")

    person.press("3")
    person.wait(lambda: person.text("#problems"))
    expected = "Not saved: you said Sad of “Song 1”. Somebody else was quicker: it is now Chill."
    assert expected in person.text("#problems")
    assert person.text("#n-today") == "0"

    person.find("#problems button").send_keys(Keys.ENTER)
    person.wait_until_saved()
    assert said(first) == decided("SAD")
    assert person.text("#problems") == ""
    assert person.text("#n-today") == "1"


def test_conflict_leaves_later_answers_alone(open_page, make_video):
    first, second = make_video(), make_video()
    person = open_page()
    record.label(first.pk, "CHILL", who="ada", source="admin")

    person.press("3", "6")
    person.wait(lambda: person.text("#problems"))
    person.wait_until_saved()
    person.find("#problems button:last-child").click()

    assert (said(first), said(second)) == (decided("CHILL"), decided("ANGRY"))
    assert person.text("#problems") == ""


def test_undo_before_the_refusal_takes_no_label_unseen(open_page, make_video):
    """Or the next answer would overwrite what somebody else said, without a word."""
    first, _ = make_video(), make_video()
    person = open_page()
    record.label(first.pk, "CHILL", who="ada", source="admin")

    person.page.execute_script(
        "for (const key of '3u') document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, bubbles: true}))"
    )
    person.wait(lambda: person.text("#state") == "")
    assert (person.title, person.text("#problems")) == ("Song 1", "")
    person.press("4")

    person.wait(lambda: "it is now Chill" in person.text("#problems"))
    assert said(first) == decided("CHILL")


def test_focus_stays_on_a_problem_while_labelling_goes_on(open_page, make_video):
    first, *_ = (make_video() for _ in range(3))
    person = open_page()
    record.label(first.pk, "CHILL", who="ada", source="admin")
    person.press("3")
    person.wait(lambda: person.text("#problems"))
    person.page.execute_script("document.querySelector('#problems button').focus()")

    person.press("6")

    focus = person.page.switch_to.active_element
    assert (focus.tag_name, focus.text) == ("button", "Say Sad all the same")


def test_answers_wait_until_the_server_can_be_reached(open_page, make_video):
    videos = [make_video() for _ in range(3)]
    person = open_page()
    person.offline(True)

    person.press("1", "3")
    person.wait(
        lambda: "2 not saved. The server cannot be reached." in person.text("#state")
    )
    assert person.title == "Song 3"
    person.press("u", "4")
    person.offline(False)
    person.wait_until_saved()

    expected = [decided("HAPPY"), decided("CONFIDENT-SASSY"), UNLABELLED]
    assert [said(video) for video in videos] == expected


def test_videos_come_by_themselves_when_the_server_is_back(open_page, make_video):
    for _ in range(25):
        make_video()
    person = open_page()
    person.offline(True)
    person.press(*"5" * 20)
    person.wait(lambda: "could not be loaded" in person.text("#empty"))
    assert person.find("#state").aria_role == "alert"

    person.offline(False)
    person.wait_until_saved()

    person.wait(lambda: person.title == "Song 21")


def test_answers_outlive_the_page(open_page, make_video, sign_in_again):
    first, second = make_video(), make_video()
    person = open_page()
    Session.objects.all().delete()
    person.press("3")
    person.wait(lambda: "1 not saved" in person.text("#state"))

    assert warns_before_leaving(person)
    sign_in_again()
    person = open_page()

    person.wait(lambda: not warns_before_leaving(person))
    assert said(first) == decided("SAD")
    assert person.title == second.video_title


def warns_before_leaving(person):
    return person.page.execute_script(
        "const leaving = new Event('beforeunload', {cancelable: true});"
        "return !dispatchEvent(leaving)"
    )


def test_signed_out_is_shown_and_nothing_is_lost(open_page, make_video, sign_in_again):
    video, _ = make_video(), make_video()
    person = open_page()
    Session.objects.all().delete()

    person.press("3")
    person.wait(lambda: "1 not saved. You are signed out" in person.text("#state"))
    assert person.find("#state a").get_attribute("href").endswith("/admin/login/")
    assert said(video) == UNLABELLED
    sign_in_again()
    person.page.execute_script("document.querySelector('#state button')?.click()")
    person.wait_until_saved()  # by the button, or by itself before

    assert said(video) == decided("SAD")


def test_answers_are_not_sent_in_the_name_of_another(
    open_page, make_video, make_user, sign_in_again
):
    video, _ = make_video(), make_video()
    person = open_page()
    make_user("ada", "change_newvideo")
    sign_in_again("ada")

    person.press("3")

    person.wait(lambda: "somebody else is signed in" in person.text("#state"))
    assert said(video) == UNLABELLED
