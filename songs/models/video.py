"""A video of the catalogue, its comments, and the querysets of both."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchVector,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Now

from songs.models.fulltext import Months, TitleWords
from songs.models.tags import LowerTag, LowerTags

TEXT_LIFETIME = timedelta(days=30)  # how long YouTube lets us keep unrefreshed text
REFRESH_AGE = timedelta(days=25)  # from then on it is fetched again, and not before


class Mood(models.TextChoices):
    HAPPY = "HAPPY", "Happy"
    IN_LOVE = "IN-LOVE", "In-Love"
    SAD = "SAD", "Sad"
    CONFIDENT_SASSY = "CONFIDENT-SASSY", "Confident-sassy"
    CHILL = "CHILL", "Chill"
    ANGRY = "ANGRY", "Angry"

    @classmethod
    def named(cls, text: str) -> Mood | None:
        """The mood of this name in any case and spelling: `IN-LOVE`, `Confident/Sassy`."""
        letters = _letters(text)
        return next((mood for mood in cls if _letters(mood) == letters), None)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


class Origin(models.TextChoices):
    """Where the text columns come from."""

    YOUTUBE = "youtube", "YouTube"
    IMPORT = "import", "Import"
    SAMPLE = "sample", "Sample"


class Gone(models.TextChoices):
    """Why a video is no longer offered."""

    UNAVAILABLE = "unavailable", "deleted or private"
    LICENCE = "licence", "no longer Creative Commons"
    EMBEDDING = "embedding", "no longer embeddable"
    SAMPLE = "sample", "a sample, replaced by real videos"


class NewVideoQuerySet(models.QuerySet["NewVideo"]):
    def newest_first(self) -> NewVideoQuerySet:
        return self.order_by(F("published_at").desc(nulls_last=True), "video_id")

    def public(self) -> NewVideoQuerySet:
        """Videos that may be offered: still there, free to use and embeddable."""
        return self.filter(gone_since=None)

    def with_tag(self, tag: str) -> NewVideoQuerySet:
        """Videos that carry this tag, whatever its case."""
        tagged = self.alias(lower_tags=LowerTags("tags"))
        return tagged.filter(lower_tags__contains=LowerTag(Value(tag)))

    def with_text(self) -> NewVideoQuerySet:
        return self.exclude(video_title=None, video_description=None)

    def labelled(self) -> NewVideoQuerySet:
        """Videos a person has given a mood."""
        return self.filter(labeled=True)

    def commented(self) -> NewVideoQuerySet:
        """Videos with comments; nobody may conclude that the others have none."""
        return self.filter(Exists(Comment.objects.filter(video=OuterRef("pk"))))

    def trainable(self) -> NewVideoQuerySet:
        """The only rows a model may learn from or be judged on."""
        return self.labelled().with_text().exclude(gone_why=Gone.SAMPLE)

    def awaiting_prediction(self, version: str) -> NewVideoQuerySet:
        """Offered videos whose present text model `version` has not scored."""
        scored = Q(predicted_by=version, predicted_at__gte=F("text_changed"))
        return self.public().with_text().exclude(scored)

    def from_api(self) -> NewVideoQuerySet:
        """Rows whose text came through the API: the 30-day clock runs for them."""
        return self.filter(origin=Origin.YOUTUBE, last_fetched__isnull=False)

    def stale(
        self, now: datetime, *, age: timedelta = TEXT_LIFETIME
    ) -> NewVideoQuerySet:
        """API rows with text that nobody has refreshed for `age`."""
        return self.from_api().with_text().filter(last_fetched__lte=now - age)


class TagVector(SearchVectorCombinable, Func):
    """The words of a JSON array of tags; immutable, where array_to_string is not."""

    template = (
        "setweight(jsonb_to_tsvector('english'::regconfig, %(expressions)s, "
        "'[\"string\"]'), 'B')"
    )
    config = None
    output_field = SearchVectorField()


class NewVideo(models.Model):
    """One Creative Commons music video. The first six columns are those of 2019.

    Only `songs.labelling.record` writes `moods` and `labeled`.
    """

    video_id = models.CharField(max_length=11, primary_key=True)
    video_title = models.TextField(null=True, blank=True)
    video_description = models.TextField(null=True, blank=True)
    moods = models.CharField("mood", max_length=15, choices=Mood, null=True, blank=True)
    labeled = models.BooleanField(
        "labelled", null=True, blank=True, help_text="No: looked at and skipped."
    )
    predicted_moods = models.CharField(
        "predicted mood", max_length=15, choices=Mood, null=True, blank=True
    )

    mood_scores = models.JSONField(null=True, blank=True)  # {mood: probability}
    predicted_sure = models.BooleanField(null=True)  # by the model's own threshold
    predicted_by = models.CharField("model version", max_length=60, null=True)
    predicted_at = models.DateTimeField(null=True)

    origin = models.CharField(max_length=7, choices=Origin)
    channel_id = models.CharField(max_length=64, null=True, blank=True)
    channel_title = models.TextField("channel", null=True, blank=True)
    published_at = models.DateTimeField("published", null=True, blank=True)
    duration = models.DurationField(null=True, blank=True)
    licence = models.CharField(max_length=20, null=True, blank=True)
    embeddable = models.BooleanField(null=True, blank=True)
    region_blocked = models.JSONField(null=True, blank=True)  # country codes
    region_allowed = models.JSONField(null=True, blank=True)  # null: everywhere
    video_thumbnail = models.URLField(max_length=500, null=True, blank=True)
    tags = models.JSONField(default=list, db_default=[], blank=True)
    topics = models.JSONField(default=list, db_default=[], blank=True)
    language = models.CharField(max_length=35, null=True, blank=True)
    view_count = models.BigIntegerField(null=True, blank=True)  # null: hidden, not 0
    like_count = models.BigIntegerField(null=True, blank=True)
    comment_count = models.BigIntegerField(null=True, blank=True)

    first_seen = models.DateTimeField(db_default=Now())
    text_changed = models.DateTimeField(db_default=Now())  # what a model would read
    last_fetched = models.DateTimeField(null=True, blank=True)  # null: never by the API
    gone_since = models.DateTimeField(null=True, blank=True)
    gone_why = models.CharField(max_length=11, choices=Gone, null=True, blank=True)
    comments_fetched = models.DateTimeField(null=True, blank=True)
    comments_disabled = models.BooleanField(null=True, blank=True)

    search = models.GeneratedField(
        expression=CombinedSearchVector(
            CombinedSearchVector(
                SearchVector("video_title", config="english", weight="A"),
                "||",
                TagVector("tags"),
                None,
            ),
            "||",
            CombinedSearchVector(
                SearchVector("channel_title", config="english", weight="B"),
                "||",
                SearchVector("video_description", config="english", weight="D"),
                None,
            ),
            None,
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = NewVideoQuerySet.as_manager()

    class Meta:
        db_table = "songs_newvideo"
        verbose_name = "video"
        indexes = [
            # read by the full-text searches of the admin and of /api/videos/, which asks
            # for words in titles and for videos of some months too (songs.browse.fulltext)
            GinIndex(
                F("search"),
                TitleWords("search"),
                Months("published_at"),
                name="video_words",
            ),
            # read by /api/videos/?has_tag=
            GinIndex(
                OpClass(LowerTags("tags"), name="jsonb_path_ops"), name="video_tags"
            ),
            # read by every newest-first list: /api/new-videos/ and the admin
            models.Index(
                F("published_at").desc(nulls_last=True), "video_id", name="video_newest"
            ),
            # read by refresh_videos and doctor: who is stale
            models.Index(fields=["last_fetched"], name="video_last_fetched"),
            # read by training, counts and the admin filter: the few labelled rows
            models.Index(
                fields=["moods"], condition=Q(labeled=True), name="video_labelled"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="video_id_is_youtube_id",
                condition=Q(video_id__regex=r"^[A-Za-z0-9_-]{11}$"),
            ),
            # A CHECK passes on NULL, so both sides spell out their nulls.
            models.CheckConstraint(
                name="mood_if_and_only_if_labelled",
                condition=Q(moods__isnull=False, labeled__isnull=False, labeled=True)
                | Q(moods__isnull=True, labeled__isnull=True)
                | Q(moods__isnull=True, labeled__isnull=False, labeled=False),
            ),
            models.CheckConstraint(
                name="moods_are_known",
                condition=Q(moods=None) | Q(moods__in=Mood.values),
            ),
            models.CheckConstraint(
                name="prediction_is_whole_or_absent",
                condition=Q(
                    predicted_moods=None,
                    mood_scores__isnull=True,  # "=None" would mean the JSON null
                    predicted_sure=None,
                    predicted_by=None,
                    predicted_at=None,
                )
                | Q(
                    predicted_moods__isnull=False,
                    predicted_moods__in=Mood.values,
                    mood_scores__isnull=False,
                    predicted_sure__isnull=False,
                    predicted_by__isnull=False,
                    predicted_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="gone_has_a_reason",
                condition=Q(gone_since=None, gone_why=None)
                | Q(gone_since__isnull=False, gone_why__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.video_title or self.video_id

    @property
    def watch_url(self) -> str:
        return f"https://www.youtube.com/watch?v={self.video_id}"

    @property
    def mood(self) -> str | None:
        """The mood to show: a person's where there is one, else the model's."""
        return self.moods or self.predicted_moods

    @property
    def mood_source(self) -> str | None:
        if self.moods:
            return "person"
        return "model" if self.predicted_moods else None


class CommentQuerySet(models.QuerySet["Comment"]):
    def stale(self, now: datetime) -> CommentQuerySet:
        """Comments that YouTube no longer lets us keep."""
        return self.filter(fetched_at__lte=now - TEXT_LIFETIME)


class Comment(models.Model):
    """One top-level YouTube comment; its text is under the 30-day clock too."""

    comment_id = models.CharField(max_length=64, primary_key=True)
    video = models.ForeignKey(
        NewVideo, on_delete=models.CASCADE, related_name="comments"
    )
    author = models.TextField(null=True)  # the display name, as YouTube shows it
    text = models.TextField()
    like_count = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            # read by refresh_videos, doctor and /metrics: the oldest texts
            models.Index(fields=["fetched_at"], name="comment_fetched"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} on {self.video_id}"


def comments_of_a_video() -> ArraySubquery:
    """The texts of the comments on each video of a query, the latest first."""
    latest = F("published_at").desc(nulls_last=True)
    comments = Comment.objects.filter(video=OuterRef("pk"))
    return ArraySubquery(comments.order_by(latest, "comment_id").values("text"))
