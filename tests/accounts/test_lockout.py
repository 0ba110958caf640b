"""Ten wrong passwords lock a name for one network, at every door, for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from accounts import lockout
from accounts.login_form import SignInForm
from accounts.models import FailedSignIns

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
PASSWORD = "correct horse 9"
DOORS = ["/admin/login/", "/login/"]
LOCKED = "Too many wrong passwords for this name from your network."


def wait_of(name="ada", *, network="192.0.2.1", after=timedelta()):
    return lockout.try_password(name, network=network, now=NOW + after)


def test_try_password_locks_after_ten_for_a_quarter_of_an_hour(db):
    assert [wait_of() for _ in range(10)] == [timedelta()] * 10
    assert wait_of() == timedelta(minutes=15)
    assert wait_of(after=timedelta(minutes=14)) == timedelta(minutes=1)
    assert wait_of(after=timedelta(minutes=15)) == timedelta()


def test_try_password_counts_each_name_and_network_apart(db):
    for _ in range(11):
        wait_of()
    assert wait_of("bob") == wait_of(network="192.0.2.2") == timedelta()


def test_try_password_forgets_what_failed_long_ago(db):
    for _ in range(9):
        wait_of()
    wait_of("bob", after=timedelta(minutes=15))
    assert FailedSignIns.objects.count() == 1


def test_try_password_keeps_neither_name_nor_address(db):
    wait_of("my password in the wrong field")
    kept = str(FailedSignIns.objects.values().get())
    assert "password" not in kept
    assert "192.0.2" not in kept


def test_succeeded_forgets_the_failures_of_this_name_and_network(db):
    wait_of(), wait_of("bob")
    lockout.succeeded("ada", network="192.0.2.1")
    assert FailedSignIns.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_try_password_lets_no_more_pass_when_many_come_at_once():
    def at_once(_):
        try:
            return wait_of()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(at_once, range(30)))
    assert waits.count(timedelta()) == 10


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada(db):
    return User.objects.create_superuser("ada", password=PASSWORD)


def enter(door, password=PASSWORD, *, name="ada", address="192.0.2.1", **headers):
    """Whether somebody is let in, and what the page says."""
    client = Client(REMOTE_ADDR=address)
    sent = {"username": name, "password": password}
    page = client.post(door, sent, headers=headers)
    return page.status_code == 302, "" if page.status_code == 302 else page.text


@pytest.fixture
def lock(ada):
    """Tries ten wrong passwords for `ada` at a door."""

    def tried(door, **how):
        answers = [enter(door, f"wrong {n}", **how) for n in range(10)]
        assert not any(came_in or LOCKED in text for came_in, text in answers)

    return tried


@pytest.mark.parametrize("door", DOORS)
def test_ten_bad_passwords_lock_name_and_network_at_every_door(lock, door):
    lock(door)
    for each in DOORS:
        came_in, text = enter(each)
        assert not came_in
        assert f"{LOCKED} Try again in 15 minutes" in text


@pytest.mark.parametrize("door", DOORS)
def test_spoofed_forwarding_does_not_help(lock, door):
    lock(door)
    assert LOCKED in enter(door, x_forwarded_for="198.51.100.7")[1]


def test_spoofed_forwarding_does_not_help_behind_a_proxy(lock, settings):
    settings.TRUSTED_PROXY_HOPS = 1
    lock(DOORS[0], address="10.0.0.1", x_forwarded_for="203.0.113.1")
    for forged in ("6.6.6.6, 203.0.113.1", "203.0.113.1:5000"):
        text = enter(DOORS[0], address="10.0.0.1", x_forwarded_for=forged)[1]
        assert LOCKED in text
    other = {"address": "10.0.0.1", "x_forwarded_for": "203.0.113.2"}
    assert enter(DOORS[0], **other)[0]


def test_others_still_sign_in(lock, ada):
    User.objects.create_superuser("bob", password=PASSWORD)
    lock(DOORS[0])
    assert enter(DOORS[0], name="bob")[0]
    assert enter(DOORS[0], address="192.0.2.2")[0]


def test_lock_ends_by_itself(lock, monkeypatch):
    lock(DOORS[0])
    over = lockout.LOCKED_FOR
    FailedSignIns.objects.update(latest=FailedSignIns.objects.get().latest - over)
    assert enter(DOORS[0])[0]


def test_right_password_forgets_the_wrong_ones(ada):
    for _ in range(3):
        assert not any(enter(DOORS[0], "wrong")[0] for _ in range(9))
        assert enter(DOORS[0])[0]


def test_password_is_not_looked_at_once_locked(lock, monkeypatch):
    lock(DOORS[0])
    monkeypatch.setattr(User, "check_password", lambda *a: pytest.fail("looked at"))
    assert LOCKED in enter(DOORS[0])[1]


def test_names_that_nobody_has_are_locked_alike(db):
    answers = [enter(DOORS[0], name="nobody")[1] for _ in range(11)]
    assert [LOCKED in text for text in answers] == [False] * 10 + [True]


@pytest.mark.parametrize("half", [{"password": ""}, {"name": ""}, {"name": "\0"}])
def test_half_a_form_is_no_try(ada, half):
    assert not enter(DOORS[0], **{"password": "x"} | half)[0]
    assert not FailedSignIns.objects.exists()


def test_right_password_of_somebody_who_may_not_enter_here_counts_for_nothing(ada):
    User.objects.create_user("mia", password=PASSWORD)
    assert not enter("/admin/login/", name="mia")[0]
    assert not FailedSignIns.objects.exists()


def test_lock_is_logged_once_and_without_the_name(lock, ada, caplog):
    lock(DOORS[0])
    enter(DOORS[0]), enter(DOORS[0])
    lines = [r.message for r in caplog.records if r.name == "accounts.lockout"]
    assert lines == [f"sign-ins locked for one network: user {ada.pk}"]


def test_every_page_that_signs_people_in_keeps_to_the_lock():
    patterns, forms = list(get_resolver().url_patterns), []
    for pattern in patterns:  # grows by what it includes
        patterns += getattr(pattern, "url_patterns", [])
        view = getattr(pattern, "callback", None)
        if issubclass(getattr(view, "view_class", object), LoginView):
            form = view.view_initkwargs.get("authentication_form")
            forms.append(form or view.view_class.authentication_form)
    assert forms
    assert all(issubclass(form or object, SignInForm) for form in forms)
