"""The trained versions of the mood model."""

from django.db import models
from django.db.models import Q


class MoodModel(models.Model):
    """A trained version with its bytes; at most one is live.

    The bytes live here because the disk of a scheduler's machine vanishes.
    """

    version = models.CharField(max_length=60, primary_key=True)
    recipe = models.CharField(max_length=40)
    created = models.DateTimeField()
    live = models.BooleanField(default=False)
    promoted = models.DateTimeField(null=True)
    manifest = (
        models.JSONField()
    )  # ml.moods.files.Manifest, with the SHA-256 of content
    content = models.BinaryField()
    report = models.JSONField(
        null=True
    )  # ml.evaluation.report; null: imported or not judged
    held_out = models.JSONField(null=True)  # {video_id: {mood: probability}}, unseen

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["live"], condition=Q(live=True), name="one_live_mood_model"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class ModelPromotion(models.Model):
    """One change of the live model: the history of versions, oldest first."""

    model = models.ForeignKey(
        MoodModel, on_delete=models.PROTECT, null=True, related_name="promotions"
    )  # null: back to the model that ships with the project
    at = models.DateTimeField()
    who = models.CharField(max_length=150)  # a username, or the command
    reason = models.TextField()
    forced = models.BooleanField(default=False)  # against the comparison, or without
    comparison = models.JSONField(null=True)  # the paired test that decided

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.model_id or 'the shipped model'} {self.at:%Y-%m-%d %H:%M}"
