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
    manifest = models.JSONField()  # ml.modelfile.Manifest, with the SHA-256 of content
    content = models.BinaryField()

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["live"], condition=Q(live=True), name="one_live_mood_model"
            ),
        ]

    def __str__(self) -> str:
        return self.version
