"""Recommenders, their trained versions, and what Last.fm says of artists."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

Person = User | AnonymousUser
COLUMN = {"max_length": 500}  # the name of a column of the dataset


class RecommenderQuerySet(models.QuerySet["Recommender"]):
    def visible_to(self, person: Person) -> RecommenderQuerySet:
        """Those shared with everybody, and the person's own; a superuser sees all."""
        if person.is_superuser:
            return self
        return self.filter(Q(shared=True) | Q(owner=person.pk))

    def editable_by(self, person: Person) -> RecommenderQuerySet:
        """Those that the person may train, change and share."""
        if not person.has_perm("recommenders.add_recommender"):
            return self.none()
        return self if person.is_superuser else self.filter(owner=person.pk)


class Recommender(models.Model):
    """Who liked what in a dataset, and how to learn from it."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    dataset = models.ForeignKey(
        "datasets.Dataset", on_delete=models.CASCADE, related_name="recommenders"
    )
    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="recommenders"
    )
    shared = models.BooleanField(default=False)  # whoever may see the site may ask it
    ask_lastfm = models.BooleanField(default=False)  # items are artists; sends names
    who = models.CharField(**COLUMN)
    what = models.CharField(**COLUMN)
    how_much = models.CharField(**COLUMN, blank=True)  # "": each row counts 1
    name_column = models.CharField(**COLUMN, blank=True)  # names, where `what` is an id
    when = models.CharField(**COLUMN, blank=True)  # "": judged on a random part
    algorithm = models.CharField(max_length=40)  # of ml.recommend.algorithms.registry
    settings = models.JSONField(default=dict, blank=True)  # other than its own
    preparation = models.JSONField(default=dict, blank=True)  # other than usual
    created = models.DateTimeField(auto_now_add=True)

    objects = RecommenderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def live_version(self) -> RecommenderVersion | None:
        return self.versions.filter(live=True).first()

    def recipe(self) -> dict[str, Any]:
        """All that a version learns by, beside the rows: JSON-able, comparable."""
        return {
            "roles": {
                "who": self.who,
                "what": self.what,
                "how_much": self.how_much,
                "name_column": self.name_column,
                "when": self.when,
            },
            "algorithm": self.algorithm,
            "settings": self.settings,
            "preparation": self.preparation,
        }


class TrainingState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    FORGOTTEN = "forgotten"  # was ready: its files made room, what is known of it stays


class RecommenderVersion(models.Model):
    """One training of a recommender; its arrays lie in `folder`."""

    recommender = models.ForeignKey(
        Recommender, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()  # from 1
    dataset_version = models.ForeignKey(
        "datasets.DatasetVersion", on_delete=models.RESTRICT, related_name="+"
    )
    recipe = models.JSONField()  # Recommender.recipe() when it was asked for
    who_asked = models.CharField(max_length=150)  # a username, or the command
    force = models.TextField(blank=True)  # why it is promoted whatever the rule says
    created = models.DateTimeField(auto_now_add=True)

    state = models.CharField(
        max_length=10, choices=TrainingState.choices, default=TrainingState.WAITING
    )
    step = models.CharField(max_length=40, blank=True)  # what it does now, for people
    done = models.PositiveBigIntegerField(default=0)  # of the step
    total = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)  # why it failed
    ended = models.DateTimeField(null=True)

    report = models.JSONField(null=True)  # ml.recommend.data.interactions.Report
    evaluation = models.JSONField(
        null=True
    )  # ml.recommend.evaluation.evaluate.Evaluation
    not_judged = models.TextField(blank=True)  # why there is no evaluation
    verdict = models.JSONField(null=True)  # what the promotion rule said, and of what
    manifest = models.JSONField(
        null=True
    )  # of ml.recommend.storage.store, with SHA-256s
    live = models.BooleanField(default=False)
    promoted = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recommender", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommender", "number"], name="numbers_of_a_recommender"
            ),
            models.UniqueConstraint(
                fields=["recommender"],
                condition=Q(live=True),
                name="one_live_version_of_a_recommender",
            ),
            models.CheckConstraint(
                name="what_is_ready_has_a_manifest",
                condition=~Q(state=TrainingState.READY) | Q(manifest__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_live_is_ready",
                condition=Q(live=False) | Q(state=TrainingState.READY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommender_id}, version {self.number}"

    @property
    def folder(self) -> Path:
        """Where its files are, once it is ready."""
        return (
            Path(settings.DATA_DIR)
            / "recommenders"
            / str(self.recommender_id)
            / str(self.number)
        )

    def show(self, step: str, done: int = 0, total: int = 0) -> None:
        """Let others see how far its training is."""
        self.step, self.done, self.total = step, done, total
        self.save(update_fields=["step", "done", "total"])


class RecommenderPromotion(models.Model):
    """One change of a recommender's live version: its history, oldest first."""

    recommender = models.ForeignKey(
        Recommender, on_delete=models.CASCADE, related_name="promotions"
    )
    version = models.ForeignKey(
        RecommenderVersion, on_delete=models.CASCADE, related_name="promotions"
    )
    at = models.DateTimeField()
    who = models.CharField(max_length=150)  # a username, or the command
    reason = models.TextField()
    forced = models.BooleanField(default=False)  # against the rule
    rolled_back = models.BooleanField(default=False)  # it went back to this version

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version} {self.at:%Y-%m-%d %H:%M}"


class ArtistProfileQuerySet(models.QuerySet["ArtistProfile"]):
    def due(self, now: datetime) -> ArtistProfileQuerySet:
        """Those to ask Last.fm about, the longest wanted first."""
        return self.filter(wanted__isnull=False, not_before__lte=now).order_by("wanted")

    def fresh(self, now: datetime) -> ArtistProfileQuerySet:
        """Those that may be shown."""
        return self.filter(expires__gt=now)


class ArtistProfile(models.Model):
    """What Last.fm says of an artist, kept for a while."""

    folded = models.CharField(max_length=300, primary_key=True)  # of the name
    name = models.CharField(max_length=300)  # as it is asked for
    found = models.BooleanField(default=False)  # Last.fm knows the artist
    biography = models.TextField(blank=True)  # clean HTML
    tags = models.JSONField(default=list)
    url = models.URLField(max_length=500, blank=True)
    image = models.URLField(max_length=500, blank=True)
    fetched = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)  # null: never fetched
    wanted = models.DateTimeField(null=True)  # since when it is to be fetched
    not_before = models.DateTimeField(null=True)  # ... and not before, after a failure

    objects = ArtistProfileQuerySet.as_manager()

    class Meta:
        indexes = [
            # read by recommenders.answers.artists.fetch_wanted
            models.Index(
                fields=["wanted"],
                condition=Q(wanted__isnull=False),
                name="wanted_artist_profiles",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="wanted_profiles_say_not_before",
                condition=Q(wanted__isnull=True) | Q(not_before__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
