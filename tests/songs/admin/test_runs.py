"""Profiles, runs, the quota and the history in the admin: mostly to be read."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from songs.labelling import record
from songs.models import (
    Comment,
    IngestRun,
    MoodLabel,
    MoodModel,
    QuotaDay,
    RefusedVideo,
    SearchProfile,
)

PROFILES = "/admin/songs/searchprofile/"


@pytest.fixture
def profile(db):
    return SearchProfile.objects.create(name="jazz", query="jazz", cursor={"page": 3})


def choose(client, action, profile):
    return client.post(
        PROFILES,
        {"action": action, "index": 0, "_selected_action": profile.pk},
        follow=True,
    )


@pytest.fixture
def ledger(make_video, profile):
    """One row of each table that is only read: {table: row}."""
    video, now = make_video(), timezone.now()
    record.set_label(video.pk, record.SKIPPED, who="ann", source="admin")
    rows = [
        IngestRun.objects.create(job="get_new_videos", profile=profile, started=now),
        QuotaDay.objects.create(bucket="search", day="2026-01-01", used=7),
        RefusedVideo.objects.create(
            video_id="x" * 11, origin="youtube", reason="licence", refused_at=now
        ),
        MoodLabel.objects.get(),
        MoodModel.objects.create(
            version="v1", created=now, manifest={}, content=b"SECRETBYTES"
        ),
        Comment.objects.create(
            comment_id="c1", video=video, text="<b>", fetched_at=now
        ),
    ]
    return {row._meta.model_name: row for row in rows}


@pytest.mark.parametrize(
    "table",
    ["ingestrun", "quotaday", "refusedvideo", "moodlabel", "moodmodel", "comment"],
)
def test_ledger_is_read_and_never_written(admin_client, ledger, table):
    url = f"/admin/songs/{table}/"
    one = f"{url}{ledger[table].pk}/change/"

    assert [admin_client.get(path).status_code for path in (url, one)] == [200, 200]
    assert "SECRETBYTES" not in admin_client.get(one).content.decode()
    for path in (one, f"{url}add/", one.replace("change", "delete")):
        assert admin_client.post(path, {"post": "yes"}).status_code == 403


def test_profiles_show_their_last_run(admin_client, profile):
    now = timezone.now()
    for found in (1, 42):
        IngestRun.objects.create(
            job="get_new_videos", profile=profile, started=now, found=found, new=5
        )

    assert "42 videos, 5 new" in admin_client.get(PROFILES).content.decode()


def test_profile_cursor_is_read_and_reset(admin_client, profile):
    page = admin_client.get(f"{PROFILES}{profile.pk}/change/").content.decode()
    assert "&quot;page&quot;: 3" in page
    assert 'name="cursor"' not in page

    choose(admin_client, "reset_cursor", profile)

    profile.refresh_from_db()
    assert profile.cursor == {}


def test_pull_now_waits_for_a_worker_and_says_so(admin_client, profile, settings):
    settings.DEVELOPER_KEY = "AIzaTest"
    page = choose(admin_client, "pull_now", profile).content.decode()

    task = DBTaskResult.objects.get()
    assert (task.task_name, task.args_kwargs["args"]) == ("pull_profile", [profile.pk])
    assert "No worker is running" in page


def test_pull_now_without_a_key_names_the_remedy(admin_client, profile, settings):
    settings.DEVELOPER_KEY = settings.YOUTUBE_API_ENDPOINT = ""
    page = choose(admin_client, "pull_now", profile).content.decode()

    assert "Not queued: DEVELOPER_KEY is not set." in page
    assert not DBTaskResult.objects.exists()


def test_pull_now_needs_the_right_to_change(client, make_user, profile):
    client.force_login(make_user("viewer", "view_searchprofile"))

    choose(client, "pull_now", profile)

    assert not DBTaskResult.objects.exists()


def test_predict_moods_now_is_queued_once(admin_client):
    for _ in range(2):
        admin_client.post("/admin/songs/newvideo/", {"_predict": "1"})

    assert DBTaskResult.objects.get().task_name == "predict_moods"
