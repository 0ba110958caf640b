"""What became of the licence of a video, and what people report about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from songs.models.video import Gone, NewVideo


class LicenceChange(models.Model):
    """A change of what YouTube said of a video; the database itself writes the row.

    Its trigger `keep_licence_change` sees every writer of the columns, and costs
    nothing where they stay as they are. `None` is "not known": never said, or no
    longer kept.
    """

    video = models.ForeignKey(
        NewVideo,
        on_delete=models.CASCADE,
        related_name="licence_changes",
        db_index=False,
    )
    at = models.DateTimeField()
    licence_was = models.CharField(max_length=20, null=True)
    licence = models.CharField(max_length=20, null=True)
    embeddable_was = models.BooleanField(null=True)
    embeddable = models.BooleanField(null=True)
    gone_was = models.CharField(max_length=11, choices=Gone, null=True)
    gone = models.CharField(max_length=11, choices=Gone, null=True)
    verified_was = models.DateTimeField(null=True)  # when YouTube last said the licence

    class Meta:
        indexes = [
            # read by the licence passport: what became of one video
            models.Index(fields=["video", "at", "id"], name="licence_history"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.at:%Y-%m-%d %H:%M}"


class ContentClaimQuerySet(models.QuerySet["ContentClaim"]):
    def waiting(self) -> ContentClaimQuerySet:
        """Reports that nobody has accepted or rejected yet."""
        return self.filter(verdict=None)

    def accepted(self) -> ContentClaimQuerySet:
        return self.filter(verdict=ContentClaim.Verdict.ACCEPTED)


class ContentClaim(models.Model):
    """Somebody used the music of a video and was met with a Content ID claim."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    video = models.ForeignKey(
        NewVideo,
        on_delete=models.PROTECT,
        related_name="content_claims",
        db_index=False,  # the constraint below begins with it
    )
    claimant = models.CharField("claimed by", max_length=200)
    details = models.TextField(blank=True)
    address = models.CharField(max_length=64)  # keyed digest, of no use to others
    day = models.DateField()  # UTC
    at = models.DateTimeField("reported")
    verdict = models.CharField(max_length=8, choices=Verdict, null=True)
    reviewed_by = models.CharField(max_length=150, null=True)
    reviewed_at = models.DateTimeField("reviewed", null=True)

    objects = ContentClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "Content ID claim"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "address", "day"],
                name="one_claim_per_video_address_day",
            ),
            models.CheckConstraint(
                name="claim_verdict_has_a_reviewer",
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
        return f"{self.video_id}, reported {self.at:%Y-%m-%d}"
