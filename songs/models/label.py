"""The append-only history of what people said about a video."""

from django.db import models
from django.db.models import Q

from songs.models.video import Mood, NewVideo


class MoodLabel(models.Model):
    """One act of one person. The database refuses to change or delete it."""

    class Action(models.TextChoices):
        LABEL = "label", "said a mood"
        SKIP = "skip", "looked and skipped"
        CLEAR = "clear", "took the answer back"

    class Source(models.TextChoices):
        ADMIN = "admin", "Admin"
        API = "api", "API"
        IMPORT = "import", "Import"
        SUGGESTION = "suggestion", "Suggestion"

    video = models.ForeignKey(
        NewVideo, on_delete=models.PROTECT, related_name="labels", db_index=False
    )
    action = models.CharField(max_length=5, choices=Action)
    mood = models.CharField(max_length=15, choices=Mood, null=True)
    who = models.CharField(max_length=150)  # the username at that time
    source = models.CharField(max_length=10, choices=Source)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # read by the fold: the last act on each video
            models.Index(fields=["video", "at", "id"], name="label_fold"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mood_if_and_only_if_label",
                condition=Q(action="label", mood__isnull=False, mood__in=Mood.values)
                | Q(action__in=["skip", "clear"], mood__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.action} {self.mood or ''}".strip()
