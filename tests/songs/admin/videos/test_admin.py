"""What people say in the admin: the rules, the right row, conflicts."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from songs.admin.videos.form import YES_NEEDS_A_MOOD
from songs.labelling import record
from songs.labelling.record import SKIPPED, UNLABELLED, LabelState
from songs.models import Mood, MoodLabel, NewVideo
from tests.songs.video_list import CHILL, INLINE, LIST, label, row, said, save


def test_list_shows_the_guess_beside_an_empty_mood(admin_client, make_video, predicted):
    make_video(**predicted(Mood.CHILL, 0.62))

    page = admin_client.get(LIST).content.decode()

    assert 'data-mood="CHILL">Chill</span> 62&nbsp;%' in page
    assert '<option value="" selected>' in page
    assert '<option value="CHILL" selected>' not in page


@pytest.mark.parametrize(
    ("seen", "moods", "labeled", "expected"),
    [
        (UNLABELLED, "CHILL", "unknown", CHILL),
        (UNLABELLED, "CHILL", "true", CHILL),
        (SKIPPED, "CHILL", "false", CHILL),
        (CHILL, "SAD", "true", LabelState(Mood.SAD, True)),
        (CHILL, "CHILL", "false", SKIPPED),
        (UNLABELLED, "", "false", SKIPPED),
        (CHILL, "CHILL", "unknown", UNLABELLED),
        (SKIPPED, "", "unknown", UNLABELLED),
    ],
)
def test_list_save_follows_the_rules(
    admin_client, make_video, seen, moods, labeled, expected
):
    video = make_video()
    record.set_label(video.pk, seen, who="ann", source="admin")

    answer = save(admin_client, row(0, video, seen=seen, moods=moods, labeled=labeled))

    assert answer.status_code == 302
    assert said(video) == expected
    assert video.labels.last().who == "root"


@pytest.mark.parametrize("seen", [UNLABELLED, SKIPPED, CHILL])
def test_list_save_refuses_yes_without_a_mood(admin_client, make_video, seen):
    video, other = make_video(), make_video()
    record.set_label(video.pk, seen, who="ann", source="admin")

    answer = save(
        admin_client,
        row(0, video, seen=seen, labeled="true"),
        row(1, other, moods="SAD"),
    )

    assert answer.context["cl"].formset.errors[0] == {"moods": [YES_NEEDS_A_MOOD]}
    assert YES_NEEDS_A_MOOD in answer.content.decode()
    assert said(video) == seen
    assert said(other) == LabelState(Mood.SAD, True)


def test_list_save_writes_only_changed_rows(admin_client, make_video):
    video, other = make_video(), make_video()
    label(other)

    save(admin_client, row(0, video, moods="SAD"), row(1, other))  # seen: unlabelled

    assert said(other) == CHILL
    assert MoodLabel.objects.count() == 2


def test_list_save_shows_a_conflict_on_its_row(admin_client, make_video):
    video, other = make_video(), make_video()
    label(video)

    answer = save(admin_client, row(0, video, moods="SAD"), row(1, other, moods="SAD"))

    page = answer.content.decode()
    assert len(answer.context["cl"].formset.errors[0]["__all__"]) == 1
    assert "It is now mood Chill; you had chosen mood Sad" in page
    assert '<option value="CHILL" selected>' in page
    assert said(video) == CHILL
    assert said(other) == LabelState(Mood.SAD, True)


def test_list_save_shows_a_conflict_that_came_at_the_last_moment(
    admin_client, make_video, monkeypatch
):
    video = make_video()
    set_label = record.set_label

    def late(video_id, judged, **how):
        set_label(video_id, CHILL, who="ann", source="admin")
        return set_label(video_id, judged, **how)

    monkeypatch.setattr(record, "set_label", late)

    page = save(admin_client, row(0, video, moods="SAD")).content.decode()

    assert "It is now mood Chill" in page
    assert said(video) == CHILL


def test_list_save_after_a_conflict_may_insist(admin_client, make_video):
    video = make_video()
    label(video)
    save(admin_client, row(0, video, moods="SAD"))

    save(admin_client, row(0, video, seen=CHILL, moods="SAD", labeled="true"))

    assert said(video) == LabelState(Mood.SAD, True)


def test_list_save_changes_the_right_row_of_a_reordered_list(admin_client, make_video):
    first, second = make_video(), make_video()
    NewVideo.objects.filter(pk=second.pk).update(published_at=timezone.now())

    save(admin_client, row(0, first, moods="SAD"), row(1, second))

    assert said(first).moods == Mood.SAD
    assert said(second) == UNLABELLED


def test_list_save_shows_refused_rows_beside_their_own_title(admin_client, make_video):
    first, second = make_video(), make_video(published_at=timezone.now())

    answer = save(admin_client, row(0, first, labeled="true"), row(1, second))

    assert answer.context["cl"].result_list == [first, second]


def test_list_save_keeps_the_filter(admin_client, make_video):
    url = f"{LIST}?labelled=unknown"

    answer = save(admin_client, row(0, make_video(), moods="SAD"), url=url)

    assert answer.url == url


@pytest.mark.parametrize("video_id", ["NOBODYKNOWS", "", "<script>"])
def test_list_save_refuses_rows_that_are_not_ours(admin_client, make_video, video_id):
    fields = row(0, make_video(), moods="SAD") | {"form-0-video_id": video_id}

    assert save(admin_client, fields).status_code == 400
    assert not MoodLabel.objects.exists()


def test_change_form_labels_and_shows_the_history(admin_client, make_video):
    video = make_video()
    label(video)
    url = f"{LIST}{video.pk}/change/"
    fields = {
        name.removeprefix("form-0-").replace("initial-form-0-", "initial-"): value
        for name, value in row(
            0, video, seen=CHILL, moods="SAD", labeled="true"
        ).items()
    }

    answer = admin_client.post(url, fields | INLINE)

    assert answer.status_code == 302
    assert said(video) == LabelState(Mood.SAD, True)
    assert "ann" in admin_client.get(url).content.decode()


def test_change_form_shows_a_conflict(admin_client, make_video):
    video = make_video()
    label(video)
    fields = {
        "moods": "SAD",
        "labeled": "unknown",
        "initial-moods": "",
        "initial-labeled": "",
    }

    answer = admin_client.post(f"{LIST}{video.pk}/change/", fields | INLINE)

    assert "It is now mood Chill" in answer.content.decode()
    assert said(video) == CHILL


def test_change_form_edits_nothing_but_the_label(admin_client, make_video):
    video = make_video()

    admin_client.post(
        f"{LIST}{video.pk}/change/",
        INLINE | {"moods": "SAD", "video_title": "Mine", "origin": "import"},
    )

    video.refresh_from_db()
    assert (video.moods, video.video_title, video.origin) == (
        "SAD",
        "Song 1",
        "youtube",
    )


def test_change_form_leaves_no_title_in_the_log(admin_client, make_video):
    video = make_video()

    admin_client.post(f"{LIST}{video.pk}/change/", INLINE | {"moods": "SAD"})

    assert said(video) == LabelState(Mood.SAD, True)
    assert not LogEntry.objects.exists()
