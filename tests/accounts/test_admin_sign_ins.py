"""Failed sign-ins in the admin: seen and forgotten by those who may."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts import lockout
from accounts.models import FailedSignIns

LIST = "/admin/accounts/failedsignins/"
TYPED = "a password in the wrong field"


@pytest.fixture
def locked(make_user):
    """`ada` is locked for one network; somebody else has failed once."""
    make_user("ada")
    for _ in range(11):
        lockout.try_password("ada", network="192.0.2.1", now=timezone.now())
    lockout.try_password(TYPED, network="192.0.2.1", now=timezone.now())
    return FailedSignIns.objects.get(user__isnull=False)


def unlock(client, failed):
    chosen = {"action": "unlock", "_selected_action": [failed.pk]}
    return client.post(LIST, chosen, follow=True)


def test_list_names_who_is_locked_and_not_what_was_typed(admin_client, locked):
    page = admin_client.get(LIST).text
    assert "ada" in page
    assert "a name that nobody has" in page
    assert TYPED not in page
    assert locked.who not in page
    assert page.count("locked until") == page.count("forgotten at") == 1


def test_list_leaves_out_what_is_forgotten(admin_client, locked):
    FailedSignIns.objects.update(latest=timezone.now() - timedelta(minutes=15))
    assert "0 failed sign-ins" in admin_client.get(LIST).text


def test_superuser_unlocks(admin_client, locked):
    assert "1 unlocked." in unlock(admin_client, locked).text
    again = lockout.try_password("ada", network="192.0.2.1", now=timezone.now())
    assert not again
    assert LogEntry.objects.get().change_message == "Unlocked."


@pytest.mark.parametrize("rights", [[], ["view_failedsignins"]])
def test_who_may_not_unlocks_nobody(client, make_user, locked, rights):
    client.force_login(make_user("mia", *rights))
    unlock(client, locked)
    assert FailedSignIns.objects.count() == 2
    assert client.get(LIST).status_code == (200 if rights else 403)


@pytest.mark.parametrize("end", ["add/", "{}/change/", "{}/delete/"])
def test_nothing_is_edited_by_hand(admin_client, locked, end):
    path = f"{LIST}{end.format(locked.pk)}"
    assert admin_client.post(path, {"failures": "0"}).status_code == 403


def test_list_costs_the_same_for_many_names(
    admin_client, locked, django_assert_max_num_queries
):
    for number in range(20):
        lockout.try_password(f"x{number}", network="192.0.2.1", now=timezone.now())
    with django_assert_max_num_queries(8):
        admin_client.get(LIST)
