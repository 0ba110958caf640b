"""Labelled videos and stored versions for the tests of training and promotion."""

from functools import cache
from typing import Any

from django.utils import timezone

from ml.moods import files, train
from ml.moods.files import ModelFile
from ml.moods.text import VideoText
from songs.labelling import record
from songs.models import MoodModel
from songs.predictions import predict
from tests.ml.few_fits import few_fits

WORDS = {
    "ANGRY": "furious metal rage",
    "CHILL": "calm lofi rain",
    "HAPPY": "sunny ukulele smile",
}


def label_some(make_video: Any) -> None:
    """Eight videos of each of three moods, with words that tell them apart."""
    for mood, words in WORDS.items():
        for number in range(8):
            video = make_video(
                video_description=f"{words} take{number} {mood[0]}{number}"
            )
            record.label(video.pk, mood, who="ada", source="admin")


def labelled_texts() -> tuple[list[VideoText], list[str]]:
    """Five texts of each of the three moods."""
    rows = [
        (VideoText(description=f"{words} {number}"), mood)
        for mood, words in WORDS.items()
        for number in range(5)
    ]
    return [text for text, _ in rows], [mood for _, mood in rows]


@cache
def model_file() -> ModelFile:
    with few_fits():
        return files.dump(train.train(*labelled_texts(), recipe="seed2019"))


def store(version: str, **changes: Any) -> MoodModel:
    """A version that knows the words, not live unless told."""
    predict._stored.cache_clear()  # another test may have had a version of this name
    file = model_file()
    columns = {
        "recipe": "seed2019",
        "created": timezone.now(),
        "manifest": file.manifest.to_dict(),
        "content": file.data,
    }
    return MoodModel.objects.create(version=version, **columns | changes)


def judged() -> dict[str, Any]:
    """Columns of a version with figures, as an evaluation would leave them."""
    scores = {"macro_f1": 0.41, "accuracy": 0.48}
    metrics = {
        "grouped": {
            "recipe": scores,
            "majority": {"macro_f1": 0.08, "accuracy": 0.29},
            "baselines": {"seed2019": {"macro_f1": 0.17, "accuracy": 0.31}},
        }
    }
    return {"manifest": {"n_per_mood": {"SAD": 5}, "metrics": metrics}}
