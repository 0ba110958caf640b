"""Signing in on the site itself, as people do who are not editors."""

import pytest
from django.contrib.auth.models import User


@pytest.fixture
def mia(db):
    return User.objects.create_user("mia", password="a long password")


def test_login_leads_on_to_where_somebody_wanted_to_go(client, mia):
    sent = {"username": "mia", "password": "a long password", "next": "/api/docs/"}
    assert client.post("/login/", sent)["Location"] == "/api/docs/"


def test_login_leads_to_no_other_site(client, mia):
    sent = {"username": "mia", "password": "a long password", "next": "//evil.example"}
    assert client.post("/login/", sent)["Location"] == "/"


def test_login_says_that_the_password_is_wrong_and_not_which(client, mia):
    wrong = [
        client.post("/login/", {"username": name, "password": "x"}).text
        for name in ("mia", "nobody")
    ]
    assert all('role="alert"' in page for page in wrong)


def test_pages_offer_to_sign_out_whom_they_know(client, mia):
    assert "/login/" in client.get("/").text
    client.force_login(mia)
    assert "Sign out" in client.get("/").text
    client.post("/logout/")
    assert "/login/" in client.get("/").text


def test_logout_is_no_mere_link(client, mia):
    client.force_login(mia)
    assert client.get("/logout/").status_code == 405
