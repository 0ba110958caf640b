"""The catalogue: what YouTube gives, human labels, predictions."""

from songs.models.ingestion import IngestRun, QuotaDay, RefusedVideo, SearchProfile
from songs.models.label import LabelClaim, LabelRevert, MoodLabel, MoodSuggestion
from songs.models.licence import ContentClaim, LicenceChange
from songs.models.listed import ListedVideo
from songs.models.mood_model import ModelPromotion, MoodModel
from songs.models.vector import VideoVector, WordSpace
from songs.models.video import Comment, Mood, NewVideo, Origin

__all__ = [
    "Comment",
    "ContentClaim",
    "IngestRun",
    "LabelClaim",
    "LabelRevert",
    "LicenceChange",
    "ListedVideo",
    "ModelPromotion",
    "Mood",
    "MoodLabel",
    "MoodModel",
    "MoodSuggestion",
    "NewVideo",
    "Origin",
    "QuotaDay",
    "RefusedVideo",
    "SearchProfile",
    "VideoVector",
    "WordSpace",
]
