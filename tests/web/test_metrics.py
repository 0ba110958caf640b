from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from songs import metrics
from songs.ingestion import quota
from songs.models import IngestRun, Mood, MoodSuggestion, Origin, QuotaDay
from songs.tasks import predict_moods

TOKEN = "t" * 20
BEARER = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
DAY = timedelta(days=1)


@pytest.fixture
def scrape(client, db, settings):
    """What Prometheus reads: {(name, *label values): value}."""
    settings.METRICS_TOKEN = TOKEN

    def read():
        families = text_string_to_metric_families(client.get("/metrics", **BEARER).text)
        return {
            (sample.name.removeprefix("moodibeats_"), *sample.labels.values()): (
                sample.value
            )
            for family in families
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"Bearer {TOKEN}t", 403),
        (TOKEN, TOKEN, 403),
        (TOKEN, "Bearer é", 403),
        (TOKEN, None, 403),
        ("", "Bearer ", 403),
        ("", None, 403),
    ],
)
def test_metrics_are_for_who_has_the_token(client, db, settings, token, sent, status):
    settings.METRICS_TOKEN = token
    headers = {} if sent is None else {"HTTP_AUTHORIZATION": sent}
    response = client.get("/metrics/", **headers)
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"


def test_metrics_are_for_the_staff(client, make_user, django_user_model):
    client.force_login(django_user_model.objects.create_user("listener"))
    assert client.get("/metrics").status_code == 403
    client.force_login(make_user("mia"))
    assert client.get("/metrics").status_code == 200


def test_a_wrong_token_is_not_made_good_by_a_session(admin_client):
    refused = admin_client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong")
    assert refused.status_code == 403


def test_requests_are_among_the_metrics(client, scrape):
    labels = ("GET", "/api/moods/", "2xx")
    before = scrape().get(("http_requests_total", *labels), 0)
    client.get("/api/moods/")
    found = scrape()
    assert found["http_requests_total", *labels] == before + 1
    assert found["http_request_duration_seconds_count", *labels] == before + 1


def test_videos_are_counted_by_what_is_said_of_them(scrape, make_video, predicted):
    make_video(moods=Mood.CHILL, labeled=True, **predicted(Mood.SAD, 0.7))
    make_video(labeled=False)
    make_video(gone_since=timezone.now(), gone_why="licence")
    found = scrape()
    assert found["videos",] == 2
    assert found["videos_labelled", "CHILL"] == found["videos_predicted", "SAD"] == 1
    assert found["videos_skipped",] == found["videos_unpredicted",] == 1


def test_oldest_text_is_that_of_the_api(scrape, make_video):
    old, older = datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    make_video(last_fetched=old)
    make_video(last_fetched=older, origin=Origin.IMPORT)
    make_video(last_fetched=older, video_title=None, video_description=None)
    found = scrape()
    assert found["youtube_text_oldest_timestamp_seconds", "video"] == old.timestamp()


def test_jobs_tell_their_last_run_of_each_outcome(scrape):
    now = timezone.now()
    for status, days in (("failed", 3), ("failed", 2), ("succeeded", 1)):
        at = now - days * DAY
        IngestRun.objects.create(
            job="refresh_videos", status=status, started=at, ended=at
        )
    IngestRun.objects.create(job="refresh_videos", started=now)
    found = scrape()
    assert found["job_runs_total", "refresh_videos", "failed"] == 2
    assert found["job_runs_total", "get_new_videos", "failed"] == 0
    last = found["job_last_run_timestamp_seconds", "refresh_videos", "failed"]
    assert last == pytest.approx((now - 2 * DAY).timestamp())


def test_quota_tells_what_is_used_and_left(scrape):
    today = quota.pacific_day(timezone.now())
    QuotaDay.objects.create(bucket="search", day=today, used=10, exhausted=True)
    QuotaDay.objects.create(bucket="units", day=today - DAY, used=7)
    found = scrape()
    assert found["youtube_quota_used", "search"] == 10
    assert found["youtube_quota_left", "search"] == 0
    limit = settings.YOUTUBE_DAILY_LIMITS["units"]
    assert found["youtube_quota_left", "units"] == limit


def test_what_waits_is_counted(scrape, make_video):
    MoodSuggestion.objects.create(
        video=make_video(), mood="SAD", day=timezone.now(), at=timezone.now()
    )
    predict_moods.enqueue()
    found = scrape()
    assert found["suggestions_waiting",] == 1
    assert found["claims_waiting",] == found["worker_up",] == 0
    assert found["tasks", "ready"] == 1
    assert found["task_oldest_ready_timestamp_seconds",] > 0


def test_a_scrape_asks_little(scrape, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):  # seven parts, each in a bounded savepoint
        found = scrape()
    assert {value for key, value in found.items() if key[0] == "part_read"} == {1}
    assert any(key[0] == "mood_model_info" for key in found)


def test_a_part_that_takes_too_long_is_left_out(scrape, monkeypatch, bound_queries):
    def slow(now):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            bounds.append(cursor.fetchone()[0])
            cursor.execute("SET LOCAL statement_timeout = 9")  # of this part alone
            cursor.execute("SELECT pg_sleep(10000)")

    bounds = []

    parts = {"slow": slow, "next": lambda now: []}
    monkeypatch.setattr(metrics, "PARTS", parts)
    bound_queries(60_000)
    found = scrape()
    assert bounds == ["1min"]
    assert found["part_read", "slow"] == 0
    assert found["part_read", "next"] == found["database_up",] == 1


def test_without_a_database_the_rest_is_answered(scrape, monkeypatch):
    def refuse(now):
        raise OperationalError("connection to db.example failed")

    parts = {"first": refuse, "next": refuse}
    monkeypatch.setattr(metrics, "PARTS", parts)
    found = scrape()
    assert found["database_up",] == found["part_read", "first"] == 0
    assert ("part_read", "next") not in found  # each try may take seconds
    assert found["http_requests_in_progress",] >= 1
