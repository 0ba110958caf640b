import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from accounts import listeners
from accounts.models import Account, Token

LIST = "/admin/accounts/token/"


@pytest.fixture
def staff(db):
    """A client of somebody who may do what is named, in the admin."""

    def make(*rights):
        user = User.objects.create_user("ada", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client = Client()
        client.force_login(user)
        return client

    return make


def revoke(client, token_ids):
    chosen = {"action": "revoke", "_selected_action": token_ids}
    return client.post(LIST, chosen, follow=True)


def test_action_revokes_the_selected_tokens(admin_client, make_account):
    mias, bobs = (listeners.issue(make_account(name)) for name in ("mia", "bob"))
    page = revoke(admin_client, [listeners.find(mias).pk])
    assert "1 tokens revoked." in page.text
    assert listeners.find(mias) is None
    assert listeners.find(bobs) is not None


def test_who_may_only_look_revokes_nothing(staff, make_account):
    token = listeners.issue(make_account())
    client = staff("view_token")
    assert "Revoke the selected" not in client.get(LIST).text
    revoke(client, [listeners.find(token).pk])
    assert listeners.find(token) is not None


@pytest.mark.parametrize("table", ["account", "token"])
def test_pages_show_people_and_no_hash(admin_client, make_account, table):
    row = {"account": make_account().pk, "token": Token.objects.get().pk}[table]
    where = f"/admin/accounts/{table}/"
    for path in (where, f"{where}{row}/change/", f"{where}?q=mia@example.org"):
        page = admin_client.get(path)
        assert page.status_code == 200
        assert "mia@example.org" in page.text
        assert Token.objects.get().digest not in page.text


@pytest.mark.parametrize("end", ["add/", "{}/change/", "{}/delete/"])
@pytest.mark.parametrize("table", ["account", "token"])
def test_nothing_is_edited_by_hand(admin_client, make_account, table, end):
    row = {"account": make_account().pk, "token": Token.objects.get().pk}[table]
    path = f"/admin/accounts/{table}/{end.format(row)}"
    assert admin_client.post(path, {"name": "x"}).status_code == 403
    assert (Account.objects.get().name, Token.objects.count()) == ("Mia", 1)


def test_list_costs_the_same_for_many_tokens(
    admin_client, make_account, django_assert_max_num_queries
):
    for number in range(20):
        make_account(f"mia{number}")
    with django_assert_max_num_queries(6):
        admin_client.get(LIST)
