"""How fast `/api/mix/` makes a list, each time with another seed.

    python benchmarks/mix.py [--videos 100000] [--rounds 50]

Claim: p50 <= 50 ms for 45 minutes, at any number of videos, as a pool is one range of an
index; the reference is a page of 50 of `/api/videos/`.
Both are asked by turns through the whole of Django, within one process.
"""

import argparse
import itertools
import logging
import random
import statistics
import time

from catalogue import fill
from django.test import Client
from scratch import scratch_database

from songs.models import ListedVideo

MIXES = {
    "45 min, two moods": "mood=CHILL:0.7,HAPPY:0.3&minutes=45",
    "... along a curve, one kept out": "mood=CHILL:0.7,HAPPY:0.3&minutes=45"
    "&curve=chill-happy&exclude=ANGRY",
    "45 min, all moods": "minutes=45",
    "3 min, one mood": "mood=SAD&minutes=3",
    "600 min, one mood": "mood=SAD&minutes=600",
    "600 min, all moods, a curve": "minutes=600&curve=sad-happy"
    "&mood=SAD,HAPPY,CHILL,ANGRY,IN-LOVE,CONFIDENT-SASSY",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    with scratch_database():
        fill(options.videos)
        measure(options.rounds)


def measure(rounds: int) -> None:
    logging.disable()  # else a line for each request stands between those of the table
    print(f"{ListedVideo.objects.count()} videos; ms; the reference is a page of 50")
    print(f"{'':<44}{'p50':>8}{'p99':>8}{'ratio':>8}")
    client, seeds, rng = (
        Client(HTTP_HOST="localhost"),
        itertools.count(),
        random.Random(0),
    )
    pages = [f"/api/videos/?mood={mood}" for mood in ("CHILL", "HAPPY", "SAD")]
    milliseconds(client, pages[0])  # the first loads what all of them need
    for label, query in MIXES.items():
        took, reference = [], []
        for _ in range(rounds):
            took.append(milliseconds(client, f"/api/mix/?{query}&seed={next(seeds)}"))
            reference.append(milliseconds(client, rng.choice(pages)))
        show(label, took, statistics.median(reference))
    show("a page of /api/videos/", reference, statistics.median(reference))


def milliseconds(client: Client, url: str) -> float:
    start = time.perf_counter()
    response = client.get(url)
    assert response.status_code == 200, response.content
    return 1000 * (time.perf_counter() - start)


def show(label: str, times: list[float], reference: float) -> None:
    p50, p99 = statistics.median(times), sorted(times)[int(0.99 * (len(times) - 1))]
    print(f"{label:<44}{p50:>8.1f}{p99:>8.1f}{p50 / reference:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
