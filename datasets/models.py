"""Uploaded tables and their versions; the bytes lie under DATA_DIR."""

from pathlib import Path
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from datasets import paths


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What `user` may read: the shared ones, and the own; a superuser reads all."""
        if user.is_authenticated and user.is_superuser:
            return self
        own = Q(owner_id=user.pk) if user.is_authenticated else Q()
        return self.filter(Q(shared=True) | own)

    def listed_for(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What `user` finds in lists: of others only what has a version that is ready."""
        stored = DatasetVersion.objects.ready().filter(dataset=OuterRef("pk"))
        own = Q(owner_id=user.pk) if user.is_authenticated else Q()
        return self.visible_to(user).filter(Exists(stored) | own)

    def editable_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What `user` may change, share and delete: the own; a superuser all."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class Dataset(models.Model):
    """A table under a name, private to its owner until it is shared.

    Uploaded again under the same name it gets another version.
    """

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(blank=True)
    licence_note = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="datasets"
    )
    shared = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="one_dataset_of_a_name_per_owner"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="dataset_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "DatasetVersion | None":
        """The newest version that is stored, if one is."""
        return self.versions.ready().first()


class VersionState(models.TextChoices):
    DRAFT = "draft"  # received and previewed; its owner has not had it stored yet
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class DatasetVersionQuerySet(models.QuerySet["DatasetVersion"]):
    def ready(self) -> Self:
        """Those that are stored, without the columns, which `profiles` reads."""
        return self.filter(state=VersionState.READY).defer("columns")

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.filter(dataset__in=Dataset.objects.visible_to(user))

    def light(self) -> Self:
        """Without the profiles of the columns, which are megabytes of a wide table."""
        return self.defer("columns", "refused")


class DatasetVersion(models.Model):
    """One file of a dataset: how it is read, how far that is, what came of it.

    `columns` are `datasets.parsing.columns.ColumnProfile`, `refused` is
    `datasets.parsing.rejects.Rejects`, `reading` what the reader of a published table
    dropped; `done` of `total` are per cent.
    """

    dataset = models.ForeignKey(
        Dataset, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
        db_index=True,
    )  # index: what a sweep looks for
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=100)
    problem = models.TextField(blank=True)
    file_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    dialect = models.JSONField(default=dict, blank=True)
    n_rows = models.BigIntegerField(null=True)
    n_columns = models.PositiveIntegerField(null=True)
    columns = models.JSONField(null=True)
    refused = models.JSONField(null=True)
    reading = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    stored = models.DateTimeField(null=True)

    objects = DatasetVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "number"], name="one_version_of_a_number"
            ),
            models.CheckConstraint(
                name="version_is_whole_when_ready",
                condition=~Q(state="ready")
                | Q(
                    n_rows__isnull=False,
                    n_columns__isnull=False,
                    columns__isnull=False,
                    refused__isnull=False,
                    stored__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="version_has_a_problem_only_when_failed",
                condition=Q(state="failed") ^ Q(problem=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    @property
    def folder(self) -> Path:
        return paths.root() / str(self.dataset_id) / str(self.number)

    @property
    def original(self) -> Path:
        """The file as it was sent; its own name is only in `file_name`."""
        return self.folder / "original"

    @property
    def table(self) -> Path:
        """The typed copy, in Parquet; it is there when the version is ready."""
        return self.folder / "table.parquet"
