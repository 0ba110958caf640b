"""The catalogue: what YouTube said, what people said, what a model said."""

from songs.models.ingestion import IngestRun, QuotaDay, RefusedVideo, SearchProfile
from songs.models.label import MoodLabel
from songs.models.mood_model import MoodModel
from songs.models.video import Comment, Mood, NewVideo, Origin

__all__ = [
    "Comment",
    "IngestRun",
    "Mood",
    "MoodLabel",
    "MoodModel",
    "NewVideo",
    "Origin",
    "QuotaDay",
    "RefusedVideo",
    "SearchProfile",
]
