"""What a browser sends when people work in the admin's list of videos."""

from songs.labelling import record
from songs.labelling.record import UNLABELLED, LabelState
from songs.models import Mood, NewVideo

LIST = "/admin/songs/newvideo/"
CHILL = LabelState(Mood.CHILL, True)
INLINE = {"labels-TOTAL_FORMS": 0, "labels-INITIAL_FORMS": 0}


def label(video, mood=Mood.CHILL):
    record.label(video.pk, mood, who="ann", source="admin")


def row(number, video, *, seen=UNLABELLED, moods="", labeled="unknown"):
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
    return LabelState.of(NewVideo.objects.get(pk=video.pk))


def act(client, action, *videos, **fields):
    ticked = {"_selected_action": [video.pk for video in videos]}
    return client.post(LIST, {"action": action, "index": 0} | ticked | fields)
