"""Staff, listeners who signed in with Google, and programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from tests.google import certificate, id_token
from tests.upgrade.catalogue import video
from tests.upgrade.product import PASSWORD, browser, posted, run

BEN, STRANGER = "203.0.113.50", "203.0.113.51"  # addresses


def staff() -> None:
    from django.contrib.auth.models import Permission, User

    User.objects.create_superuser("ada", "ada@example.org", PASSWORD)
    for name in ("ben", "cleo", "dora"):
        user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        rights = ["view_newvideo", "change_newvideo", "view_moodlabel"]
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))


def listeners() -> dict[str, str]:
    """Mia and Noa by Google, with playlists; the token that Mia still carries."""
    tokens = {}
    with google() as id_token:
        for sub, name in (("108", "Mia"), ("109", "Noa")):
            sent = {
                "token": id_token(
                    sub=sub, name=name, email=f"{name}@example.org".lower()
                )
            }
            tokens[name] = posted(browser(), "/api/register/oauth", sent)["token"]
    client = browser()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {tokens['Mia']}"
    for name, songs in {"Rainy days": (1, 7, 3, 7), "Running": (2,)}.items():
        made = posted(client, "/api/user/playlists/", {"name": name})
        rows = [
            posted(
                client, f"/api/user/playlists/{made['id']}/song/", {"song_id": video(n)}
            )
            for n in songs
        ]
        place = f"/api/user/playlists/{made['id']}/song/{rows[0]['id']}/"
        moved = {"playlist_index": len(rows) - 1}
        assert client.put(place, moved, "application/json").status_code == 200
    return {"listener": tokens["Mia"]}


def programs() -> dict[str, str]:
    run("create_token", "Old program", scope=["claim"])
    run("revoke_tokens", program="Old program")
    token = run(
        "create_token", "A program", scope=["predict", "suggest"], per_minute=50
    )
    for _ in range(11):  # one more than a name has, then it is locked for the address
        wrong = {"username": "ben", "password": "guessed"}
        browser(BEN).post("/login/", wrong)
    browser(STRANGER).post(
        "/login/", {"username": "nobody here", "password": "guessed"}
    )
    return {"program": token.strip()}


@contextmanager
def google() -> Iterator[Any]:
    """Sign-in with Google, whose keys are ours and whose network is this process."""
    keys = json.dumps({"ours": certificate("ours")}).encode()
    published = SimpleNamespace(status=200, data=keys, headers={})
    with mock.patch("accounts.google.certificates", lambda *_, **__: published):
        yield id_token
