"""Tokens of programs in the admin: made, shown once, listed, revoked."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts import programs
from accounts.models import ProgramToken

LIST = "/admin/accounts/programtoken/"
ASKED = {
    "name": "radio",
    "scopes": ["predict", "suggest"],
    "per_minute": "5",
    "per_day": "50",
    "expires_0": "",
    "expires_1": "",
}


@pytest.fixture
def radio(db):
    programs.issue(ProgramToken(name="radio", scopes=["predict"]))
    return ProgramToken.objects.get()


def act(client, action, *tokens):
    chosen = {"action": action, "_selected_action": [token.pk for token in tokens]}
    return client.post(LIST, chosen, follow=True)


def test_text_of_a_new_token_is_shown_and_never_again(admin_client):
    page = admin_client.post(f"{LIST}add/", ASKED)
    text = re.search(rf'class="token">({programs.WELL_FORMED.pattern})<', page.text)[1]
    token = programs.find(text)
    assert (token.scopes, token.limits) == (
        ["predict", "suggest"],
        {60: 5, 86_400: 50},
    )
    assert "no-store" in page["Cache-Control"]
    kept = str([*admin_client.session.items(), *LogEntry.objects.values()])
    assert text not in kept
    for path in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/"):
        page = admin_client.get(path).text
        assert text not in page
        assert token.digest not in page


def test_page_sent_again_makes_no_second_token(admin_client):
    admin_client.post(f"{LIST}add/", ASKED)
    page = admin_client.post(f"{LIST}add/", ASKED)
    assert "There is a token of this name: revoke it first." in page.text
    assert ProgramToken.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"scopes": ["label"]}, "label is not one of the available choices"),
        ({"per_minute": "0"}, "greater than or equal to 1"),
        ({"per_day": "many"}, "Enter a whole number."),
        ({"expires_0": "2026-01-01", "expires_1": "0:00"}, "This is over already."),
    ],
)
def test_form_names_what_is_wrong(admin_client, wrong, words):
    assert words in admin_client.post(f"{LIST}add/", ASKED | wrong).text
    assert not ProgramToken.objects.exists()


def test_quota_and_scopes_are_changed_without_a_new_text(admin_client, radio):
    admin_client.post(f"{LIST}{radio.pk}/change/", ASKED | {"scopes": []})
    token = ProgramToken.objects.get()
    assert (token.scopes, token.per_minute) == ([], 5)
    assert token.digest == radio.digest


def test_revoked_token_stays_in_the_list_as_it_was(admin_client, radio):
    page = act(admin_client, "revoke", radio)
    assert "1 tokens revoked." in page.text
    assert "0 tokens revoked." in act(admin_client, "revoke", radio).text
    assert LogEntry.objects.get().change_message == "Revoked."
    path = f"{LIST}{radio.pk}/change/"
    assert admin_client.post(path, ASKED).status_code == 403
    assert "radio" in admin_client.get(path).text


@pytest.mark.parametrize("end", ["delete/", "change/"])
def test_nobody_deletes_a_token_or_sends_a_hash(admin_client, radio, end):
    admin_client.post(f"{LIST}{radio.pk}/{end}", ASKED | {"digest": "x", "post": "yes"})
    assert ProgramToken.objects.get().digest == radio.digest


def test_who_may_only_look_makes_and_revokes_nothing(client, make_user, radio):
    client.force_login(make_user("ada", "view_programtoken"))
    assert "Revoke the selected" not in client.get(LIST).text
    act(client, "revoke", radio)
    assert client.post(f"{LIST}add/", ASKED).status_code == 403
    assert ProgramToken.objects.get().revoked is None


def test_list_says_what_each_may_and_when_it_was_used(admin_client, radio):
    assert "never used" in admin_client.get(LIST).text
    programs.note_use(radio, timezone.now().replace(year=2025, month=3, day=9))
    page = admin_client.get(LIST).text
    for words in ("predict", "300 a minute, 20,000 a day", "9 Mar 2025", "valid"):
        assert words in page


@pytest.mark.parametrize("state", ["valid", "expired", "revoked"])
def test_list_is_filtered_by_state(admin_client, state):
    now = timezone.now()
    for name, columns in {
        "is-valid": {"expires": now + timedelta(days=1)},
        "is-expired": {"expires": now - timedelta(days=1)},
        "is-revoked": {"revoked": now},
    }.items():
        ProgramToken.objects.create(name=name, digest=name, **columns)
    page = admin_client.get(f"{LIST}?state={state}").text
    assert re.findall(r">is-(\w+)</a>", page) == [state]


def test_list_costs_the_same_for_many_tokens(
    admin_client, django_assert_max_num_queries
):
    for number in range(20):
        programs.issue(ProgramToken(name=f"radio {number}"))
    with django_assert_max_num_queries(5):
        admin_client.get(LIST)
