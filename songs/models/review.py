"""What strangers send in and a person accepts or rejects."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q


class ReviewedQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that nobody has accepted or rejected yet."""
        return self.filter(verdict=None)

    def accepted(self) -> Self:
        return self.filter(verdict=Reviewed.Verdict.ACCEPTED)


class Reviewed(models.Model):
    """One post of an address; it counts for nothing before a review accepts it."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    address = models.CharField(max_length=64)  # keyed digest, of no use to others
    day = models.DateField()  # UTC
    verdict = models.CharField(max_length=8, choices=Verdict, null=True)
    reviewed_by = models.CharField(max_length=150, null=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]


def verdict_has_a_reviewer(name: str) -> models.CheckConstraint:
    """A verdict, who gave it and when: all of them or none."""
    return models.CheckConstraint(
        name=name,
        condition=Q(verdict=None, reviewed_by=None, reviewed_at=None)
        | Q(
            verdict__isnull=False,
            verdict__in=Reviewed.Verdict.values,
            reviewed_by__isnull=False,
            reviewed_at__isnull=False,
        ),
    )
