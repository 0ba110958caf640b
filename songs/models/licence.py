"""What became of the licence of a video, and what people report about it."""

from __future__ import annotations

from django.db import models

from songs.models.review import Reviewed, verdict_has_a_reviewer
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


class ContentClaim(Reviewed):
    """Somebody used the music of a video and was met with a Content ID claim."""

    video = models.ForeignKey(
        NewVideo,
        on_delete=models.PROTECT,
        related_name="content_claims",
        db_index=False,  # the constraint below begins with it
    )
    claimant = models.CharField("claimed by", max_length=200)
    details = models.TextField(blank=True)
    at = models.DateTimeField("reported")
    reviewed_at = models.DateTimeField("reviewed", null=True)

    class Meta(Reviewed.Meta):
        verbose_name = "Content ID claim"
        constraints = [
            models.UniqueConstraint(
                fields=["video", "address", "day"],
                name="one_claim_per_video_address_day",
            ),
            verdict_has_a_reviewer("claim_verdict_has_a_reviewer"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id}, reported {self.at:%Y-%m-%d}"
