"""What holds for every route there is, whoever adds one: nobody writes, no page runs."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from django.utils.regex_helper import normalize

from accounts import lockout, programs
from accounts.models import Account, ProgramToken
from datasets.models import Dataset
from datasets.storage import build
from datasets.upload import receive
from recommenders.models import Recommender
from recommenders.training import edit, train
from recommenders.training.config import Roles, TrainingConfig
from recommenders.training.in_progress import request_training
from songs.labelling import record, suggestions
from songs.licensing import content_claims
from songs.models import (
    Comment,
    IngestRun,
    Mood,
    MoodLabel,
    SearchProfile,
)

ID = "VIDEO000001"
VALUES = {"video_id": ID, "object_id": ID, "app_label": "songs"}  # of others: 1
ANYBODYS = (  # may be posted to, on purpose
    "/api/predict",
    "/api/new-videos-moods",
    f"/api/videos/{ID}/claims",
    "/api/register/oauth",
    "/api/recommenders/1/recommend",
    "/api/recommenders/1/clean",
)
METHODS = ["POST", "PUT", "PATCH", "DELETE"]
SCRIPT = "<script>alert(1)</script>"
PAGES = ["/", "/login/", "/admin/", "/admin/label/", "/admin/songs/moodlabel/people/"]
PAGES += ["/datasets/", "/datasets/1/", "/datasets/1/rows/", "/datasets/1/columns/1/"]
PAGES += ["/recommenders/", "/recommenders/1/", "/recommenders/new/?dataset=1"]
ASKED = ("item", "for", "likes", "name")  # what the pages of a recommender read
QUERY = urlencode(dict.fromkeys(ASKED, SCRIPT))
ANSWERS = ["similar", "for", "taste", "clean", "charts", "profile", "change"]
ANSWERS = [f"/recommenders/1/{name}/?{QUERY}" for name in ANSWERS]
PAGES += ANSWERS


def routes(patterns: list[Any] | None = None, start: str = "/") -> Iterator[str]:
    """An address of each route of the project."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        template, names = normalize(pattern.pattern.regex.pattern)[0]
        values = {name: VALUES.get(name, "1") for name in names}
        address = start + (template % values)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address


def test_routes_are_all_found():
    known = {"/", "/login/", "/metrics", "/admin/login/", "/admin/songs/newvideo/add/"}
    assert known | {*ANYBODYS, "/api/user/playlists/1/song/1"} <= {*routes()}


def answers(client: Client, method: str, **headers: str) -> Iterator[tuple[str, int]]:
    """Each address with the status of the answer; to be sent to sign in is a 401."""
    client.raise_request_exception = False
    for path in routes():
        kind = "application/json"
        response = client.generic(method, path, b"{}", kind, headers=headers)
        sign_in = response.status_code == 302 and "/login/" in response["Location"]
        yield path, 401 if sign_in else response.status_code


@pytest.mark.parametrize("method", METHODS)
def test_nobody_writes_anywhere(make_video, method):
    make_video()
    for path, status in answers(Client(enforce_csrf_checks=True), method):
        open_to_all = method == "POST" and path in ANYBODYS
        refused = {400, 503} if open_to_all else {401, 403, 405}
        assert status in refused, f"{method} {path}: {status}"


@pytest.mark.parametrize("method", METHODS)
def test_session_writes_nowhere_for_another_origin(make_video, admin_client, method):
    make_video()
    client = Client(enforce_csrf_checks=True)
    client.cookies = admin_client.cookies
    client.cookies["csrftoken"] = token = "c" * 32
    evil = {"origin": "https://evil.example", "x-csrftoken": token}
    for path, status in answers(client, method, **evil):
        asks_no_session = path in ("/api/predict", "/api/register/oauth")
        refused = {400, 405, 503} if asks_no_session else {401, 403, 405}
        assert status in refused, f"{method} {path}: {status}"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("method", ["GET", *METHODS])
def test_host_that_is_not_ours_is_refused_everywhere(db, method):
    client = Client()
    for path, status in answers(client, method, host="evil.example"):
        health = path.startswith("/health")
        assert status == 400 or health, f"{method} {path}: {status}"


@pytest.fixture
def scripted_table(make_user, settings, tmp_path):
    """A dataset with a script in every word, and a recommender that learns from it."""
    settings.DATA_DIR = tmp_path
    owner = make_user("owner")
    lines = [f"who,{SCRIPT},n"]
    lines += [
        f"{who},{what},1" for who in (SCRIPT, "x") for what in (SCRIPT, SCRIPT * 2)
    ]
    rows = "\n".join(lines)
    file = ContentFile(rows.encode(), name=f"{SCRIPT}.csv")
    words = {"description": SCRIPT, "licence_note": SCRIPT}
    version = receive.receive(owner, SCRIPT, file, **words)
    receive.start(version)
    build.store(version)
    Dataset.objects.update(slug="1", shared=True)
    recipe = TrainingConfig(Roles(who="who", what=SCRIPT), "cosine")
    dataset = Dataset.objects.get()
    made = edit.make(SCRIPT, dataset, recipe, owner=owner, description=SCRIPT)
    train.train(request_training(made, who=SCRIPT))
    Recommender.objects.update(slug="1", shared=True)


@pytest.fixture
def scripted(make_video, scripted_table):
    """A script wherever somebody could write one, and who looks at it."""
    words = {"video_title": SCRIPT, "video_description": SCRIPT, "tags": [SCRIPT]}
    video = make_video(channel_title=SCRIPT, channel_id=SCRIPT, **words)
    now = timezone.now()
    said = {"text": SCRIPT, "author": SCRIPT, "fetched_at": now}
    Comment.objects.create(pk="c1", video=video, **said)
    suggestions.suggest(video.pk, Mood.SAD, address="192.0.2.1")
    record.label(video.pk, Mood.SAD, who=SCRIPT, source=MoodLabel.Source.ADMIN)
    content_claims.report(
        video.pk, claimant=SCRIPT, details=SCRIPT, address="192.0.2.1"
    )
    SearchProfile.objects.create(name=SCRIPT, query=SCRIPT)
    IngestRun.objects.create(job="x", error=SCRIPT, started=now)
    Account.objects.create(google_sub="1", name=SCRIPT, email=f"{SCRIPT}@example.org")
    programs.issue(ProgramToken(name=SCRIPT))
    User.objects.create_user(SCRIPT)
    lockout.try_password(SCRIPT, network="192.0.2.1", now=now)
    return video


def pages() -> Iterator[str]:
    """Each page of the admin that is of a table, and the others that show words."""
    yield from PAGES
    yield from (f"{path}?format=api" for path in routes() if path.startswith("/api/"))
    for model in admin.site._registry:
        meta, first = model._meta, model._default_manager.first()
        start = f"/admin/{meta.app_label}/{meta.model_name}/"
        yield start
        if first is not None:
            yield from (f"{start}{first.pk}/{end}/" for end in ("change", "history"))


def test_script_of_strangers_is_escaped_and_forbidden_on_every_page(
    scripted, admin_client
):
    shown = 0
    for path in pages():
        page = admin_client.get(path)
        assert page.status_code == 200 or path not in ANSWERS, path
        assert page.status_code != 500, path
        assert SCRIPT not in page.text, path
        policy = page["Content-Security-Policy"].split("; ")
        assert "default-src 'self'" in policy, path
        assert not any(part.startswith("script-src") for part in policy), path
        shown += "&lt;script&gt;alert(1)" in page.text
    assert shown > 20
