"""Training a new version of the mood model on what people labelled.

Apart from `songs.classify`, because it takes 150 MB of libraries with it.
"""

from django.utils import timezone

from ml import evaluation, modelfile, training
from ml.text import VideoText
from songs import jobs
from songs.classify import TEXT_COLUMNS, as_text
from songs.models import IngestRun, MoodModel, NewVideo


def training_rows() -> tuple[list[VideoText], list[str]]:
    """Texts and moods of the videos that people labelled, in the order of their ids."""
    rows = (
        NewVideo.objects.trainable()
        .order_by("video_id")
        .values_list("moods", *TEXT_COLUMNS)
    )
    return [as_text(*columns) for _, *columns in rows], [row[0] for row in rows]


def evaluate(recipe: str) -> evaluation.Evaluation:
    """Judge `recipe` on today's labels; raises ml.training.TrainingError."""
    texts, labels = training_rows()
    return evaluation.evaluate(texts, labels, recipe=recipe)


def train(recipe: str) -> MoodModel:
    """Train and judge `recipe` on today's labels and store the version, not yet live.

    Raises ml.training.TrainingError; then nothing is stored.
    """
    job = IngestRun.Job.TRAIN_MOODS
    with jobs.exclusive(job), jobs.recorded(job) as run:
        texts, labels = training_rows()
        model = training.train(texts, labels, recipe=recipe)
        now = timezone.now()
        file = modelfile.dump(model, metrics=evaluate(recipe).to_dict(), created=now)
        run.found = len(texts)
        return MoodModel.objects.create(
            version=f"{recipe}-{now:%Y%m%d-%H%M%S}-{file.manifest.sha256[:8]}",
            recipe=recipe,
            created=now,
            manifest=file.manifest.to_dict(),
            content=file.data,
        )
