"""The list of videos in the admin: what people see, say, and may not do."""

import pytest

from songs import labelling
from songs.labelling import SKIPPED, UNSEEN, Judgement
from songs.models import Mood, NewVideo

LIST = "/admin/songs/newvideo/"
CHILL = Judgement(Mood.CHILL, True)


def label(video, mood=Mood.CHILL):
    labelling.label(video.pk, mood, who="ann", source="admin")


def row(number, video, *, seen=UNSEEN, moods="", labeled="unknown"):
    """The fields that the browser sends for one row of the list."""
    prefix = f"form-{number}-"
    return {
        f"{prefix}video_id": video.pk,
        f"{prefix}moods": moods,
        f"{prefix}labeled": labeled,
        f"initial-{prefix}moods": seen.moods or "",
        f"initial-{prefix}labeled": "" if seen.labeled is None else str(seen.labeled),
    }


def save(client, *rows, url=LIST):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows)}
    for fields in rows:
        data |= fields
    return client.post(url, data | {"_save": "Save"})


def said(video):
    return Judgement.of(NewVideo.objects.get(pk=video.pk))


def test_list_shows_the_guess_beside_an_empty_mood(admin_client, make_video, predicted):
    make_video(**predicted(Mood.CHILL, 0.62))

    page = admin_client.get(LIST).content.decode()

    assert 'data-mood="CHILL">Chill</span> 62&nbsp;%' in page
    assert '<option value="" selected>' in page
    assert '<option value="CHILL" selected>' not in page


@pytest.mark.parametrize(
    ("seen", "moods", "labeled", "expected"),
    [
        (UNSEEN, "CHILL", "unknown", CHILL),
        (UNSEEN, "CHILL", "true", CHILL),
        (SKIPPED, "CHILL", "false", CHILL),
        (CHILL, "SAD", "true", Judgement(Mood.SAD, True)),
        (CHILL, "CHILL", "false", SKIPPED),
        (UNSEEN, "", "false", SKIPPED),
        (CHILL, "CHILL", "unknown", UNSEEN),
        (SKIPPED, "", "unknown", UNSEEN),
    ],
)
def test_list_save_follows_the_rules(
    admin_client, make_video, seen, moods, labeled, expected
):
    video = make_video()
    labelling.judge(video.pk, seen, who="ann", source="admin")

    answer = save(admin_client, row(0, video, seen=seen, moods=moods, labeled=labeled))

    assert answer.status_code == 302
    assert said(video) == expected
    assert video.labels.last().who == "root"


@pytest.mark.parametrize("seen", [UNSEEN, SKIPPED, CHILL])
def test_list_save_refuses_yes_without_a_mood(admin_client, make_video, seen):
    video, other = make_video(), make_video()
    labelling.judge(video.pk, seen, who="ann", source="admin")

    answer = save(
        admin_client,
        row(0, video, seen=seen, labeled="true"),
        row(1, other, moods="SAD"),
    )

    assert "needs a mood" in answer.content.decode()
    assert said(video) == seen
    assert said(other) == Judgement(Mood.SAD, True)
