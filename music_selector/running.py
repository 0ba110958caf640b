"""`make run`: everything a newcomer needs, together, until Ctrl-C."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import ERROR, run_checks
from django.core.management import call_command
from django.utils import timezone
from django.utils.crypto import get_random_string

import sandbox
from songs import classify, ingest, jobs
from songs.models import IngestRun, NewVideo, Origin
from songs.youtube import YouTubeError

Say = Callable[[str], object]

ADMIN = "admin"
PULL_EVERY = timedelta(days=1)
SEARCHES = 20  # of the day's 100: a first look, the cron job does the rest
WORKER_RESTART_SECONDS = 2
LAST_WISH_SECONDS = 8  # how long children may take to end
PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """Something on this machine must change before MoodiBeats can run."""


def prepare(say: Say, *, pull: bool) -> None:
    """Migrate, ensure the admin account, pull videos and predict their moods.

    Raises CannotRun when the port is taken or settings are wrong.
    """
    errors = [str(problem) for problem in run_checks() if problem.level >= ERROR]
    if errors:
        raise CannotRun("\n".join(errors))
    _check_port()
    call_command("migrate", verbosity=0, interactive=False)
    _ensure_admin(say)
    if pull:
        _pull(say)
    _predict(say)


def serve(say: Say) -> int:
    """Run web and worker until one is told to stop; the web's exit status."""
    with _stop_on_signals() as stopping:
        web, worker = _start_web(), _start_worker()
        if _wait_until_served(web):
            _announce(say)
        while not stopping and web.poll() is None:
            if worker.poll() is not None:
                say("The worker ended; starting it again.")
                time.sleep(WORKER_RESTART_SECONDS)
                worker = _start_worker()
            time.sleep(0.2)
        status = 0 if stopping else web.returncode or 1
        _end(web, worker)
    return status


def _check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.PORT))
        except OSError as exc:
            raise CannotRun(
                f"Port {settings.PORT} cannot be used ({exc.strerror}). "
                "Choose another: make run PORT=8001"
            ) from exc


def _ensure_admin(say: Say) -> None:
    if User.objects.filter(is_superuser=True).exists():
        return
    password = get_random_string(16)
    User.objects.create_superuser(ADMIN, password=password)
    say(f"Admin account: {ADMIN}, password {password} (shown once; make admin)")


def _pull(say: Say) -> None:
    origin = Origin.YOUTUBE if settings.DEVELOPER_KEY else Origin.SAMPLE
    if origin == Origin.SAMPLE and not settings.EMBEDDED_DATABASE:
        say(
            "Nothing pulled: DATABASE_URL names your own database and there is no "
            "DEVELOPER_KEY; the sample goes into the embedded database only."
        )
        return
    if origin == Origin.SAMPLE and NewVideo.objects.from_api().exclude(
        origin=Origin.SAMPLE
    ):
        say("Nothing pulled: real videos are here and there is no DEVELOPER_KEY.")
        return
    last = jobs.last_good(IngestRun.Job.GET_NEW_VIDEOS, origin=origin)
    if last and last.started > timezone.now() - PULL_EVERY:
        say(f"Nothing pulled: the last good pull was {last.started:%Y-%m-%d %H:%M}.")
        return
    try:
        _pull_from(origin, say)
    except (YouTubeError, jobs.AlreadyRunning) as exc:
        say(f"Pull not finished: {exc}")


def _pull_from(origin: str, say: Say) -> None:
    if origin == Origin.YOUTUBE or settings.YOUTUBE_API_ENDPOINT:
        say("Pulling data from YouTube API and saving")
        pulled = ingest.pull(ingest.youtube_transport(), budget=SEARCHES)
    else:
        say("No DEVELOPER_KEY: pulling the sample catalogue from the sandbox YouTube.")
        with sandbox.serve(port=0) as server:
            transport = ingest.youtube_transport(endpoint=server.url)
            pulled = ingest.pull(transport, budget=SEARCHES)
    say(str(pulled))
    if pulled.paused:
        say(pulled.paused)


def _predict(say: Say) -> None:
    try:
        predicted = classify.predict_pending()
    except (classify.NoModel, jobs.AlreadyRunning) as exc:
        say(f"No moods predicted: {exc}")
    else:
        say(f"Moods predicted: {predicted.videos} videos, by {predicted.version}.")


def _wait_until_served(web: subprocess.Popen[bytes]) -> bool:
    """Whether the web process answers, False when it ends first."""
    while web.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", settings.PORT)) == 0:
                return True
        time.sleep(0.1)
    return False


def _start_web() -> subprocess.Popen[bytes]:
    return _start(
        "-m",
        "gunicorn",
        "music_selector.wsgi",
        f"--bind=127.0.0.1:{settings.PORT}",
        "--workers=1",
        "--threads=8",
        "--graceful-timeout=3",
        "--log-level=warning",
    )


def _start_worker() -> subprocess.Popen[bytes]:
    return _start("manage.py", "worker")


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        start_new_session=True,  # Ctrl-C reaches us alone, we end them in order
        preexec_fn=_die_with_parent,  # noqa: PLW1509  we run no threads by then
    )


def _die_with_parent() -> None:
    """Linux: a child of ours is told to end even when we are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(*children: subprocess.Popen[bytes]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + LAST_WISH_SECONDS
    for child in children:
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@contextmanager
def _stop_on_signals() -> Iterator[list[int]]:
    """A list that is filled when somebody asks us to stop."""
    asked: list[int] = []

    def ask(signum: int, frame: FrameType | None) -> None:
        asked.append(signum)

    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {signum: signal.signal(signum, ask) for signum in names}
    try:
        yield asked
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)


def _announce(say: Say) -> None:
    root = f"http://127.0.0.1:{settings.PORT}"
    say(
        f"\n{NewVideo.objects.public().count()} videos. Ctrl-C ends it all.\n"
        f"  page    {root}/\n"
        f"  videos  {root}/api/new-videos/\n"
        f"  docs    {root}/api/docs/\n"
        f"  admin   {root}/admin/\n"
    )
