"""Every video has its embedding, and only what changed is embedded again."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.utils import timezone

from background.locks import AlreadyRunning, Interrupted
from ml.similar import words
from ml.similar.space import N_DIMS
from songs.ingestion import runs
from songs.labelling import record
from songs.models import IngestRun, NewVideo, VideoVector, WordSpace
from songs.predictions import predict
from songs.similar import embeddings, pgvector
from tests.songs.alike import alike, gone
from tests.waiting import wait_until

LATER = timedelta(minutes=1)


def embedded():
    return dict(VideoVector.objects.values_list("video_id", "embedding"))


def embed():
    return embeddings.embed_pending().videos


def test_embed_pending_embeds_every_offered_video_with_text(make_video):
    alike(make_video, "piano", "rain")
    make_video(**gone())
    make_video(video_title=None, video_description=None)
    assert embeddings.embed_pending() == embeddings.EmbedSummary(12, 0)
    assert len(embedded()) == 12
    vectors = np.array(list(embedded().values()))
    assert vectors.shape == (12, N_DIMS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(12), abs=1e-3)
    with connection.cursor() as cursor:
        cursor.execute(embeddings.HAS_INDEX)
        assert cursor.fetchone() == (True,)
    run = IngestRun.objects.get(job="compare_videos")
    assert (run.status, run.total, run.updated) == ("succeeded", 12, 12)


def test_embed_pending_twice_embeds_nothing_new(make_video):
    alike(make_video, "piano")
    assert (embed(), embed()) == (12, 0)


def test_embed_pending_goes_on_page_by_page_where_it_was_stopped(
    make_video, monkeypatch
):
    alike(make_video, "piano")
    monkeypatch.setattr(embeddings, "BATCH_SIZE", 5)

    def stop(n_more):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embeddings.embed_pending(progress=stop)
    assert len(embedded()) == 5
    assert embed() == 7


@pytest.mark.parametrize("column", ["text_changed", "predicted_at"])
def test_embed_pending_embeds_what_changed_again(make_video, predicted, column):
    first, *_ = alike(make_video, "piano", **predicted("SAD", 0.6))
    embed()
    before = embedded()
    NewVideo.objects.filter(pk=first.pk).update(
        video_title="Thunder", **{column: timezone.now() + LATER}
    )
    assert embed() == 1
    now = embedded()
    assert {pk for pk in now if now[pk] != before[pk]} == {first.pk}


def test_embed_pending_follows_what_people_say(make_video):
    first, *_ = alike(make_video, "piano")
    embed()
    record.label(first.pk, "SAD", who="mia", source="admin")
    assert (embed(), embed()) == (1, 0)
    record.set_label(first.pk, record.UNLABELLED, who="mia", source="admin")
    assert embed() == 1


def test_embed_pending_forgets_what_is_gone_or_blank(make_video):
    first, second, *_ = alike(make_video, "piano")
    embed()
    NewVideo.objects.filter(pk=first.pk).update(**gone())
    blank = {"video_title": None, "video_description": None, "tags": []}
    NewVideo.objects.filter(pk=second.pk).update(**blank)
    assert embeddings.embed_pending() == embeddings.EmbedSummary(0, 2)
    assert not {first.pk, second.pk} & embedded().keys()


def test_deleted_video_takes_its_vector_along(make_video):
    first, *_ = alike(make_video, "piano")
    embed()
    first.delete()
    assert len(embedded()) == 11


def test_video_that_says_nothing_has_an_empty_embedding_and_does_not_wait(make_video):
    alike(make_video, "piano")
    silent = make_video(video_title="Free Music", video_description="")
    embed()
    assert embedded()[silent.pk] is None
    assert embed() == 0


def test_space_is_fitted_anew_when_the_catalogue_has_grown_fourfold(make_video):
    make_video(video_title="Rain")
    embed()
    assert WordSpace.objects.get().n_videos == 1
    make_video(video_title="Wind")
    assert embed() == 1
    alike(make_video, "piano")
    assert embed() == 14
    assert WordSpace.objects.get().n_videos == 14


def test_space_of_another_version_is_fitted_anew(make_video, monkeypatch):
    alike(make_video, "piano")
    embed()
    monkeypatch.setattr(words, "VERSION", 0)
    assert (embed(), embed()) == (12, 0)


def test_space_of_a_large_catalogue_stays(make_video, monkeypatch):
    monkeypatch.setattr(embeddings, "MAX_FITTED", 3)
    make_video(video_title="Rain")
    embed()
    alike(make_video, "piano")
    assert embed() == 12


def test_index_is_built_without_shared_memory_where_there_is_too_little(
    make_video, monkeypatch
):
    asked = []

    def build(*settings):
        asked.append(settings)
        if not settings:
            raise OperationalError from embeddings.DiskFull()

    monkeypatch.setattr(embeddings, "_build_index", build)
    alike(make_video, "piano")
    embed()
    assert asked == [(), ("SET LOCAL max_parallel_maintenance_workers = 0",)]


def test_sigterm_stops_the_building_of_the_index(make_video, monkeypatch):
    alike(make_video, "piano")
    built = embeddings.BUILD
    monkeypatch.setattr(embeddings, "BUILD", "SELECT pg_sleep(10000)")
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(end_when_it_runs, embeddings.BUILD)
        with pytest.raises(Interrupted):
            embed()
        told.result()
    assert len(embedded()) == 12
    monkeypatch.setattr(embeddings, "BUILD", built)
    assert embed() == 0
    with connection.cursor() as cursor:
        cursor.execute(embeddings.HAS_INDEX)
        assert cursor.fetchone() == (True,)


def end_when_it_runs(query):
    """Send this process SIGTERM once the database is at the query."""

    def at_it():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE state = 'active' AND query = %s"
                " AND datname = current_database()",
                [query],
            )
            return cursor.rowcount

    with closing(connections["default"]):
        wait_until(at_it)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)


def test_embed_pending_while_another_does_it_is_refused(db, monkeypatch):
    def refuse(job):
        raise AlreadyRunning(f"{job} is already running.")

    monkeypatch.setattr(runs, "exclusive", refuse)
    with pytest.raises(AlreadyRunning, match="compare_videos"):
        embed()


def test_command_says_what_it_did(make_video, capsys):
    alike(make_video, "piano")
    call_command("compare_videos")
    assert capsys.readouterr().out == "compared 12 videos\n"


def test_command_without_pgvector_fails_and_everything_else_works(
    make_video, monkeypatch, client
):
    make_video()
    monkeypatch.setattr(pgvector, "EXTENSION", "not_on_this_server")
    with pytest.raises(CommandError, match="install pgvector"):
        call_command("compare_videos")
    assert not IngestRun.objects.exists()
    assert predict.predict_pending().videos == 1
    assert client.get("/api/videos/").status_code == 200
