"""Datasets, recommenders, and a queue with a task of each kind."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.upgrade.product import browser, model, run, signed_in, task, tasks

ARTISTS = (
    "Quiet Isotope",
    "Pale Estuary",
    "Neon Turbine",
    "Rust Choir",
    "Iron Lullaby",
)


def plays(work: Path, name: str, n_listeners: int) -> Path:
    """Listeners who like the artists next to their own; a genre is not always known."""
    path = work / name
    with path.open("w", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["listener", "artist", "plays", "genre"])
        for number in range(n_listeners):
            for step in range(2 + number % 3):
                artist = ARTISTS[(number + step) % len(ARTISTS)]
                genre = (
                    "" if (number + step) % 7 == 0 else ("ambient", "rock")[number % 2]
                )
                row = [
                    f"listener-{number:03}",
                    artist,
                    1 + (number * 7 + step) % 40,
                    genre,
                ]
                table.writerow(row)
    return path


def datasets(work: Path) -> None:
    words = {"description": "Invented plays", "licence_note": "Do what you like."}
    for n_listeners in (30, 40):  # two versions
        path = plays(work, "plays.csv", n_listeners)
        run("load_dataset", path, name="plays", share=True, **words)
    run("load_dataset", plays(work, "private.csv", 5), name="Private")
    upload(signed_in("ada"), plays(work, "waiting.csv", 12), "waiting")


def upload(client: Any, path: Path, name: str) -> None:
    """By the pages: a file that is looked at and then waits for the worker."""
    with path.open("rb") as file:
        sent = client.post("/datasets/upload/", {"name": name, "files": file})
    how = {
        "delimiter": ",",
        "quote": '"',
        "encoding": "utf-8",
        "skip": 0,
        "header": "on",
    }
    assert client.post(sent.url, {"do": "store", **how}).status_code == 302


def recommenders() -> None:
    """One with two versions, of which a worker made the first."""
    ada = signed_in("ada")
    sent = {
        "name": "Plays",
        "preset": "own",
        "algorithm": "cosine",
        "who": "listener",
        "what": "artist",
        "how_much": "plays",
        "ask_lastfm": "on",
    }
    made = ada.post("/recommenders/new/?dataset=plays", sent)
    assert made.status_code == 302, made.content.decode()
    task("songs.tasks.pull_profile", 99_999)  # there is none: it fails
    without = {"datasets.tasks.store_version"}
    with put_off(without):
        run("worker", until_empty=True)
    run("train_recommender", "plays", force="To have two of them.")
    ada.post("/recommenders/plays/share/", {"shared": "on"})


@contextmanager
def put_off(paths: set[str]) -> Iterator[None]:
    """Tasks of these paths are not for the worker now."""
    waiting = tasks().filter(status="READY", task_path__in=paths)
    ids = list(waiting.values_list("pk", flat=True))
    waiting.update(run_after=datetime.now(UTC) + timedelta(days=1))
    yield
    first = datetime(9999, 1, 1, tzinfo=UTC)  # as django-tasks has it: at once
    tasks().filter(pk__in=ids).update(run_after=first)


def queue() -> None:
    """A task of each kind waits when the version is left."""
    profile = model("songs", "SearchProfile").objects.get(name="upgrade")
    versions = model("songs", "MoodModel").objects.filter(recipe="seed2019")
    task("songs.tasks.pull_profile", profile.pk)
    task("songs.tasks.predict_moods")
    task("songs.tasks.retrain_moods", "ada")
    task("songs.tasks.promote_moods", versions.get().version, "ada")
    signed_in("ada").post("/recommenders/plays/train/")
    browser().get("/api/recommenders/plays/similar/?item=quiet+isotope")  # profiles
    task("recommenders.tasks.make_sample")
