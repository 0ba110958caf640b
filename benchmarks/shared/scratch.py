"""A database of its own for a benchmark, and rows shaped like the real ones."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "music_selector.settings")
os.environ.setdefault("MOODIBEATS_DEV", "1")

import django

django.setup()

from django.db import connection

NAME = "moodibeats_benchmark"
KEPT = f"{NAME}_kept"
N_WORDS = 30_000
DESCRIPTION_WORDS = 210  # 1.5 kB, as the real ones are on average


@contextmanager
def scratch_database(*, keep: bool = False, of: int = 0) -> Iterator[None]:
    """A migrated, empty database on the configured server; dropped at the end.

    With `keep` it is another one, which the next such run `of` as many videos finds as
    this one left it.
    """
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{KEPT}_{of}" if keep else NAME
    how = {"verbosity": 0, "keepdb": keep}
    connection.creation.create_test_db(autoclobber=True, serialize=False, **how)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, **how)


def video_texts(n_videos: int, *, seed: int = 0) -> Iterator[tuple[str, str, str]]:
    """(video_id, title, description): words as frequent as in speech (Zipf's law)."""
    rng = random.Random(seed)
    words = [
        "".join(rng.choices("etaoinshrdlu", k=rng.randint(2, 10)))
        for _ in range(N_WORDS)
    ]
    weights = [1 / (rank + 1) for rank in range(N_WORDS)]
    pool = rng.choices(words, weights, k=1_000_000)
    for number in range(n_videos):
        start = rng.randrange(len(pool) - DESCRIPTION_WORDS - 8)
        title = " ".join(pool[start : start + 8])
        description = " ".join(pool[start + 8 : start + 8 + DESCRIPTION_WORDS])
        yield f"B{number:010}", title, f"{description}\n\nTrack {number}"
