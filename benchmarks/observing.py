"""What it costs that every request has an id, a line in the log, and is counted.

    python benchmarks/observing.py [--rounds 3000] 2>/dev/null

Claim: at most 7 % of what a 304, the cheapest answer of the API, costs through gunicorn.
Django's part is measured alone, which is half of the whole: a ratio of 1.14 or less.
The counts go into files, as under gunicorn, and the lines to standard error.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable

FOLDER = tempfile.TemporaryDirectory()
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER.name  # before the first import

from scratch import scratch_database  # isort: skip

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory, override_settings

PATH = "/api/new-videos/"
OBSERVED = "web.access_log.observed"
Answer = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3_000)
    options = parser.parse_args()
    with scratch_database():
        measure(options.rounds)


def measure(rounds: int) -> None:
    """Answer by turns, so that a busy machine disturbs both alike."""
    without, observed = _not_modified(observed=False), _not_modified(observed=True)
    spent: dict[Answer, list[float]] = {without: [], observed: []}
    for _ in range(rounds):
        for answer, times in spent.items():
            started = time.thread_time()
            answer()
            times.append(time.thread_time() - started)
    least = statistics.median(spent[without])
    for name, answer in (("304", without), ("304, observed", observed)):
        median = statistics.median(spent[answer])
        print(f"{name:<16}{median * 1e6:8.0f} us{median / least:8.3f}")


def _not_modified(*, observed: bool) -> Answer:
    """Asks a handler of its own for what the client has."""
    from django.conf import settings

    others = [name for name in settings.MIDDLEWARE if name != OBSERVED]
    with override_settings(MIDDLEWARE=[OBSERVED] * observed + others):
        handler = WSGIHandler()
    ask = RequestFactory(HTTP_HOST="localhost")
    first = ask.get(PATH).environ

    def answer(**headers: str) -> str:
        said: list[tuple[str, str]] = []
        environ = first | headers
        body = handler(environ, lambda status, headers: said.extend(headers))
        list(body)
        body.close()
        return dict(said)["ETag"]

    tag = answer()
    return lambda: answer(HTTP_IF_NONE_MATCH=tag)


if __name__ == "__main__":
    main()
