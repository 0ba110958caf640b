"""The pages of the mood model: who may see and change what, and what they say."""

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from songs.admin.mood_models import views
from songs.models import ModelPromotion, MoodModel
from songs.predictions.ledger import ChangeReason
from songs.predictions.registry import mood_ledger
from tests.songs.mood_models import judged, store

LIST = "/admin/songs/moodmodel/"
ACTIONS = ["retrain/", "rollback/", "v1/promote/"]
FORCED = ChangeReason("ada", "because", forced=True)


@pytest.fixture
def client_of(make_user):
    def sign_in(*permissions, **options):
        client = Client(**options)
        client.force_login(make_user("sam", *permissions))
        return client

    return sign_in


def queued():
    return [
        (task.task_name, task.args_kwargs["args"])
        for task in DBTaskResult.objects.all()
    ]


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("path", ["", "progress/", "v1/report/", *ACTIONS])
def test_pages_are_closed_to_who_may_not_see_them(client, client_of, path):
    store("v1")
    assert client.get(LIST + path).status_code in (302, 405)
    assert client_of("view_newvideo").get(LIST + path).status_code in (403, 405)


@pytest.mark.parametrize("path", ACTIONS)
def test_actions_need_the_right_to_change(client_of, path):
    store("v1")
    response = client_of("view_moodmodel").post(LIST + path, {"reason": "x"})
    assert response.status_code == 403
    assert (mood_ledger.live_version(), queued()) == (None, [])


@pytest.mark.parametrize("path", ACTIONS)
def test_actions_need_the_token_of_the_form(client_of, path):
    store("v1")
    client = client_of("change_moodmodel", enforce_csrf_checks=True)
    assert client.post(LIST + path, {"reason": "x"}).status_code == 403
    assert (mood_ledger.live_version(), queued()) == (None, [])


def test_retrain_is_post_alone(admin_client):
    assert admin_client.get(LIST + "retrain/").status_code == 405


def test_list_shows_who_may_only_look_no_buttons(client_of):
    store("v1")
    mood_ledger.promote("v1", FORCED)
    page = client_of("view_moodmodel").get(LIST).text
    assert "v1" in page
    for action in ("Retrain", "Roll back", "All promotions"):
        assert action not in page


def test_list_shows_the_shipped_model_live_until_one_is_promoted(admin_client):
    page = admin_client.get(LIST).text
    assert "shipped-" in page
    assert "Nothing was trained here yet" in page
    assert "Roll back" not in page


def test_list_shows_figures_beside_the_baselines(admin_client):
    verdict = {"reason": "the rule says <b>"}
    store("v1", **judged(), report={"verdict": verdict}, live=True)
    page = admin_client.get(LIST).text
    assert "<b>0.410</b>" in page
    assert "majority 0.080, 2019 0.170" in page
    assert "the rule says &lt;b&gt;" in page
    assert "Shipped with the project" in page


def test_list_says_that_the_live_model_is_refused(admin_client):
    store("v1", live=True, content=b"nothing")
    page = admin_client.get(LIST).text
    assert "The mood model is refused: SHA-256" in page


def test_list_reads_neither_bytes_nor_reports(
    admin_client, django_assert_max_num_queries
):
    for number in range(5):
        store(f"v{number}", held_out={"VIDEO": {}}, report={"verdict": {}})
    with django_assert_max_num_queries(25) as queries:
        admin_client.get(LIST)
    wanted = [q["sql"] for q in queries if 'FROM "songs_moodmodel"' in q["sql"]]
    assert not any('"songs_moodmodel"."content"' in sql for sql in wanted)


def test_change_page_offers_to_promote_what_is_not_live(admin_client):
    store("v1", **judged()), store("v2", live=True)
    assert "v1/promote/" in admin_client.get(LIST + "v1/change/").text
    assert "promote/" not in admin_client.get(LIST + "v2/change/").text


def test_retrain_queues_one_training(admin_client):
    response = admin_client.post(LIST + "retrain/", follow=True)
    admin_client.post(LIST + "retrain/")
    assert queued() == [("retrain_moods", ["root"])]
    assert "No worker is running" in said(response)
    assert 'data-phase="waiting"' in response.text


def test_progress_is_json_that_nobody_keeps(admin_client):
    response = admin_client.get(LIST + "progress/")
    assert response.json() == {
        "phase": "idle",
        "text": "No training yet.",
        "done": 0,
        "total": 0,
        "under_way": False,
    }
    assert "no-store" in response["Cache-Control"]


def test_promote_by_the_rule_is_left_to_the_worker(admin_client):
    store("v1")
    admin_client.post(LIST + "v1/promote/", {"_rule": "1"})
    assert queued() == [("promote_moods", ["v1", "root"])]
    assert mood_ledger.live_version() is None


def test_promote_by_force_needs_a_reason(admin_client):
    store("v1")
    page = admin_client.post(LIST + "v1/promote/", {"reason": " "})
    assert "This field is required" in page.text
    assert mood_ledger.live_version() is None

    admin_client.post(LIST + "v1/promote/", {"reason": "it knows jazz"})
    row = ModelPromotion.objects.get()
    assert (row.model_id, row.who, row.forced) == ("v1", "root", True)
    assert queued() == [("predict_moods", [])]


def test_promote_of_a_damaged_version_says_so(admin_client):
    store("v1", content=b"nothing")
    response = admin_client.post(LIST + "v1/promote/", {"reason": "x"}, follow=True)
    assert "Nothing changed: v1 cannot be promoted" in said(response)
    assert queued() == []


def test_rollback_asks_first_and_goes_back(admin_client):
    store("v1")
    mood_ledger.promote("v1", FORCED)
    page = admin_client.get(LIST + "rollback/").text
    assert "From <b>v1</b> to <b>the model that ships with the project</b>" in page

    admin_client.post(LIST + "rollback/", {"live": "v1", "reason": "odd"})

    assert mood_ledger.live_version() is None
    assert ModelPromotion.objects.last().who == "root"
    assert queued() == [("predict_moods", [])]


def test_rollback_pressed_twice_goes_back_once(admin_client):
    store("v1"), store("v2")
    mood_ledger.promote("v1", FORCED)
    mood_ledger.promote("v2", FORCED)
    for _ in range(2):
        response = admin_client.post(
            LIST + "rollback/", {"live": "v2", "reason": "odd"}, follow=True
        )
    assert mood_ledger.live_version() == "v1"
    assert "Nothing changed: Somebody changed the live version" in said(response)


def test_rollback_with_nothing_before_says_so(admin_client):
    response = admin_client.get(LIST + "rollback/", follow=True)
    assert "No promotion can be taken back" in said(response)


def test_report_is_the_page_of_the_evaluation(admin_client, make_video, monkeypatch):
    video = make_video(video_title="<script>alert(1)</script>")
    report = {"metrics": {}, "mistakes": [{"video_id": video.pk}]}
    store("v1", report=report, live=True)
    rendered = {}

    def render(figures, versions, **options):
        names = [version["version"] for version in versions]
        rendered.update(options, figures=figures, versions=names)
        return "<!doctype html>the page"

    monkeypatch.setattr(views, "render_report", render)

    assert admin_client.get(LIST + "v1/report/").text == "<!doctype html>the page"
    assert rendered["figures"] == report
    assert rendered["titles"] == {video.pk: video.video_title}
    assert rendered["back_to"] == LIST
    assert rendered["versions"][-1] == "v1"
    assert rendered["versions"][0].startswith("shipped-")


@pytest.mark.parametrize("version", ["v1", "unknown"])
def test_report_that_is_not_there_is_404(admin_client, version):
    store("v1", report={"verdict": {}})
    assert admin_client.get(f"{LIST}{version}/report/").status_code == 404


def test_versions_are_neither_added_nor_deleted_here(admin_client):
    store("v1")
    for path in ("add/", "v1/delete/"):
        assert admin_client.post(LIST + path, {"post": "yes"}).status_code == 403
    assert MoodModel.objects.exists()
