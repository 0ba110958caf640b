"""What a version of the mood model was released with, read from its manifest alone."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Max, Q, QuerySet

from ml.evaluation import wording
from ml.moods import files
from ml.moods.files import ModelFileError, read_shipped_manifest
from ml.moods.predict import BASELINE
from songs.models import MoodLabel, MoodModel, NewVideo
from songs.predictions import predict

SHIPPED_REPORT = files.SHIPPED_MANIFEST.with_name("report.json")
SHIPPED = "shipped"  # how pages address the model that ships with the project


class Pair(NamedTuple):
    """Two figures on grouped folds, 0 to 1."""

    macro_f1: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the version's recipe and of the baselines; None where they are not known."""

    n_labels: int
    recipe: Pair | None
    majority: Pair | None
    baseline: Pair | None  # the recipe of 2019; None also where it is the version's own

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> "Figures":
        """Read the fields of an ``ml.moods.files.Manifest``, whichever are there."""
        grouped = manifest.get("metrics", {}).get("grouped", {})
        return cls(
            n_labels=sum(manifest.get("n_per_mood", {}).values()),
            recipe=_pair(grouped.get("recipe")),
            majority=_pair(grouped.get("majority")),
            baseline=_pair(grouped.get("baselines", {}).get(BASELINE)),
        )


@dataclass(frozen=True, slots=True)
class Release:
    """One version, stored or shipped."""

    version: str
    address: str  # of its pages
    recipe: str
    created: datetime
    live: bool
    has_report: bool
    manifest: dict[str, Any]

    @property
    def figures(self) -> Figures:
        return Figures.of(self.manifest)

    @property
    def confidence(self) -> str:
        """When it calls itself sure, and what that is worth."""
        sure = self.manifest.get("metrics", {}).get("sure")
        return wording.confidence(sure) if sure else ""

    @classmethod
    def of(cls, row: MoodModel) -> "Release":
        """Describe a row of `stored`."""
        return cls(
            version=row.version,
            address=row.version,
            recipe=row.recipe,
            created=row.created,
            live=row.live,
            has_report=bool(row.has_report),
            manifest=row.manifest,
        )


def shipped() -> Release | None:
    """The model that ships with the project; None if its manifest is refused."""
    try:
        manifest = files.read_shipped_manifest()
    except files.ModelFileError:
        return None
    return Release(
        version=predict.shipped_name(manifest),
        address=SHIPPED,
        recipe=manifest.recipe,
        created=datetime.fromisoformat(manifest.created),
        live=not MoodModel.objects.filter(live=True).exists(),
        has_report=SHIPPED_REPORT.exists(),
        manifest=manifest.to_dict(),
    )


def shipped_report() -> dict[str, Any] | None:
    """The report that ships with the model, if there is one."""
    if not SHIPPED_REPORT.exists():
        return None
    return json.loads(SHIPPED_REPORT.read_text(encoding="utf-8"))


def live() -> Release | None:
    """The version that is live, whether or not its file may be used."""
    row = stored().filter(live=True).first()
    return Release.of(row) if row else shipped()


def every() -> list[Release]:
    """All versions, the shipped one first and then as they were trained."""
    first = shipped()
    rows = stored().order_by("created")
    return [*([first] if first else []), *(Release.of(row) for row in rows)]


def stored() -> QuerySet[MoodModel]:
    """The stored versions without what is large."""
    has_report = ExpressionWrapper(Q(report__has_key="metrics"), BooleanField())
    versions = MoodModel.objects.defer("content", "report", "held_out")
    return versions.annotate(has_report=has_report)


def _pair(scores: dict[str, Any] | None) -> Pair | None:
    return Pair(scores["macro_f1"], scores["accuracy"]) if scores else None


# A second opinion rarely changes the label, and a hundred of them are no new labels.
NEW_LABELS = Q(labels__action=MoodLabel.Action.LABEL) & ~Q(
    labels__source=MoodLabel.Source.SECOND
)


def count_new_labels() -> int:
    """Labelled videos that neither the live model nor the newest version learned from.

    A video that was labelled again since then counts, too. Of the shipped model, and of
    a version whose rows are not known, only the number of its labels counts. That the
    newest version is asked as well keeps a schedule from training every night what the
    rule has refused, or what somebody has just taken back.
    """
    versions = MoodModel.objects.only("created", "manifest", "held_out")
    labelled = dict(
        NewVideo.objects.trainable()
        .annotate(labelled_at=Max("labels__at", filter=NEW_LABELS))
        .values_list("video_id", "labelled_at")
    )
    bases = [versions.filter(live=True).first(), versions.first()]
    return min(_count_new(labelled, base) for base in bases)


def _count_new(labelled: dict[str, datetime | None], base: MoodModel | None) -> int:
    if base is None or base.held_out is None:
        return max(0, len(labelled) - _count_learned(base))
    return sum(
        video_id not in base.held_out or (at is not None and at > base.created)
        for video_id, at in labelled.items()
    )


def _count_learned(base: MoodModel | None) -> int:
    try:
        if base is None:
            return Figures.of(read_shipped_manifest().to_dict()).n_labels
    except ModelFileError:
        return 0
    return Figures.of(base.manifest).n_labels
