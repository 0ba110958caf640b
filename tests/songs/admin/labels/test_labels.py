"""The pages about the history of labels: who, agreement, taking back."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from songs.labelling import record
from songs.labelling import revert as reverting
from songs.labelling.record import LabelState
from songs.models import LabelRevert, MoodLabel

LABELS = "/admin/songs/moodlabel/"
AGREEMENT, PEOPLE, TAKE_BACK = (
    f"{LABELS}{page}/" for page in ("agreement", "people", "take-back")
)
REVERTS = "/admin/songs/labelrevert/"


def opine(video, mood, who):
    record.add_second_opinion(video.pk, LabelState(mood, True), who=who)


@pytest.fixture
def videos(make_video):
    """Twenty that ada finds sad; bob agrees on all but the last, cy changed the first."""
    videos = [make_video() for _ in range(20)]
    for video in videos:
        record.label(video.pk, "SAD", who="ada", source="admin")
        opine(video, "SAD", "bob")
    opine(videos[-1], "CHILL", "bob")
    record.label(videos[0].pk, "HAPPY", who="cy", source="api")
    return videos


@pytest.fixture
def reverter(client, make_user):
    """Signed in as somebody who may take labels back, and no superuser."""
    client.force_login(make_user("max", "change_newvideo", "add_labelrevert"))
    return client


def text(response):
    """The words of the page."""
    html = response.content.decode().split("</header>")[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def taken_back(whose):
    reverting.revert(reverting.Selection(whose), last_act=10**9, who="root")
    return LabelRevert.objects.latest("id")


def confirm(client, **data):
    return client.post(TAKE_BACK, {"whose": "ada", "last_act": 10**9} | data)


def test_agreement_shows_coefficients_and_disputes(admin_client, videos):
    page = text(admin_client.get(AGREEMENT))

    assert "videos with two opinions 20" in page
    assert "ada and bob 20 95 % 0.00" in page  # chance alone would agree as often
    assert "disputed videos 1" in page
    assert "Song 20 Sad 1 Chill 1" in page


def test_agreement_explains_itself_where_nobody_gave_two_opinions(admin_client):
    page = admin_client.get(AGREEMENT).content.decode()

    assert "No video has two opinions yet" in page
    assert 'href="/admin/label/?order=second"' in page


def test_agreement_says_how_many_opinions_are_missing(admin_client, make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")
    opine(video, "SAD", "bob")

    assert "too few: 1 of 20" in text(admin_client.get(AGREEMENT))


def test_agreement_settles_a_dispute(client, make_user, videos):
    client.force_login(make_user("dee", "view_moodlabel", "change_newvideo"))
    video = videos[-1]
    button = f"{video.pk} SAD SAD"
    assert button in client.get(AGREEMENT).content.decode()

    page = client.post(AGREEMENT, {"decide": button}, follow=True)

    assert "Decided: “Song 20” is Sad." in text(page)
    assert [said.who for said in record.opinions(video.pk)] == ["dee"]


def test_agreement_settles_nothing_where_the_label_changed_meanwhile(
    admin_client, videos
):
    button = {"decide": f"{videos[-1].pk} SAD CHILL"}

    page = admin_client.post(AGREEMENT, button, follow=True)

    assert "was changed by somebody else. Not saved" in text(page)


def test_agreement_settles_a_dispute_once(admin_client, videos):
    video = videos[-1]
    admin_client.post(AGREEMENT, {"decide": f"{video.pk} SAD SAD"})

    again = {"decide": f"{video.pk} CHILL SAD"}  # from a page opened before
    page = admin_client.post(AGREEMENT, again, follow=True)

    assert "is no longer disputed. Not saved" in text(page)
    assert [said.mood for said in record.opinions(video.pk)] == ["SAD"]


@pytest.mark.parametrize("button", ["", "x", "VIDEO000001 SAD", "NOSUCHVIDEO SAD SAD"])
def test_agreement_refuses_buttons_that_it_has_not_sent(admin_client, videos, button):
    assert admin_client.post(AGREEMENT, {"decide": button}).status_code == 400


def test_agreement_lets_only_labellers_decide(client, make_user, videos):
    client.force_login(make_user("eve", "view_moodlabel"))
    button = f"{videos[-1].pk} SAD SAD"

    assert button not in client.get(AGREEMENT).content.decode()
    assert client.post(AGREEMENT, {"decide": button}).status_code == 403


def test_people_lists_everybody_with_links_to_their_acts(admin_client, videos):
    response = admin_client.get(PEOPLE)

    assert "ada Admin 20 0 0 20 0 0 0 0" in text(response)
    assert "95 % of 20" in text(response)
    page = response.content.decode()
    assert f'href="{LABELS}?who=bob&amp;source__exact=second"' in page
    assert f'href="{TAKE_BACK}?whose=bob"' in page


def test_people_is_empty_at_first(admin_client):
    assert "Nobody has labelled a video yet" in text(admin_client.get(PEOPLE))


@pytest.mark.parametrize("page", [AGREEMENT, PEOPLE, TAKE_BACK + "?whose=ada"])
def test_pages_ask_the_same_number_of_questions_for_any_number_of_videos(
    admin_client, make_video, django_assert_max_num_queries, page
):
    for _ in range(12):
        video = make_video()
        record.label(video.pk, "SAD", who="ada", source="admin")
        opine(video, "CHILL", f"bob{video.pk}")

    with django_assert_max_num_queries(13):
        assert admin_client.get(page).status_code == 200


def test_acts_of_one_person_can_be_listed(admin_client, videos):
    taken_back("cy")

    page = text(admin_client.get(f"{LABELS}?who=cy"))

    assert "1 mood label" in page
    assert 'alt="False"' in admin_client.get(f"{LABELS}?who=cy").content.decode()


def test_history_of_a_video_shows_what_counts_no_more(admin_client, videos):
    taken_back("cy")

    page = admin_client.get(f"/admin/songs/newvideo/{videos[0].pk}/change/")

    stands = re.findall(r'field-stands.*?alt="(\w+)"', page.content.decode(), re.DOTALL)
    assert stands == ["None", "False", "True", "True"]  # the note, cy, bob, ada


def test_take_back_previews_and_changes_nothing(reverter, videos):
    page = text(reverter.get(TAKE_BACK, {"whose": "cy", "source": "api"}))

    assert "Now Then Videos Happy Sad 1" in page
    assert "Take back 1 event of cy" in page
    assert not LabelRevert.objects.exists()


def test_take_back_confirmed(reverter, videos):
    page = reverter.get(TAKE_BACK, {"whose": "cy"}).content.decode()
    last_act = re.search(r'name="last_act" value="(\d+)"', page)[1]

    response = confirm(reverter, whose="cy", last_act=last_act)

    assert (response.status_code, response.url) == (302, REVERTS)
    videos[0].refresh_from_db()
    assert videos[0].moods == "SAD"
    assert LabelRevert.objects.get().who == "max"
    listed = text(reverter.get(REVERTS))
    assert "1 event of cy taken back" in listed
    assert "Undo…" in listed


def test_take_back_twice_says_so(reverter, videos):
    confirm(reverter)
    confirm(reverter)

    assert "they had been taken back before" in text(reverter.get(REVERTS))
    assert LabelRevert.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"whose": "nobody"},
        {"last_act": "x"},
        {"last_act": 2**63},
        {"last_act": ""},
        {"source": "revert"},
        {"since": "yesterday"},
        {"since": "2026-02-01T00:00", "until": "2026-01-01T00:00"},
    ],
)
def test_take_back_refuses_what_no_preview_sent(reverter, videos, data):
    assert confirm(reverter, **data).status_code == 400
    assert not LabelRevert.objects.exists()


def test_take_back_names_what_is_wrong_in_the_form(reverter, videos):
    ends = {"since": "2026-02-01T00:00", "until": "2026-01-01T00:00"}

    page = text(reverter.get(TAKE_BACK, {"whose": "ada"} | ends))

    assert "This is earlier than the time from which on" in page


def test_undo_previews_and_brings_back(reverter, videos):
    revert = taken_back("cy")
    page = f"{REVERTS}{revert.pk}/undo/"
    assert "Now Then Videos Sad Happy 1" in text(reverter.get(page))

    reverter.post(page)

    videos[0].refresh_from_db()
    assert videos[0].moods == "HAPPY"
    assert "max has undone this" in text(reverter.get(page))
    assert "by max" in text(reverter.get(REVERTS))


@pytest.mark.parametrize("permissions", [["change_newvideo"], ["add_labelrevert"], []])
def test_take_back_needs_both_permissions(client, make_user, videos, permissions):
    revert = taken_back("cy")
    client.force_login(make_user("eve", "view_moodlabel", *permissions))

    undo = f"{REVERTS}{revert.pk}/undo/"
    assert [confirm(client).status_code, client.post(undo).status_code] == [403, 403]
    assert [client.get(page).status_code for page in (TAKE_BACK, undo)] == [403, 403]
    assert "Take back" not in text(client.get(PEOPLE))
    assert LabelRevert.objects.filter(undone_at=None).count() == 1


def test_pages_need_the_permission_to_see_labels(client, make_user, db):
    client.force_login(make_user("eve", "view_newvideo"))

    pages = (AGREEMENT, PEOPLE, LABELS, REVERTS)
    assert {client.get(page).status_code for page in pages} == {403}


def test_pages_send_strangers_to_the_sign_in(client, db):
    for page in (AGREEMENT, PEOPLE, TAKE_BACK, f"{REVERTS}1/undo/"):
        assert client.post(page).url.startswith("/admin/login/")


def test_take_back_needs_the_token(videos, django_user_model):
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("root"))

    assert confirm(client).status_code == 403
    assert not LabelRevert.objects.exists()


def test_names_are_escaped_on_every_page(admin_client, make_video):
    evil = "<script>alert(1)</script>"
    video = make_video(video_title=evil)
    record.label(video.pk, "SAD", who=evil, source="admin")
    opine(video, "CHILL", "bob")

    pages = [AGREEMENT, PEOPLE, f"{TAKE_BACK}?whose={evil}", LABELS]
    answers = [admin_client.get(page) for page in pages]
    revert = taken_back(evil)
    for page in (REVERTS, f"{REVERTS}{revert.pk}/undo/"):
        answers.append(admin_client.get(page))

    for html in (answer.content.decode() for answer in answers):
        assert evil not in html
        assert "&lt;script&gt;alert" in html


def test_reverts_are_read_and_never_written(admin_client, videos):
    revert = taken_back("ada")
    one = f"{REVERTS}{revert.pk}/change/"

    assert admin_client.get(one).status_code == 200
    assert admin_client.post(one, {"who": "x"}).status_code == 403
    assert MoodLabel.objects.filter(who="ada", at__lte=timezone.now()).count() == 20
