"""The review of suggestions: what is shown, who may decide, and what is refused."""

import pytest
from django.test import Client
from django.utils import timezone

from songs.labelling import record, suggestions
from songs.labelling.record import UNLABELLED, LabelState
from songs.models import Mood, MoodLabel, MoodSuggestion, NewVideo, Origin
from songs.models.video import Gone

PAGE = "/admin/songs/moodsuggestion/"


@pytest.fixture
def suggested(make_video):
    """Stores a video that people suggest these moods for."""

    def make(*moods, **columns):
        video = make_video(**columns)
        for number, mood in enumerate(moods):
            suggestions.suggest(video.pk, mood, address=f"192.0.2.{number}")
        return video

    return make


def post(client, verdict, *ticks, seen=None, last=10**9):
    """What the browser sends: the ticks, and what each row was shown with."""
    shown = {f"seen-{video.pk}": "none" for video, _ in ticks} | (seen or {})
    data = {"tick": [f"{video.pk} {mood}" for video, mood in ticks]}
    return client.post(PAGE, {"verdict": verdict, "last": last} | data | shown)


def said(video):
    return LabelState.of(NewVideo.objects.get(pk=video.pk))


def verdicts(video):
    rows = video.suggestions.order_by("id").values_list("mood", "verdict")
    return dict(rows)


def rows_of(response):
    return {row.video.pk: row for row in response.context_data["rows"]}


def test_page_shows_the_label_the_model_and_the_suggestions(
    admin_client, suggested, predicted
):
    video = suggested(Mood.SAD, Mood.SAD, Mood.CHILL, **predicted("HAPPY", 0.75))
    record.label(video.pk, "ANGRY", who="ann", source="admin")

    response = admin_client.get(PAGE)

    row = rows_of(response)[video.pk]
    assert [(line.mood, line.count) for line in row.lines] == [("SAD", 2), ("CHILL", 1)]
    assert (row.seen, row.guesses[0], len(row.guesses)) == ("ANGRY", ("HAPPY", 75), 2)
    assert response.context_data["last"] == MoodSuggestion.objects.latest("id").pk
    words = (
        "Song 1",
        video.watch_url,
        "Angry",
        "Happy",
        "75",
        "sure",
        "Sad",
        "2&nbsp;",
    )
    assert [word for word in words if word not in response.text] == []
    assert MoodSuggestion.objects.first().address not in response.text


def test_page_counts_the_addresses_of_those_who_came_back(admin_client, make_video):
    video, now = make_video(), timezone.now()
    for days in range(3):
        at = now - timezone.timedelta(days=days)
        suggestions.suggest(video.pk, Mood.SAD, address="192.0.2.1", now=at)

    assert "from 1 address," in admin_client.get(PAGE).text


def test_page_says_what_is_gone_and_links_no_sample(admin_client, suggested):
    suggested(Mood.SAD, origin=Origin.SAMPLE, video_thumbnail="https://i.ytimg.com/a")
    gone = {"gone_since": timezone.now(), "gone_why": Gone.LICENCE}
    suggested(Mood.SAD, **gone, video_title=None)
    page = admin_client.get(PAGE).text
    assert "No longer offered: no longer Creative Commons." in page
    assert ("VIDEO000002" in page, "youtube.com/watch?v=VIDEO000001" in page) == (1, 0)
    assert "i.ytimg.com" not in page


def test_page_escapes_what_youtube_said(admin_client, suggested):
    script = "<script>alert(1)</script>"
    suggested(Mood.SAD, video_title=script, channel_title=script)
    assert script not in admin_client.get(PAGE).text


@pytest.mark.parametrize("show", ["waiting", "accepted", "rejected", "", "x"])
def test_page_of_nothing_says_so(admin_client, db, show):
    page = admin_client.get(f"{PAGE}?show={show}&page=99999999999999999999&q=x").text
    assert ("No suggestion waits" in page) != ("Nothing was" in page)


def test_page_costs_the_same_for_many_videos(
    admin_client, suggested, django_assert_num_queries
):
    suggested(Mood.SAD)
    admin_client.get(PAGE)
    for _ in range(5):
        suggested(Mood.SAD, Mood.CHILL)
    bounds = 4  # of the count
    with django_assert_num_queries(6 + bounds):  # two for the session and its person
        admin_client.get(PAGE)


def test_page_holds_some_videos_and_leads_to_the_others(
    admin_client, suggested, monkeypatch
):
    monkeypatch.setattr("songs.admin.suggestions.VIDEOS_A_PAGE", 2)
    often, *_ = suggested(Mood.SAD, Mood.SAD), suggested(Mood.SAD), suggested(Mood.SAD)
    first, second = admin_client.get(PAGE), admin_client.get(f"{PAGE}?page=2")
    assert next(iter(rows_of(first))) == often.pk
    assert len(rows_of(first)) == 2
    assert len(rows_of(second)) == 1
    assert "?show=waiting&amp;page=2" in first.text


def test_accept_labels_many_videos_at_once(admin_client, suggested):
    first, second = suggested(Mood.SAD, Mood.CHILL), suggested(Mood.CHILL)

    response = post(admin_client, "accept", (first, "SAD"), (second, "CHILL"))

    assert (response.status_code, response.url) == (302, PAGE)
    assert (said(first).moods, said(second).moods) == ("SAD", "CHILL")
    assert verdicts(first) == {"SAD": "accepted", "CHILL": "rejected"}
    assert set(MoodLabel.objects.values_list("who", "source")) == {
        ("root", "suggestion")
    }
    assert "2 videos labelled, 3 suggestions settled." in admin_client.get(PAGE).text


def test_reject_settles_many_moods_and_labels_nothing(admin_client, suggested):
    video = suggested(Mood.SAD, Mood.CHILL, Mood.ANGRY)
    post(admin_client, "reject", (video, "SAD"), (video, "CHILL"))
    assert verdicts(video) == {"SAD": "rejected", "CHILL": "rejected", "ANGRY": None}
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_label_that_changed_is_a_conflict_on_its_row_alone(
    admin_client, suggested, verdict
):
    changed, other = suggested(Mood.SAD), suggested(Mood.SAD)
    record.label(changed.pk, "HAPPY", who="bob", source="admin")

    response = post(admin_client, verdict, (changed, "SAD"), (other, "SAD"))

    assert response.status_code == 200
    row = rows_of(response)[changed.pk]
    assert ("somebody changed the label" in row.error, row.seen) == (True, "HAPPY")
    assert row.error in response.text
    assert (verdicts(changed)["SAD"], verdicts(other)["SAD"]) == (None, f"{verdict}ed")
    assert said(changed) == LabelState("HAPPY", True)


def test_video_that_somebody_reviewed_meanwhile_is_named(admin_client, suggested):
    video = suggested(Mood.SAD)
    review = {"who": "bob", "expected": UNLABELLED, "shown": 10**9}
    suggestions.reject(video.pk, Mood.SAD, **review)

    response = post(admin_client, "accept", (video, "SAD"))

    assert f"{video.pk}: Not saved: somebody else has reviewed" in response.text
    assert said(video) == UNLABELLED


def test_reject_of_several_moods_settles_all_of_a_video_or_none(
    admin_client, suggested
):
    video = suggested(Mood.SAD, Mood.CHILL)
    review = {"who": "bob", "expected": UNLABELLED, "shown": 10**9}
    suggestions.reject(video.pk, Mood.CHILL, **review)

    response = post(admin_client, "reject", (video, "SAD"), (video, "CHILL"))

    assert "somebody else has reviewed this" in rows_of(response)[video.pk].error
    assert verdicts(video) == {"SAD": None, "CHILL": "rejected"}


def test_two_moods_of_a_video_cannot_both_be_accepted(admin_client, suggested):
    video = suggested(Mood.SAD, Mood.CHILL)
    response = post(admin_client, "accept", (video, "SAD"), (video, "CHILL"))
    assert "tick one mood" in rows_of(response)[video.pk].error
    assert (said(video), set(verdicts(video).values())) == (UNLABELLED, {None})


@pytest.mark.parametrize(
    ("label", "seen"),
    [(LabelState("SAD", True), "SAD"), (record.SKIPPED, "skip"), (UNLABELLED, "none")],
)
def test_review_knows_the_label_that_the_page_showed(
    admin_client, suggested, label, seen
):
    video = suggested(Mood.CHILL)
    record.set_label(video.pk, label, who="ann", source="admin")
    assert f'name="seen-{video.pk}" value="{seen}"' in admin_client.get(PAGE).text

    post(admin_client, "accept", (video, "CHILL"), seen={f"seen-{video.pk}": seen})

    assert said(video) == LabelState("CHILL", True)


def test_review_leaves_what_came_after_the_page_waiting(admin_client, suggested):
    video = suggested(Mood.SAD)
    last = MoodSuggestion.objects.get().pk
    suggestions.suggest(video.pk, Mood.CHILL, address="192.0.2.9")
    post(admin_client, "accept", (video, "SAD"), last=last)
    assert verdicts(video) == {"SAD": "accepted", "CHILL": None}


def test_review_of_too_many_or_nothing_saves_nothing(
    admin_client, suggested, monkeypatch
):
    monkeypatch.setattr("songs.admin.suggestions.MAX_AT_ONCE", 1)
    video = suggested(Mood.SAD, Mood.CHILL)
    for ticks in ([(video, "SAD"), (video, "CHILL")], []):
        post(admin_client, "reject", *ticks)
        assert "tick 1 to 1 suggestions" in admin_client.get(PAGE).text
    assert set(verdicts(video).values()) == {None}


@pytest.mark.parametrize(
    "forged",
    [
        {"verdict": "delete"},
        {"verdict": None},
        {"last": "x"},
        {"last": 10**30},
        {"last": None},
        {"tick": "VIDEO000001 SLEEPY"},
        {"tick": "VIDEO000001"},
        {"tick": "VIDEO000001 SAD \0"},
        {"tick": "NOSUCHVIDEO SAD", "seen-NOSUCHVIDEO": "none"},
        {"tick": "VIDEO\0 SAD", "seen-VIDEO\0": "none"},
        {"seen-VIDEO000001": "HAPPYISH"},
        {"seen-VIDEO000001": None},
    ],
)
def test_page_that_is_not_ours_is_a_bad_request(admin_client, suggested, forged):
    video = suggested(Mood.SAD)
    sent = {"verdict": "reject", "last": 10**9, "tick": f"{video.pk} SAD"}
    sent |= {f"seen-{video.pk}": "none"} | forged
    response = admin_client.post(
        PAGE, {name: value for name, value in sent.items() if value is not None}
    )
    assert response.status_code == 400
    assert set(verdicts(video).values()) == {None}


@pytest.mark.parametrize("show", ["accepted", "rejected"])
def test_history_shows_who_decided_and_offers_no_review(admin_client, suggested, show):
    video = suggested(Mood.SAD)
    waiting = suggested(Mood.SAD)
    post(admin_client, show.removesuffix("ed"), (video, "SAD"))

    response = admin_client.get(f"{PAGE}?show={show}")

    assert (video.pk in rows_of(response), waiting.pk in rows_of(response)) == (1, 0)
    assert "by root" in response.text
    assert 'name="verdict"' not in response.text


def test_viewer_sees_and_decides_nothing(make_user, suggested):
    video, client = suggested(Mood.SAD), Client()
    client.force_login(make_user("eve", "view_moodsuggestion"))
    page = client.get(PAGE).text
    assert "Song 1" in page
    assert 'name="verdict"' not in page
    assert post(client, "accept", (video, "SAD")).status_code == 403
    assert said(video) == UNLABELLED


def test_person_who_may_change_videos_decides(make_user, suggested):
    video, client = suggested(Mood.SAD), Client()
    client.force_login(make_user("mia", "change_newvideo"))
    assert 'name="verdict"' in client.get(PAGE).text
    post(client, "accept", (video, "SAD"))
    assert video.labels.get().who == "mia"


@pytest.mark.parametrize("rights", [[], ["view_newvideo"], ["add_newvideo"]])
def test_person_without_the_right_is_refused(make_user, suggested, rights):
    video, client = suggested(Mood.SAD), Client()
    client.force_login(make_user("eve", *rights))
    assert client.get(PAGE).status_code == 403
    assert post(client, "accept", (video, "SAD")).status_code == 403


def test_stranger_is_sent_to_the_login(client, suggested):
    video = suggested(Mood.SAD)
    assert "/admin/login/" in client.get(PAGE).url
    assert "/admin/login/" in post(client, "accept", (video, "SAD")).url
    assert said(video) == UNLABELLED


def test_review_without_csrf_token_is_refused(make_user, suggested):
    video, client = suggested(Mood.SAD), Client(enforce_csrf_checks=True)
    client.force_login(make_user("mia", "change_newvideo"))
    assert post(client, "accept", (video, "SAD")).status_code == 403
    assert said(video) == UNLABELLED


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_nobody_adds_or_deletes_a_suggestion(admin_client, suggested, path):
    suggested(Mood.SAD)
    number = MoodSuggestion.objects.get().pk
    path = PAGE + path.replace("1", str(number))
    assert admin_client.get(path).status_code == 403
    assert admin_client.post(path, {"post": "yes"}).status_code == 403
    assert MoodSuggestion.objects.exists()
    page = admin_client.get(f"{PAGE}{number}/change/").text
    assert MoodSuggestion.objects.get().address not in page
