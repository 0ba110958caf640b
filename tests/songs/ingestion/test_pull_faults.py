from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, connection, connections

from background.locks import AlreadyRunning
from sandbox import Server
from songs.ingestion import pull as ingest
from songs.ingestion.pull import Limits
from songs.ingestion.transport import MeteredTransport
from songs.models import (
    IngestRun,
    NewVideo,
    SearchProfile,
)
from songs.youtube import client
from tests.songs.sandboxed import KEY, NOW, PLAIN, connect, counts, methods, pull

Status = IngestRun.Status

pytestmark = pytest.mark.django_db


# --- faults


@pytest.mark.parametrize(
    "fault",
    ["rateLimitExceeded", "429", "500", "502", "503", "permission", "reset"]
    + ["html", "truncated", "empty", "errorText", "errorNullMessage"],
)
def test_fault_that_passes_is_sat_out(
    server: Server, profile: SearchProfile, fault: str
):
    server.faults = [f"{fault}@search:2-3", f"{fault}@videos:1"]
    pulled = pull(server)

    assert counts(pulled) == (180, 180, 0, 0)
    assert pulled.runs[0].calls == {"search": 6, "units": 5}


@pytest.mark.parametrize("fault", ["503", "reset", "html"])
def test_fault_that_stays_fails_the_run_and_keeps_the_pages_before(
    server: Server, profile: SearchProfile, fault: str
):
    server.faults = [f"{fault}@search:3+"]
    with pytest.raises(client.Unreachable):
        pull(server)

    assert NewVideo.objects.count() == 100
    assert methods(server)[4:] == ["search"] * 5
    run = IngestRun.objects.get()
    assert (run.status, run.new, run.calls["search"]) == (Status.FAILED, 100, 7)
    server.faults = []
    assert counts(pull(server, limits=Limits(pages=2))) == (80, 80, 0, 0)


@pytest.mark.parametrize(
    "fault", ["keyInvalid", "apiKeyInvalid", "accessNotConfigured"]
)
def test_bad_key_stops_at_once_and_is_nowhere(
    server: Server, profile: SearchProfile, fault: str, caplog
):
    server.faults = [fault]
    with pytest.raises(client.KeyRefused, match="DEVELOPER_KEY") as failure:
        pull(server)

    assert len(server.requests) == 1
    run = IngestRun.objects.get()
    assert run.status == Status.FAILED
    assert KEY not in f"{failure.getrepr(showlocals=False)}{caplog.text}{run.error}"


@pytest.mark.parametrize("fault", ["silent", "drip"])
def test_server_that_never_ends_its_answer_is_left_within_the_deadline(
    server: Server, profile: SearchProfile, fault: str
):
    pull(server, limits=Limits(pages=1))
    server.faults = [f"{fault}@search"]
    transport = connect(server, now=lambda: NOW, read_s=0.2, deadline_s=1.0)
    with pytest.raises(client.Unreachable, match="no answer in time"):
        ingest.pull(transport, limits=PLAIN)

    assert NewVideo.objects.count() == 50
    statuses = list(IngestRun.objects.values_list("status", flat=True))
    assert statuses == [Status.FAILED, Status.SUCCEEDED]


@pytest.mark.parametrize(
    ("faults", "stored", "refused"),
    [
        (["noVideoId@search:1"], 178, {"not a video": 2}),
        (["nullTitle"], 180, {}),
        (["badText"], 180, {}),
        (["hugeDescription@videos:1"], 179, {"description is longer than": 1}),
        (["hiddenLikes", "noStatistics", "noThumbnails"], 180, {}),
    ],
)
def test_odd_items_are_stored_clean_or_refused_with_a_reason(
    server: Server,
    profile: SearchProfile,
    faults: list[str],
    stored: int,
    refused: dict[str, int],
):
    server.faults = faults
    pulled = pull(server)

    assert NewVideo.objects.count() == stored
    found = {reason[:26].strip(): n for reason, n in pulled.runs[0].refused.items()}
    assert found == refused


def test_what_is_hidden_is_null(server: Server, profile: SearchProfile):
    server.faults = ["hiddenLikes", "noStatistics@sandbox0007", "noThumbnails"]
    pull(server)

    video = NewVideo.objects.get(pk="sandbox0007")
    assert (video.view_count, video.like_count) == (None, None)
    assert not NewVideo.objects.exclude(like_count=None, video_thumbnail=None).exists()


def test_same_video_twice_is_one_row(server: Server):
    server.faults = ["duplicate", "duplicateAcross"]
    pulled = pull(server)  # by four profiles

    assert len(pulled.runs) == 4
    assert NewVideo.objects.count() == 180
    assert sum(run.new for run in pulled.runs) == 180


@pytest.mark.parametrize("fault", ["tokenLoop", "tokenInvalid", "emptyPageWithToken"])
def test_page_tokens_that_lead_nowhere_end_the_search(
    server: Server, profile: SearchProfile, fault: str
):
    server.faults = [fault]
    pulled = pull(server, limits=ingest.EVERYTHING)

    assert pulled.paused is None
    profile.refresh_from_db()
    assert profile.cursor["phase"] == "new"


def test_refused_search_does_not_stop_the_others(server: Server):
    SearchProfile.objects.filter(name="instrumental").update(video_duration="tiny")
    with pytest.raises(ingest.SearchRefused, match="'instrumental'") as refusal:
        pull(server, limits=Limits(pages=1))

    assert len(refusal.value.pulled.runs) == 3
    by_status = IngestRun.objects.values_list("status", flat=True)
    assert sorted(by_status) == [Status.FAILED] + [Status.SUCCEEDED] * 3


# --- the database


def test_second_pull_at_the_same_time_does_nothing(server: Server, other_session):
    lock = other_session(IngestRun.Job.GET_NEW_VIDEOS)
    with lock, pytest.raises(AlreadyRunning):
        pull(server)
    assert server.requests == []


@pytest.fixture
def other_session(db: None) -> Iterator[Callable[[str], Any]]:
    """Holds a job's lock as another process would."""

    @contextmanager
    def hold(job: str) -> Iterator[None]:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                lock = "SELECT pg_advisory_lock(hashtext(%s))"
                cursor.execute(lock, [f"moodibeats.{job}"])
            yield
        finally:
            other.close()

    yield hold


class Watched(MeteredTransport):
    """Runs `watch` before every call."""

    def __init__(self, inner: MeteredTransport, watch: Callable[[], None]) -> None:
        super().__init__(lambda spend: inner, now=inner.now)
        self.inner, self.watch = inner, watch

    def call(self, method: str, params: Any) -> client.Item:
        self.watch()
        return super().call(method, params)


@pytest.mark.django_db(transaction=True)
def test_no_call_is_made_inside_a_transaction(server: Server):
    inside = []
    transport = Watched(
        connect(server), lambda: inside.append(connection.in_atomic_block)
    )
    ingest.pull(transport, query="rain", limits=PLAIN)

    assert inside == [False] * 8


@pytest.mark.django_db(transaction=True)
def test_database_that_goes_away_fails_the_pull_and_the_next_one_works(server: Server):
    def cut() -> None:
        if NewVideo.objects.count() == 50:
            pid = connection.connection.get_backend_pid()
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            other.close()

    with pytest.raises((DatabaseError, InterfaceError)):
        ingest.pull(Watched(connect(server), cut), query="rain", limits=PLAIN)
    connections.close_all()

    assert NewVideo.objects.count() == 50
    ingest.pull(connect(server), query="rain", limits=PLAIN)
    assert NewVideo.objects.count() == 180
    statuses = list(IngestRun.objects.values_list("status", flat=True))
    assert statuses == [Status.SUCCEEDED, Status.INTERRUPTED]
