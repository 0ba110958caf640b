"""Suggestions as the review shows them: a row for each video, a line for each mood."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from songs.admin.labelling_acts import as_word
from songs.admin.videos import THUMBNAIL_HOST
from songs.labelling.record import Judgement
from songs.models import Mood, MoodSuggestion, NewVideo, Origin
from songs.models.video import Gone

MOODS_OF_THE_MODEL = 2
VIDEO_COLUMNS = (
    "video_id",
    "video_title",
    "channel_title",
    "video_thumbnail",
    "origin",
    "moods",
    "labeled",
    "predicted_moods",
    "mood_scores",
    "predicted_sure",
    "gone_why",
)
# What can be seen, by the word in the address; the first is shown unasked.
SHOWS = {"waiting": "Waiting", "accepted": "Accepted", "rejected": "Rejected"}


@dataclass(frozen=True, slots=True)
class Line:
    """One mood that people suggested for a video."""

    mood: Mood
    count: int
    addresses: int  # fewer than count where somebody came back on another day
    first: datetime
    last: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """A video, what is said of it, and what people suggest, most often first."""

    video: NewVideo
    lines: list[Line]
    error: str  # why the last review of it was not saved

    @property
    def judgement(self) -> Judgement:
        return Judgement.of(self.video)

    @property
    def seen(self) -> str:
        return as_word(self.judgement)

    @property
    def guesses(self) -> list[tuple[Mood, float]]:
        """The moods that the model finds likeliest, in percent."""
        scores = (self.video.mood_scores or {}).items()
        best = sorted(scores, key=lambda item: -item[1])[:MOODS_OF_THE_MODEL]
        return [(Mood(mood), 100 * probability) for mood, probability in best]

    @property
    def gone(self) -> str:
        return Gone(self.video.gone_why).label if self.video.gone_why else ""

    @property
    def on_youtube(self) -> bool:
        return self.video.origin != Origin.SAMPLE

    @property
    def picture(self) -> str:
        url = self.video.video_thumbnail or ""
        return url if self.on_youtube and url.startswith(THUMBNAIL_HOST) else ""


def groups(show: str) -> QuerySet[MoodSuggestion, dict[str, Any]]:
    """The videos of a page: most suggestions first, or the latest reviewed first."""
    videos = _shown(show).values("video")
    if show == "waiting":
        order = {"count": Count("pk"), "latest": Max("at")}
    else:
        order = {"latest": Max("reviewed_at")}
    return videos.annotate(**order).order_by(*(f"-{name}" for name in order), "video")


def rows(
    show: str, video_ids: Sequence[str], errors: dict[str, str]
) -> tuple[list[Row], int]:
    """The rows of these videos, and the greatest id among their suggestions."""
    videos = NewVideo.objects.only(*VIDEO_COLUMNS).in_bulk(video_ids)
    lines, last = defaultdict(list), 0
    for values in _lines(show, video_ids):
        last = max(last, values.pop("last_id"))
        video_id, mood = values.pop("video"), Mood(values.pop("mood"))
        lines[video_id].append(Line(mood, **values))
    found = [
        Row(videos[id_], lines[id_], errors.get(id_, ""))
        for id_ in video_ids
        if id_ in lines  # unless it was reviewed since the page was counted
    ]
    return found, last


def _lines(
    show: str, video_ids: Sequence[str]
) -> QuerySet[MoodSuggestion, dict[str, Any]]:
    return (
        _shown(show)
        .filter(video__in=video_ids)
        .values("video", "mood", "reviewed_by")
        .annotate(
            count=Count("pk"),
            addresses=Count("address", distinct=True),
            first=Min("at"),
            last=Max("at"),
            reviewed_at=Max("reviewed_at"),
            last_id=Max("pk"),
        )
        .order_by("-count", "-last", "mood")
    )


def _shown(show: str) -> QuerySet[MoodSuggestion]:
    verdict = None if show == "waiting" else show
    return MoodSuggestion.objects.filter(verdict=verdict)
