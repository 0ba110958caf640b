"""Google ID tokens, verified with its public keys: who is signing in."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from typing import Any
from urllib.request import urlopen

CERTIFICATES_URL = "https://www.googleapis.com/oauth2/v1/certs"
ISSUERS = {"accounts.google.com", "https://accounts.google.com"}
CLOCK_SKEW_S = 10
TIMEOUT_S = 5
RETRY_AFTER_S = 10
MAX_BYTES = 100_000
MAX_NAME_LENGTH = 200
MIN_AGE_S, MAX_AGE_S = 60, 24 * 3600


class GoogleTokenRefused(Exception):
    """The Google ID token is not valid for this service; sign in with Google again."""


class GoogleUnreachable(Exception):
    """Google's public keys cannot be fetched now; try again shortly."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person with a Google account."""

    sub: str  # stays the same when name and email change
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class KeyResponse:
    """What google-auth expects of an HTTP client."""

    data: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class CachedCertificates:
    """Fetches Google's public keys, and keeps them as long as Google allows."""

    def __init__(self) -> None:
        self.lock = Lock()  # many sign-ins at once, one fetch
        self.response: KeyResponse | None = None
        self.expires = 0.0

    def __call__(self, url: str, method: str = "GET", **options: Any) -> KeyResponse:
        with self.lock:
            if time.monotonic() >= self.expires:
                # A failure is cached too: else all who wait for the lock time out in turn.
                self.response, self.expires = None, time.monotonic() + RETRY_AFTER_S
                self.response, age = _fetch(url)
                self.expires = time.monotonic() + age
            if self.response is None:
                raise GoogleUnreachable("Google's public keys could not be fetched.")
            return self.response


certificates = CachedCertificates()


def verify(token: str, *, client_id: str) -> Identity:
    """Who signed in at the page with this OAuth client id.

    Checks signature, issuer, audience, expiry, and that Google knows the email to be
    the person's. Raises GoogleTokenRefused, GoogleUnreachable.
    """
    claims = _verified(token, client_id)
    if claims.get("iss") not in ISSUERS:
        raise GoogleTokenRefused("This is no ID token of Google.")
    return _identity(claims)


def _verified(token: str, client_id: str) -> Mapping[str, Any]:
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2 import id_token  # 14 MB: only where somebody signs in

    try:
        return id_token.verify_token(
            token,
            certificates,
            audience=client_id,
            certs_url=CERTIFICATES_URL,
            clock_skew_in_seconds=CLOCK_SKEW_S,
        )
    except (ValueError, TypeError, RecursionError, GoogleAuthError) as exc:
        raise GoogleTokenRefused("This is no valid Google ID token.") from exc


def _identity(claims: Mapping[str, Any]) -> Identity:
    sub, email, name = (claims.get(key) for key in ("sub", "email", "name"))
    if not isinstance(sub, str) or not sub:
        raise GoogleTokenRefused("The Google ID token does not say who this is.")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise GoogleTokenRefused("Google has not verified the email of this account.")
    return Identity(sub, name[:MAX_NAME_LENGTH] if isinstance(name, str) else "", email)


def _fetch(url: str) -> tuple[KeyResponse, int]:
    """The keys, and for how many seconds they are good. Raises GoogleUnreachable."""
    try:
        with urlopen(url, timeout=TIMEOUT_S) as response:
            data = response.read(MAX_BYTES)
            caching = response.headers.get("Cache-Control", "")
        if not all(isinstance(key, str) for key in json.loads(data).values()):
            raise ValueError("not a table of certificates")
    except (OSError, ValueError, AttributeError, HTTPException) as exc:
        raise GoogleUnreachable("Google's public keys cannot be fetched.") from exc
    match = re.search(r"max-age=(\d{1,9})", caching)
    age = int(match[1]) if match else MIN_AGE_S
    return KeyResponse(data), min(max(age, MIN_AGE_S), MAX_AGE_S)
