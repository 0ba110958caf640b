"""The embedding of each video, for finding those that are like it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest, Now

from songs.models.video import NewVideo, NewVideoQuerySet


class RealField(models.FloatField):
    """Four bytes: more digits than are read of a vector."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "real"


class WordSpace(models.Model):
    """The directions that words point in; one row, or none before the first vectors."""

    features_version = models.IntegerField()  # ml.similar.words.VERSION
    n_videos = models.IntegerField()  # that it was fitted on
    content = models.BinaryField()  # of ml.similar.space.WordSpace
    made = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"of {self.n_videos} videos"


class VideoVectorQuerySet(models.QuerySet["VideoVector"]):
    def of_what_is_gone(self) -> VideoVectorQuerySet:
        """Vectors of videos that are not offered, or of which no text is kept."""
        return self.filter(
            Q(video__gone_since__isnull=False)
            | Q(video__video_title=None, video__video_description=None)
        )


class VideoVector(models.Model):
    """What `ml.similar.space` makes of a video's words and moods, and of which state.

    A plain array, so that the table can be where pgvector is not: only the index
    `video_similar`, which `songs.similar.embeddings` makes, and its reader need that.
    """

    # The migration adds the foreign key, with ON DELETE CASCADE and checked at once:
    # no index can be built while the checks of Django's own wait for the commit.
    video = models.OneToOneField(
        NewVideo,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="vector",
    )
    embedding = ArrayField(RealField(), null=True)  # null: nothing to compare by
    label = models.CharField(max_length=15)  # a person's mood that is in it, or ""
    read_at = models.DateTimeField()  # text and prediction, by the database's clock

    objects = VideoVectorQuerySet.as_manager()

    def __str__(self) -> str:
        return self.video_id


def awaiting_vector() -> NewVideoQuerySet:
    """Offered videos whose present text, prediction or label is not in their vector."""
    changed = Greatest(OuterRef("text_changed"), OuterRef("predicted_at"))
    up_to_date = VideoVector.objects.filter(
        video=OuterRef("pk"),
        read_at__gte=changed,  # PostgreSQL's greatest() passes over null
        label=Coalesce(OuterRef("moods"), Value("")),
    )
    return NewVideo.objects.public().with_text().filter(~Exists(up_to_date))
