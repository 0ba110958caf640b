"""What the labelling page shows of a video, as values for JSON."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Left

from songs.admin.labelling_acts import as_word
from songs.admin.videos import THUMBNAIL_HOST
from songs.labelling.queue import Order, held_out_scores
from songs.labelling.record import UNSEEN, Judgement
from songs.models import Mood, NewVideo, Origin

DESCRIPTION_LENGTH = 5_000  # YouTube's own limit; imported ones may be longer
COLUMNS = (
    "video_id",
    "video_title",
    "channel_title",
    "published_at",
    "duration",
    "video_thumbnail",
    "origin",
    "moods",
    "labeled",
    "mood_scores",
    "predicted_sure",
)

PLAYER_HOST = "https://www.youtube-nocookie.com"

Scores = dict[str, float]


def cards(video_ids: Sequence[str], order: str) -> list[dict[str, Any]]:
    """The videos in the order of their ids; one that is gone meanwhile is left out."""
    videos = NewVideo.objects.only(*COLUMNS).annotate(
        text=Left("video_description", DESCRIPTION_LENGTH)
    )
    found = videos.in_bulk(list(video_ids))
    unseen = held_out_scores() if order == Order.MISLABELLED else {}
    return [
        _card(found[video_id], order, unseen.get(video_id))
        for video_id in video_ids
        if video_id in found
    ]


def _card(video: NewVideo, order: str, unseen: Scores | None) -> dict[str, Any]:
    blind = order == Order.SECOND  # also the hint: the model has learned from the label
    sample = video.origin == Origin.SAMPLE
    said = UNSEEN if blind else Judgement.of(video)
    scores = {} if blind else unseen or video.mood_scores or {}
    player = None
    if settings.ALLOW_YOUTUBE_PLAYER and not sample:
        player = f"{PLAYER_HOST}/embed/{video.pk}"
    return {
        "id": video.pk,
        "title": str(video),
        "channel": video.channel_title or "",
        "facts": _facts(video),
        "description": (video.text or "").strip(),
        "link": None if sample else video.watch_url,
        "picture": None if sample else _picture(video),
        "player": player,
        "label": as_word(said),
        "label_name": said.mood.label if said.mood else "",
        "hint": _top_two(scores),
        "sure": bool(video.predicted_sure) and not unseen,
    }


def _top_two(scores: Scores) -> list[dict[str, Any]]:
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return [
        {"mood": mood, "label": Mood(mood).label, "percent": round(100 * score)}
        for mood, score in best
    ]


def _picture(video: NewVideo) -> str:
    """Imported videos have no address of a picture; YouTube has one for each video."""
    url = video.video_thumbnail or ""
    if url.startswith(THUMBNAIL_HOST):
        return url
    return f"{THUMBNAIL_HOST}vi/{video.pk}/mqdefault.jpg"


def _facts(video: NewVideo) -> str:
    """How long the video is and since when it is on YouTube, where that is known."""
    facts = []
    if video.duration is not None:
        minutes, seconds = divmod(video.duration // timedelta(seconds=1), 60)
        facts.append(f"{minutes}:{seconds:02}")
    if video.published_at:
        facts.append(f"{video.published_at:%b %Y}")
    return " · ".join(facts)
