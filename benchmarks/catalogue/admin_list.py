"""How fast the list of videos in the admin is shown, whole pages of HTML.

    python -m benchmarks.catalogue.admin_list [--videos 100000] [--rounds 10] [--keep]

Claim: p50 <= 300 ms at a million videos, without counting them all.
"""

import re
from functools import partial

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks.shared.running import run
from benchmarks.shared.table import Goal, Table, measured, milliseconds
from web.admin import MAX_COUNTED

LIST = "/admin/songs/newvideo/"
COUNTED = re.compile(r"\b(\d+)\s+videos?\b")  # below the list
GOAL = Goal(p50=300)
ASKED = {
    "newest": "",
    "page 200": "?p=200",
    "a mood by people": "?mood=SAD",
    "a mood by the model": "?predicted=SAD",
    "nobody has looked": "?labelled=unknown",
    "licence unknown": "?licence=unknown",
    "words": "?q=piano+music",
    "a word of nearly all": "?q=music",
    "a channel": "?channel=channel+7",
    "nothing found": "?q=qqqqqqqq",
}


def measure(table: Table, rounds: int = 10) -> None:
    user, _ = get_user_model().objects.get_or_create(
        username="bench", is_superuser=True, is_staff=True
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    _show(client, LIST)  # the first loads templates
    table.head("The list of videos in the admin")
    for name, query in ASKED.items():
        took = [
            milliseconds(partial(_show, client, LIST + query)) for _ in range(rounds)
        ]
        table.add(name, measured(took), GOAL)


def _show(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code == 200, response.content
    counted = COUNTED.search(response.text)
    assert int(counted[1]) <= MAX_COUNTED


if __name__ == "__main__":
    run(__doc__, measure)
