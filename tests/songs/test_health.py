import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

import sandbox
from songs import health
from songs.labelling import record
from songs.models import Comment, IngestRun, ListedVideo, NewVideo
from songs.predictions import predict
from songs.similar import embeddings, pgvector


def findings():
    return {finding.subject: finding for finding in health.examine()}


def test_examine_names_every_subject(db):
    assert set(findings()) == {
        "database",
        "key",
        "quota search",
        "quota units",
        *IngestRun.Job.values,
        "30-day rule",
        "labels",
        "counts",
        "lists",
        "mood model",
        "similar videos",
        "new labels",
        "recommenders",
        "disk",
        "DATA_DIR",
    }


def test_examine_of_a_healthy_house_needs_nobody(db):
    assert not [finding for finding in health.examine() if finding.act]


def test_examine_asks_youtube_one_unit_for_the_key(db, settings):
    with sandbox.serve(port=0) as server:
        settings.DEVELOPER_KEY = "AIzaTest"
        settings.YOUTUBE_API_ENDPOINT = server.url
        found = findings()
    assert not found["key"].act
    assert found["quota units"].text.startswith("9999 of 10000 left until ")


def test_examine_names_a_refused_key_and_never_prints_it(db, settings):
    with sandbox.serve(port=0, faults=["apiKeyInvalid"]) as server:
        settings.DEVELOPER_KEY = "AIzaSecret"
        settings.YOUTUBE_API_ENDPOINT = server.url
        found = findings()
    assert found["key"].act
    assert "AIzaSecret" not in found["key"].text


def test_examine_in_production_wants_a_key(db, settings):
    settings.DEVELOPMENT = False
    assert findings()["key"].act


def test_examine_wants_a_job_that_went_silent(db, settings):
    with sandbox.serve(port=0) as server:
        settings.DEVELOPER_KEY = "AIzaTest"
        settings.YOUTUBE_API_ENDPOINT = server.url
        assert findings()["get_new_videos"].act
        now = timezone.now()
        IngestRun.objects.create(job="get_new_videos", started=now, status="succeeded")
        assert not findings()["get_new_videos"].act


def test_examine_counts_rows_over_25_and_30_days(make_video):
    now = timezone.now()
    make_video(last_fetched=now - timedelta(days=26))
    assert findings()["30-day rule"].text.startswith("1 rows older than 25 days, 0 ")
    make_video(last_fetched=now - timedelta(days=31))
    assert findings()["30-day rule"].act


def test_examine_counts_comments_over_30_days(make_video):
    old = timezone.now() - timedelta(days=31)
    Comment.objects.create(pk="c1", video=make_video(), text="Nice", fetched_at=old)

    found = findings()["30-day rule"]
    assert "0 and 1 comments older than 30" in found.text
    assert found.act


def test_examine_finds_a_label_without_history(make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")
    assert not findings()["labels"].act
    NewVideo.objects.update(moods="HAPPY")
    assert video.pk in findings()["labels"].text


def test_examine_finds_counts_that_are_wrong(make_video):
    make_video()
    assert findings()["counts"].text == "1 videos are offered"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE songs_videocount SET videos = 7")
    assert findings()["counts"].text.endswith("such as nothing/nothing/nothing")
    assert findings()["counts"].act


def test_examine_shows_the_digest_of_the_live_model(db):
    assert predict.live().manifest.sha256 in findings()["mood model"].text


def test_examine_finds_lists_that_were_left_behind_and_says_how_to_mend_them(
    make_video,
):
    make_video()
    make_video()
    ListedVideo.objects.filter(pk="VIDEO000001").update(video_id="NOT-OFFERED")
    found = findings()["lists"]
    assert found.act
    assert found.text.startswith("1 offered videos missing, 1 others in: ")
    with connection.cursor() as cursor:
        cursor.execute(found.text.partition(": ")[2])
    assert not findings()["lists"].act
    assert ListedVideo.objects.count() == 2


def test_examine_says_what_becomes_of_similar_videos(make_video, monkeypatch):
    make_video()
    embeddings.embed_pending()
    make_video()
    assert findings()["similar videos"].text == "pgvector is in use, 1 videos wait"
    monkeypatch.setattr(pgvector, "EXTENSION", "not_on_this_server")
    found = findings()["similar videos"]
    assert not found.act
    assert "/similar/ answers 503: pgvector is not on the server" in found.text


def test_examine_without_a_database_says_only_that(db, monkeypatch):
    def refuse(*args):
        raise OperationalError("no")

    monkeypatch.setattr(health, "MigrationExecutor", refuse)
    found = findings()
    assert set(found) == {"database", "disk", "DATA_DIR"}
    assert found["database"].act


@pytest.mark.parametrize("file_system, kept", [("ext4", True), ("tmpfs", False)])
def test_examine_says_when_data_is_not_kept(
    db, settings, tmp_path, monkeypatch, file_system, kept
):
    settings.DEVELOPMENT, settings.DATA_DIR = False, tmp_path / "a b"
    mounts = tmp_path / "mounts"
    folder = str(tmp_path).replace(" ", r"\040")
    mounts.write_text(f"/dev/x / ext4 rw 0 0\nnone {folder} {file_system} rw 0 0\n")
    monkeypatch.setattr(health, "MOUNTS", mounts)
    monkeypatch.delenv("DYNO", raising=False)

    assert findings()["DATA_DIR"].act is not kept


def test_examine_says_that_a_dyno_keeps_nothing(db, settings, monkeypatch):
    settings.DEVELOPMENT = False
    monkeypatch.setenv("DYNO", "web.1")

    assert "a new disk" in findings()["DATA_DIR"].text
    assert findings()["DATA_DIR"].act


def test_doctor_exits_with_1_when_a_person_must_act(make_video, capsys):
    make_video(last_fetched=timezone.now() - timedelta(days=31))
    with pytest.raises(SystemExit) as stop:
        call_command("doctor")
    assert stop.value.code == 1
    assert "ACT  30-day rule" in capsys.readouterr().out


def test_doctor_json_is_read_by_a_monitor(db, capsys):
    call_command("doctor", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert {"subject", "text", "act"} == set(rows[0])
