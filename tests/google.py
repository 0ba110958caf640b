"""A Google of our own on localhost: real RS256 keys, real certificates, no network."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.crypt import RSASigner

from accounts import google

CLIENT_ID = "1234-moodi.apps.googleusercontent.com"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(name: str) -> str:
    """The self-signed certificate of a key, as Google publishes them."""
    subject = x509.Name([])
    today = datetime.now()
    signed = (
        x509.CertificateBuilder(subject, subject, key(name).public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key(name), hashes.SHA256())
    )
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def id_token(*, signed_by: str = "ours", kid: str = "ours", **claims: Any) -> str:
    """The token that Google gives a page for Mia; a claim that is None is left out."""
    now = int(time.time())
    said = {
        "iss": "https://accounts.google.com",
        "aud": CLIENT_ID,
        "sub": "108",
        "email": "mia@example.org",
        "email_verified": True,
        "name": "Mia",
        "iat": now,
        "exp": now + 3600,
    } | claims
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(RSASigner(key(signed_by)), said, key_id=kid).decode()


class Published:
    """What our Google serves to whoever asks for its keys, and how often it did."""

    def __init__(self) -> None:
        self.body: bytes = json.dumps({"ours": certificate("ours")}).encode()
        self.headers = {"Cache-Control": "public, max-age=3600, must-revalidate"}
        self.status, self.asked = 200, 0


@pytest.fixture
def our_google(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Published]:
    """Google's certificates come from localhost; sign-in is configured."""
    published = Published()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.asked += 1
            self.send_response(published.status)
            for name, value in published.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(published.body)

        log_message: Callable[..., None] = lambda *_: None

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,)).start()
    where = f"http://127.0.0.1:{server.server_port}/certs"
    monkeypatch.setattr(google, "CERTIFICATES_URL", where)
    monkeypatch.setattr(google, "certificates", google.CachedCertificates())
    settings.GOOGLE_CLIENT_ID = CLIENT_ID
    yield published
    server.shutdown()
    server.server_close()
