"""The web process as production runs it: two workers, JSON lines, no database."""

import json
import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.music_selector.test_settings import PRODUCTION
from tests.processes import Start, end, free_port
from tests.waiting import PATIENCE_S, wait_until

TOKEN = "token-of-the-scraper"
COUNTED = r'^http_requests_total\{.*route="/api/docs/",status="2xx"\} (\d+)\.0$'


class Web:
    """gunicorn with its two workers, on a free port."""

    def __init__(self, folder: Path, start_python: Start) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.log = folder / "log"
        changed = {
            "ALLOWED_HOSTS": "127.0.0.1",
            "WEB_CONCURRENCY": "2",
            "LOG_FORMAT": "json",
            "METRICS_TOKEN": TOKEN,
            "PORT": str(port),
            "TMPDIR": str(folder),
        }
        with self.log.open("w") as log:
            self.process = start_python(
                *("-m", "gunicorn", "music_selector.wsgi"),
                env=PRODUCTION | changed,
                stderr=log,
            )
        wait_until(lambda: len(self.workers()) == 2)

    def get(self, path: str) -> str:
        headers = {"X-Forwarded-Proto": "https", "Authorization": f"Bearer {TOKEN}"}
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.read().decode()

    def counted(self) -> int:
        return int(re.search(COUNTED, self.get("/metrics"), re.MULTILINE)[1])

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def workers(self) -> list[int]:
        booted = r"Booting worker with pid: (\d+)"
        return [int(pid) for pid in re.findall(booted, self.log.read_text())]


@pytest.fixture
def web(tmp_path, start_python):
    return Web(tmp_path, start_python)


def test_counts_of_all_workers_add_up_and_all_lines_have_one_form(web, tmp_path):
    for _ in range(20):
        web.get("/api/docs/")
    (folder,) = tmp_path.glob("moodibeats-metrics-*")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert web.counted() == 20
    assert "moodibeats_database_up 0.0" in web.get("/metrics")

    os.kill(web.workers()[0], signal.SIGKILL)
    wait_until(lambda: len(web.workers()) == 3)
    assert web.counted() == 20

    web.process.terminate()
    end(web.process)
    assert web.process.returncode == 0
    assert not folder.exists()
    lines = web.lines()
    assert sum(line.get("route") == "/api/docs/" for line in lines) == 20
    assert {line["logger"] for line in lines} >= {
        "gunicorn.error",
        "web.access_log",
    }
    assert TOKEN not in web.log.read_text()
