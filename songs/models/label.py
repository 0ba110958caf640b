"""What people say about a video: the history of labels, who is looking, suggestions."""

from __future__ import annotations

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
        SECOND = "second", "Second opinion"  # given without seeing the label
        REVERT = "revert", "Revert"

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


class LabelClaim(models.Model):
    """Who is looking at a video now, so that nobody else is asked about it."""

    video = models.OneToOneField(
        NewVideo, on_delete=models.CASCADE, primary_key=True, related_name="claim"
    )
    who = models.CharField(max_length=150)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.video_id} by {self.who} until {self.until:%H:%M:%S}"


class MoodSuggestionQuerySet(models.QuerySet["MoodSuggestion"]):
    def waiting(self) -> MoodSuggestionQuerySet:
        """Suggestions that nobody has accepted or rejected yet."""
        return self.filter(verdict=None)


class MoodSuggestion(models.Model):
    """A mood that somebody without an account proposes; it changes no label."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    video = models.ForeignKey(
        NewVideo, on_delete=models.PROTECT, related_name="suggestions", db_index=False
    )
    mood = models.CharField(max_length=15, choices=Mood)
    address = models.CharField(max_length=64)  # keyed digest, of no use to others
    day = models.DateField()  # UTC
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict, null=True)
    reviewed_by = models.CharField(max_length=150, null=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = MoodSuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # read by the review page: what waits
            models.Index(
                fields=["video"],
                condition=models.Q(verdict=None),
                name="suggestion_waiting",
            ),
            # read by GET /api/new-videos-moods/: what was accepted
            models.Index(
                fields=["video"],
                condition=models.Q(verdict="accepted"),
                name="suggestion_accepted",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "address", "day"],
                name="one_suggestion_per_video_address_day",
            ),
            models.CheckConstraint(
                name="suggested_mood_is_known", condition=Q(mood__in=Mood.values)
            ),
            models.CheckConstraint(
                name="verdict_has_a_reviewer",
                condition=Q(verdict=None, reviewed_by=None, reviewed_at=None)
                | Q(
                    verdict__isnull=False,
                    verdict__in=["accepted", "rejected"],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.mood}"
