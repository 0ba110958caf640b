"""What people say about a video: the history of labels, who is looking, suggestions."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from songs.models.review import Reviewed, verdict_has_a_reviewer
from songs.models.video import Mood, NewVideo


class MoodLabelQuerySet(models.QuerySet["MoodLabel"]):
    def with_taken_back(self) -> MoodLabelQuerySet:
        """With the column `taken_back`: somebody did, and nobody undid that."""
        reverts = LabelRevert.objects.filter(acts=OuterRef("pk"), undone_at=None)
        return self.annotate(taken_back=Exists(reverts))

    def standing(self) -> MoodLabelQuerySet:
        """Acts that nobody took back; the notes of reverts are not among them."""
        events = self.exclude(source=MoodLabel.Source.REVERT)
        return events.with_taken_back().filter(taken_back=False)


class MoodLabel(models.Model):
    """One label event of one person. The database refuses to change or delete it."""

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

    objects = MoodLabelQuerySet.as_manager()

    class Meta:
        indexes = [
            # read by the fold: the last event on each video
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


class LabelRevert(models.Model):
    """One person reverted label events, all at once; it can be undone, once."""

    who = models.CharField("by", max_length=150)  # the username at that time
    at = models.DateTimeField()
    # What was chosen; the events that were reverted are `acts`.
    whose = models.CharField(max_length=150)
    source = models.CharField(
        max_length=10, choices=MoodLabel.Source, null=True, blank=True
    )
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    acts = models.ManyToManyField(MoodLabel, related_name="reverts")
    undone_by = models.CharField(max_length=150, null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "revert of labels"
        verbose_name_plural = "reverts of labels"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(  # what the file of the history names it by
                fields=["who", "at", "whose"], name="one_revert_of_a_person_at_a_time"
            ),
            models.CheckConstraint(
                name="undone_by_somebody",
                condition=Q(undone_by=None, undone_at=None)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"labels of {self.whose}, taken back {self.at:%Y-%m-%d %H:%M}"


class LabelClaim(models.Model):
    """Who is looking at a video now, so that nobody else is asked about it."""

    video = models.OneToOneField(
        NewVideo, on_delete=models.CASCADE, primary_key=True, related_name="claim"
    )
    who = models.CharField(max_length=150)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.video_id} by {self.who} until {self.until:%H:%M:%S}"


class MoodSuggestion(Reviewed):
    """A mood that somebody without an account proposes; it changes no label."""

    video = models.ForeignKey(
        NewVideo, on_delete=models.PROTECT, related_name="suggestions", db_index=False
    )
    mood = models.CharField(max_length=15, choices=Mood)
    at = models.DateTimeField()

    class Meta(Reviewed.Meta):
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
            verdict_has_a_reviewer("verdict_has_a_reviewer"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.mood}"
