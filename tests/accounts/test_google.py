"""Google's ID tokens, with real keys and a local key server."""

import base64
import json
import time

import pytest

from accounts import google
from tests.google import CLIENT_ID, certificate, id_token

PAST, FUTURE = 1_600_000_000, 4_000_000_000  # no clock: each process names tests alike


def verify(token):
    return google.verify(token, client_id=CLIENT_ID)


def unsigned(header, payload=b"{}"):
    parts = [json.dumps(header).encode(), payload, b"signature"]
    return b".".join(base64.urlsafe_b64encode(part) for part in parts).decode()


def test_verify_says_who_google_means(our_google):
    found = verify(id_token())
    assert found == google.Identity("108", "Mia", "mia@example.org")


@pytest.mark.parametrize("issuer", sorted(google.ISSUERS))
def test_verify_knows_both_names_of_google(our_google, issuer):
    assert verify(id_token(iss=issuer)).sub == "108"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "9999-other.apps.googleusercontent.com"},
        {"aud": None},
        {"aud": [CLIENT_ID]},
        {"exp": PAST},
        {"exp": None},
        {"exp": "never"},
        {"iat": FUTURE},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"sub": None},
        {"sub": 108},
        {"signed_by": "another"},
        {"kid": "unknown"},
        {"kid": ["ours"]},
    ],
)
def test_verify_refuses(our_google, claims):
    with pytest.raises(google.GoogleTokenRefused):
        verify(id_token(**claims))


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "..",
        "ü.ü.ü",
        "\0",
        unsigned({"alg": "none"}),
        unsigned({"alg": "HS256", "kid": "ours"}),
        unsigned({"alg": ["RS256"]}),
        unsigned([]),
        unsigned({}, b"[" * 3000),
    ],
    ids=str,
)
def test_verify_refuses_what_is_no_token(our_google, token):
    with pytest.raises(google.GoogleTokenRefused):
        verify(token)


def test_verify_refuses_a_token_whose_payload_was_changed(our_google):
    head, _, signature = id_token().split(".")
    _, payload, _ = id_token(sub="1", signed_by="another").split(".")
    with pytest.raises(google.GoogleTokenRefused):
        verify(f"{head}.{payload}.{signature}")


@pytest.mark.parametrize(("claim", "seconds"), [("iat", 5), ("exp", -3)])
def test_verify_forgives_a_clock_that_is_seconds_off(our_google, claim, seconds):
    claims = {claim: int(time.time()) + seconds}
    assert verify(id_token(**claims)).sub == "108"


def test_verify_takes_a_long_name_shortened(our_google):
    assert verify(id_token(name="x" * 999)).name == "x" * google.MAX_NAME_LENGTH


def test_certificates_are_fetched_once_while_they_are_good(our_google):
    for _ in range(3):
        verify(id_token())
    assert our_google.asked == 1


def test_certificates_are_fetched_again_when_they_are_old(our_google, monkeypatch):
    verify(id_token())
    our_google.body = json.dumps({"next": certificate("next")}).encode()
    later = time.monotonic() + 3601
    monkeypatch.setattr(google.time, "monotonic", lambda: later)
    assert verify(id_token(signed_by="next", kid="next")).sub == "108"
    assert our_google.asked == 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"keys": []}', b"\xff"])
def test_certificates_that_make_no_sense_are_an_outage(our_google, body):
    our_google.body = body
    with pytest.raises(google.GoogleUnreachable):
        verify(id_token())


def test_outage_is_remembered_for_a_moment(our_google, monkeypatch):
    our_google.status = 500
    for _ in range(3):
        with pytest.raises(google.GoogleUnreachable):
            verify(id_token())
    assert our_google.asked == 1
    our_google.status = 200
    later = time.monotonic() + google.RETRY_AFTER_S + 1
    monkeypatch.setattr(google.time, "monotonic", lambda: later)
    assert verify(id_token()).sub == "108"


@pytest.mark.parametrize(
    ("header", "age"),
    [("", 60), ("max-age=5", 60), ("max-age=99999999", 86_400), ("no-store", 60)],
)
def test_certificates_are_kept_for_a_sensible_time(our_google, header, age):
    our_google.headers = {"Cache-Control": header}
    _, kept = google._fetch(google.CERTIFICATES_URL)
    assert kept == age
