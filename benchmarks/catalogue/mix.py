"""How fast `/api/mix/` makes a list, each time with another seed.

    python -m benchmarks.catalogue.mix [--videos 100000] [--rounds 50] [--keep]

Claim: p50 <= 50 ms for 45 minutes, at any number of videos, as a pool is one range of an
index; the reference is a page of 50 of `/api/videos/`.
Both are asked by turns through the whole of Django, within one process.
"""

import itertools
import random

from django.test import Client

from benchmarks.shared.running import run
from benchmarks.shared.table import Goal, Table, measured, milliseconds

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
PAGES = [f"/api/videos/?mood={mood}" for mood in ("CHILL", "HAPPY", "SAD")]


def measure(table: Table, rounds: int = 50) -> None:
    table.head("A mix (x: of a page of 50 of /api/videos/)")
    seeds, rng = itertools.count(), random.Random(0)
    _get(PAGES[0])  # the first loads what all of them need
    for label, query in MIXES.items():
        took, pages = [], []
        for _ in range(rounds):
            took.append(_get(f"/api/mix/?{query}&seed={next(seeds)}"))
            pages.append(_get(rng.choice(PAGES)))
        goal = Goal(p50=50) if "minutes=45" in query else Goal()
        table.add(label, measured(took, measured(pages).p50), goal)


def _get(url: str) -> float:
    client = Client(HTTP_HOST="localhost")
    responses = []
    took = milliseconds(lambda: responses.append(client.get(url)))
    assert responses[0].status_code == 200, responses[0].content
    return took


if __name__ == "__main__":
    run(__doc__, measure)
