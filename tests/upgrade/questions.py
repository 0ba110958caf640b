"""What is asked of a version, and its answers in a form that can be compared."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.test import Client

HEADERS = ("Content-Type", "Content-Disposition", "Cache-Control", "Vary")
OF_PAGES = ("Content-Type", "Location")
CURSOR = re.compile(r"(?<=cursor=)[^&\"]+")  # opaque: that old ones work is asked
ABOUT_THE_MACHINE = {"database", "disk", "DATA_DIR"}  # findings of `doctor`
Answer = dict[str, Any]
Keys = Mapping[str, str]  # who: what opens the door to them

VIDEO = "UPGRADE-001"
MATCHES = "/api/videos/?mood=chill&ordering=newest&limit=3"
MIX = "/api/mix/?mood=CHILL:0.6,HAPPY:0.4&curve=chill-happy&minutes=20&seed=upgrade"
TASTE = {"items": ["Quiet Isotope", "Neon Turbine"], "disliked": ["Rust Choir"], "n": 5}
CLEANED = {
    "items": ["Pale Estuary", "Iron Lullaby"],
    "liked": ["Quiet Isotope"],
    "disliked": ["Rust Choir"],
}
TEXTS = {
    "texts": [
        {"title": "Slow rain", "description": "calm lofi rain with a soft piano"},
        {"title": "Fury", "description": "furious metal rage"},
        {"title": "Xyzzy"},
    ]
}
READ_BY_ALL = (
    "/api/",
    "/api/new-videos/",
    f"/api/new-videos/{VIDEO}/",
    "/api/new-videos-stats/",
    f"/api/new-videos-stats/{VIDEO}/",
    "/api/new-comments/",
    "/api/new-videos-thumbnails/",
    "/api/new-videos-moods/",
    "/api/predictions/",
    "/api/moods/",
    "/api/videos/?limit=10",
    MATCHES,
    "/api/videos/?q=calm+rain&limit=5&facets=mood,source,labelled,licence",
    "/api/videos/?source=person&ordering=views&format=csv",
    "/api/videos/?labelled=false&fields=video_id,moods,mood_source&format=ndjson",
    f"/api/videos/{VIDEO}/",
    f"/api/videos/{VIDEO}/similar/?n=5",
    f"/api/videos/{VIDEO}/licence/",
    "/api/videos/UPGRADE-003/licence/",
    "/api/videos/UPGRADE-003/",
    "/api/videos/nowhere_000/",
    "/api/videos/?mood=purple",
    MIX,
    f"{MIX}&format=m3u",
    f"{MIX}&format=jspf",
    "/api/datasets/",
    "/api/datasets/plays/",
    "/api/datasets/plays/columns/",
    "/api/datasets/plays/columns/3/",
    "/api/datasets/plays/missing/",
    "/api/datasets/plays/rows/?limit=5&sort=plays&order=down",
    "/api/datasets/plays/rows/?where=artist&op=contains&value=rust&limit=5",
    "/api/datasets/plays/download/",
    "/api/datasets/plays/download/?version=1",
    "/api/datasets/plays/download/?format=csv",
    "/api/datasets/plays/download/?format=parquet",
    "/api/datasets/private/",
    "/api/recommenders/",
    "/api/recommenders/plays/",
    "/api/recommenders/plays/similar/?item=quiet+isotope&n=5",
    "/api/recommenders/plays/similar/?item=nobody+at+all",
    "/api/recommenders/plays/recommend/?for=listener-003&n=5",
    "/api/recommenders/plays/suggest/?q=qui",
    "/api/recommenders/plays/statistics/?by=listeners&n=5",
    "/api/users/1/",
)
READ_BY_STAFF = (
    "/api/datasets/",
    "/api/datasets/private/",
    "/api/recommenders/",
    f"/api/videos/{VIDEO}/",
)
READ_BY_LISTENER = (
    "/api/users/1/",
    "/api/users/1/export/",
    "/api/users/2/",
    "/api/user/playlists/1/playlists/",
    "/api/user/playlists/1/songs/",
    "/api/user/playlists/2/songs/",
)
READ_BY_PROGRAM = ("/api/videos/?limit=2", "/api/datasets/private/")
POSTED = (  # answered out of what is stored, and nothing is kept of them
    ("anybody", "/api/predict/", TEXTS),
    ("program", "/api/predict/", TEXTS),
    ("anybody", "/api/recommenders/plays/recommend/", TASTE),
    ("anybody", "/api/recommenders/plays/clean/", CLEANED),
)
PAGES = (  # the address, and words of the stored data that it shows
    ("anybody", "/", ["UPGRADE-036"]),
    ("anybody", "/datasets/", ["plays", "Invented plays"]),
    ("anybody", "/datasets/plays/", ["listener", "artist", "Invented plays"]),
    ("anybody", "/datasets/plays/rows/?sort=plays&order=down", ["listener-003"]),
    ("anybody", "/datasets/plays/columns/3/", ["plays"]),
    ("anybody", "/recommenders/", ["Plays"]),
    ("anybody", "/recommenders/plays/", ["cosine"]),
    ("anybody", "/recommenders/plays/similar/?item=quiet+isotope", ["Quiet Isotope"]),
    ("anybody", "/recommenders/plays/for/?for=listener-003", ["listener-003"]),
    ("anybody", "/recommenders/plays/charts/", ["Quiet Isotope"]),
    ("anybody", "/admin/", []),
    ("staff", "/admin/", ["ada"]),
    ("staff", "/datasets/private/", ["Private"]),
    ("staff", "/admin/songs/newvideo/", ["UPGRADE-036"]),
    ("staff", f"/admin/songs/newvideo/{VIDEO}/change/", ["ben", "cleo"]),
    ("staff", "/admin/songs/moodlabel/", [VIDEO, "ben", "cleo", "import"]),
    ("staff", "/admin/songs/moodlabel/people/", ["ben", "cleo"]),
    ("staff", "/admin/songs/moodlabel/agreement/", ["ben"]),
    ("staff", "/admin/songs/labelrevert/", ["dora", "ada"]),
    ("staff", "/admin/songs/moodsuggestion/", ["UPGRADE-022"]),
    ("staff", "/admin/songs/contentclaim/?show=all", ["Big Label", "Small Label"]),
    ("staff", "/admin/songs/moodmodel/", ["seed2019", "lexicon-tfidf"]),
    ("staff", "/admin/songs/searchprofile/", ["upgrade"]),
    ("staff", "/admin/songs/ingestrun/", ["upgrade"]),
    ("staff", "/admin/accounts/account/", ["mia@example.org"]),
    ("staff", "/admin/accounts/programtoken/", ["A program"]),
    ("staff", "/admin/accounts/failedsignins/", ["ben"]),
    ("staff", "/admin/label/?order=second", ["UPGRADE-"]),
)


def questions() -> Iterator[Answer]:
    """All that a version is asked, in order; those of a later version may be more."""
    readers = {
        "anybody": READ_BY_ALL,
        "staff": READ_BY_STAFF,
        "listener": READ_BY_LISTENER,
        "program": READ_BY_PROGRAM,
    }
    for who, paths in readers.items():
        yield from ({"who": who, "path": path} for path in paths)
    yield from ({"who": w, "path": path, "sent": sent} for w, path, sent in POSTED)
    yield from ({"who": w, "path": path, "shows": shows} for w, path, shows in PAGES)


def next_page(page: Mapping[str, Any]) -> Answer:
    """The question for what follows a page, with its cursor as it was handed out."""
    address = page["content"]["next"].removeprefix("http://testserver")
    return {"who": "anybody", "path": address}


def ask(question: Answer, keys: Keys) -> Answer:
    """The question with its answer: JSON as it is, of other bodies what stays equal.

    Of a page that is which of the words it shows; sentences and looks may change. Of
    what is no text, its SHA-256.
    """
    response = _request(question, keys)
    body = response.getvalue()
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    answer = {key: question[key] for key in ("who", "path", "sent") if key in question}
    answer["status"] = response.status_code
    named = OF_PAGES if "shows" in question else HEADERS
    answer["headers"] = {
        name: _in_order(response.headers[name])
        for name in named
        if name in response.headers
    }
    if "shows" in question:
        shown = body.decode()
        return answer | {"shows": [w for w in question["shows"] if w in shown]}
    if kind == "application/json":
        return answer | {"content": _comparable(json.loads(body), response)}
    if kind.startswith("text/") or kind.endswith(("json", "mpegurl")):
        return answer | {"content": body.decode().splitlines()}
    return answer | {"content": hashlib.sha256(body).hexdigest()}


def without_cursors(answer: Answer) -> Answer:
    """An answer whose cursors are left out: another version may write them anew."""
    text = json.dumps({key: answer[key] for key in answer if key != "path"})
    return {"path": answer["path"], **json.loads(CURSOR.sub("*", text))}


def act(password: str) -> dict[str, int]:
    """The status of what only works if keyed digests and counts were understood."""
    known, other, claimant = (
        Client(REMOTE_ADDR=address)
        for address in ("203.0.113.50", "203.0.113.52", "198.51.100.3")
    )
    ben = {"username": "ben", "password": password}
    again = {"video_id": "UPGRADE-022", "correct_moods": "Chill"}
    claim = {"claimant": "Big Label"}
    suggesting = Client(REMOTE_ADDR="198.51.100.1")
    return {
        "a name that is locked for this address": known.post(
            "/login/", ben
        ).status_code,
        "the old password": other.post("/login/", ben).status_code,
        "a suggestion that was made before": suggesting.post(
            "/api/new-videos-moods/", again, content_type="application/json"
        ).status_code,
        "a claim that was reported before": claimant.post(
            "/api/videos/UPGRADE-025/claims/", claim, content_type="application/json"
        ).status_code,
        "a claim that is new": claimant.post(
            "/api/videos/UPGRADE-028/claims/", claim, content_type="application/json"
        ).status_code,
    }


def examine() -> dict[str, bool]:
    """What `doctor` looks at, and whether a person must act; not what the machine has."""
    out = io.StringIO()
    with redirect_stdout(out), suppress(SystemExit):  # its exit status says "act"
        call_command("doctor", "--json", stdout=out)
    findings = json.loads(out.getvalue())
    acts = {finding["subject"]: finding["act"] for finding in findings}
    return {key: act for key, act in acts.items() if key not in ABOUT_THE_MACHINE}


def export() -> dict[str, list[str]]:
    """The catalogue and the history of labels, line by line, as files have them."""
    with TemporaryDirectory() as folder:
        videos, history = Path(folder, "videos.csv"), Path(folder, "history.ndjson")
        call_command("export_videos", videos, history=history, stdout=io.StringIO())
        return {
            "videos": videos.read_text().splitlines(),
            "history": history.read_text().splitlines(),
        }


def _request(question: Answer, keys: Keys) -> Any:
    who, path = question["who"], question["path"]
    client = Client()
    if who == "staff":
        client.cookies["sessionid"] = keys["staff"]
    elif who in keys:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {keys[who]}"
    if "sent" in question:
        return client.post(path, question["sent"], content_type="application/json")
    return client.get(path)


def _in_order(header: str) -> str:
    """A header whose parts, such as those of Vary, may come in any order."""
    return ", ".join(sorted(part.strip() for part in header.split(",")))


def _comparable(content: Any, response: Any) -> Any:
    if response.status_code < 400:
        return content
    return {key: content[key] for key in content if key != "detail"}  # for people
