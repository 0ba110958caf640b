"""`make run`: everything a newcomer needs, together, until Ctrl-C."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from http.client import HTTPConnection
from types import FrameType

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import ERROR, run_checks
from django.core.management import call_command
from django.utils import timezone
from django.utils.crypto import get_random_string

from background.locks import AlreadyRunning
from background.queue import enqueue_once
from datasets.models import Dataset
from recommenders.tasks import make_sample
from songs import pipeline
from songs.ingestion import runs, transport
from songs.models import IngestRun, NewVideo, Origin
from songs.youtube.client import YouTubeError

Say = Callable[[str], object]
Process = subprocess.Popen[bytes]

ADMIN = "admin"
PULL_EVERY = timedelta(days=1)
SEARCHES = 20  # of the day's 100: a first look, the cron job does the rest
WORKER_RESTART_SECONDS = 2
ANSWER_SECONDS = 10
LAST_WISH_SECONDS = 8  # how long children may take to end
PR_SET_PDEATHSIG = 1
WEB = ("-m", "gunicorn", "music_selector.wsgi")  # gunicorn.conf.py says how
NOTHING_PULLED = (
    "Nothing pulled: there is no DEVELOPER_KEY, and the sample goes only into an "
    "embedded database without real videos."
)


class CannotRun(Exception):
    """Something on this machine must change before MoodiBeats can run."""


def run(say: Say, *, pull: bool) -> int:
    """Migrate, ensure an admin account, pull, predict, serve; the web's exit status.

    Raises CannotRun when the port is taken or settings are wrong.
    """
    errors = [str(problem) for problem in run_checks() if problem.level >= ERROR]
    if errors:
        raise CannotRun("\n".join(errors))
    _check_port()
    ensure_admin(say)
    may_pull = _may_pull()
    with _sandbox_where_needed(say, may_pull=may_pull) as endpoint:
        if not may_pull:
            say(NOTHING_PULLED)
        _fill_catalogue(say, endpoint, pull=pull and may_pull)
        _offer_sample(say)
        return _serve(say)


def ensure_admin(say: Say) -> str:
    """Migrate, and make an admin account where there is none; its name."""
    call_command("migrate", verbosity=0, interactive=False)
    admin = User.objects.filter(is_superuser=True).order_by("pk").first()
    if admin is None:
        password = get_random_string(16)
        admin = User.objects.create_superuser(ADMIN, password=password)
        say(f"Admin account: {ADMIN}, password {password} (shown once; make admin)")
    return admin.get_username()


def _serve(say: Say) -> int:
    """Run web and worker until one is told to stop; the web's exit status."""
    with (
        _stop_on_signals() as stopping,
        _child(*WEB) as web,
        _worker() as worker,
    ):
        if _wait_until_served(web):
            _announce(say)
        while not stopping and web.poll() is None:
            worker.keep_alive(say)
            time.sleep(0.2)
        return 0 if stopping else web.returncode or 1


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


def _may_pull() -> bool:
    """With a key always; the sample goes only where it is in nobody's way."""
    if settings.DEVELOPER_KEY:
        return True
    real = NewVideo.objects.exclude(origin=Origin.SAMPLE)
    return settings.EMBEDDED_DATABASE and not real.exists()


@contextmanager
def _sandbox_where_needed(say: Say, *, may_pull: bool) -> Iterator[str]:
    """The address of a sandbox YouTube while it runs; "" where it is not needed."""
    if settings.DEVELOPER_KEY or settings.YOUTUBE_API_ENDPOINT or not may_pull:
        yield ""
        return
    say("No DEVELOPER_KEY: the sandbox YouTube stands in, with a sample catalogue.")
    with _child("-m", "sandbox", "--port=0", stdout=subprocess.PIPE) as server:
        url = server.stdout.readline().decode().partition(" ")[0]
        os.environ["YOUTUBE_API_ENDPOINT"] = url  # for web and worker
        yield url


def _fill_catalogue(say: Say, endpoint: str, *, pull: bool) -> None:
    """Pull where that is wanted and due; predict and embed what waits."""
    outcome = _pull(say, endpoint) if pull else None
    if outcome is None:
        outcome = pipeline.PipelineResult()
        pipeline.predict_and_embed(outcome, say)
    for line in (str(outcome), outcome.refused):
        if line:
            say(str(line))


def _pull(say: Say, endpoint: str) -> pipeline.PipelineResult | None:
    youtube = transport.youtube_transport(endpoint=endpoint or None)
    last = runs.last_good(IngestRun.Job.GET_NEW_VIDEOS, origin=youtube.origin)
    if last and last.started > timezone.now() - PULL_EVERY:
        say(
            f"Nothing pulled: the last good pull was {last.started:%Y-%m-%d %H:%M} UTC."
        )
        return None
    say("Pulling data from YouTube API and saving")
    try:
        return pipeline.pull_videos(youtube, budget=SEARCHES, warn=say)
    except (YouTubeError, AlreadyRunning) as exc:
        say(f"The pull ended early, what came is kept: {exc}")
        return None


def _offer_sample(say: Say) -> None:
    """Have the worker make a small dataset and recommenders, where there is nothing."""
    if settings.EMBEDDED_DATABASE and not Dataset.objects.exists():
        enqueue_once(make_sample)
        say("Recommenders: the worker trains a sample of invented listeners.")


class _Worker:
    """The worker process, started again when it fails.

    One that ends well has found another at work, e.g. that of a second `make run`.
    """

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.process = self._start()

    def keep_alive(self, say: Say) -> None:
        if self.process.poll():
            say("The worker failed; starting it again.")
            time.sleep(WORKER_RESTART_SECONDS)
            self.process = self._start()

    def _start(self) -> Process:
        return self.stack.enter_context(_child("manage.py", "worker"))


@contextmanager
def _worker() -> Iterator[_Worker]:
    with ExitStack() as stack:
        yield _Worker(stack)


@contextmanager
def _child(*arguments: str, stdout: int | None = None) -> Iterator[Process]:
    """A Python process of ours, which ends when the block does, or when we die."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        stdout=stdout,
        start_new_session=True,  # Ctrl-C reaches us alone; we end them in order
        preexec_fn=_die_with_parent,  # noqa: PLW1509  we run no threads
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(LAST_WISH_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def _die_with_parent() -> None:
    """Linux: a child of ours is told to end even when we are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_served(web: Process) -> bool:
    """Whether the web process answers, False when it ends first."""
    while web.poll() is None:
        connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=ANSWER_SECONDS)
        with closing(connection), suppress(OSError):
            connection.request("GET", "/health/live")
            connection.getresponse()
            return True
        time.sleep(0.1)
    return False


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
        f"  artists {root}/recommenders/\n"
        f"  docs    {root}/api/docs/\n"
        f"  admin   {root}/admin/\n"
    )
