"""The HTML pages of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from datasets.models import Dataset
from ml.moods.predict import SURE_ACCURACY
from recommenders.models import Recommender
from songs.browse import counts
from songs.ingestion import runs
from songs.models import IngestRun, Mood, NewVideo, Origin

TILES = 24
TILE_COLUMNS = (
    "video_id",
    "video_title",
    "channel_title",
    "video_thumbnail",
    "published_at",
    "origin",
    "moods",
    "predicted_moods",
    "mood_scores",
    "predicted_sure",
)  # what a tile shows, and no descriptions


@dataclass(frozen=True, slots=True)
class Tile:
    """A video of the gallery. A sample has nothing on YouTube to show or link to."""

    video: NewVideo
    mood: Mood | None
    confidence: float | None  # percent; None where a person said the mood
    picture: str | None
    link: str

    @property
    def unsure(self) -> bool:
        return self.confidence is not None and not self.video.predicted_sure

    @classmethod
    def of(cls, video: NewVideo) -> Tile:
        sample = video.origin == Origin.SAMPLE
        probability = (video.mood_scores or {}).get(video.mood)
        by_model = video.mood_source == "model" and probability is not None
        return cls(
            video,
            mood=Mood(video.mood) if video.mood else None,
            confidence=probability * 100 if by_model else None,
            picture=None if sample else video.video_thumbnail,
            link=f"/api/new-videos/{video.pk}/" if sample else video.watch_url,
        )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Links, counts and the newest videos; works without scripts and without videos."""
    anonymous = AnonymousUser()
    offered = counts.offered()
    videos = NewVideo.objects.public().newest_first().only(*TILE_COLUMNS)
    tiles = [Tile.of(video) for video in videos[:TILES]]
    pull = IngestRun.Job.GET_NEW_VIDEOS
    context = {
        "counts": offered,
        "n_datasets": Dataset.objects.listed_for(anonymous).count(),
        "n_recommenders": Recommender.objects.visible_to(anonymous).count(),
        "most": max([1, *(max(m.by_people, m.by_model) for m in offered.moods)]),
        "tiles": tiles,
        "right_where_sure": SURE_ACCURACY * 100,
        "last_pull": runs.last_good(pull) or runs.last_good(pull, origin=Origin.SAMPLE),
        "sample": any(tile.video.origin == Origin.SAMPLE for tile in tiles),
    }
    return render(request, "home/home.html", context)
