"""Labels taken back: the acts stay in the history and count no more."""

from django.db import models
from django.db.models import Q

from songs.models.label import MoodLabel


class LabelRevert(models.Model):
    """One person took back acts, all in one go; it can be undone, once."""

    who = models.CharField("by", max_length=150)  # the username at that time
    at = models.DateTimeField()
    # What was chosen. What was taken back are the acts themselves.
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
