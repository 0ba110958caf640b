"""The listed copy of a video: the columns that lists filter and order by."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from songs.models.tags import LowerTag, LowerTags
from songs.models.video import Mood

CursorKey = tuple[datetime | float, str]  # the value that orders a row, and its id
UNKNOWN_DAY = datetime(1, 1, 1, tzinfo=UTC)
COLUMNS = {  # of the copy, as the database makes each from a video
    "video_id": "video_id",
    # What orders is never null, so that a cursor key is one comparison of a pair.
    "published": "coalesce(published_at, '0001-01-01 00:00:00+00')",  # or UNKNOWN_DAY
    "views": "coalesce(view_count, -1)",  # -1: not known
    "mood": "coalesce(moods, predicted_moods)",  # the one to show
    "labeled": "labeled",
    # of the model, where the mood is its own
    "confidence": "CASE WHEN moods IS NULL THEN score END",
    # orders: 1 for human labels, else the model's confidence
    "surety": "CASE WHEN moods IS NULL THEN coalesce(score, 0) ELSE 1 END",
    "channel_id": "channel_id",
    "licence": "licence",
    "language": "language",
    "seconds": "extract(epoch FROM duration)::integer",
}
FILTERS = ("published", "video", "mood", "labeled", "seconds", "language", "licence")
MIXABLE = Q(seconds__gt=0, channel_id__isnull=False)


class Shuffled(Func):
    """Scatters the ids over all 32-bit integers, each always to the same one.

    In the order of the ids themselves samples and imports would stand together.
    """

    function = "hashtext"
    output_field = models.IntegerField()


class IsAmong(Func):
    """Whether a value is one of an array."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    arity = 2
    output_field = models.BooleanField()


class ListedVideoQuerySet(models.QuerySet["ListedVideo"]):
    def labelled(self) -> ListedVideoQuerySet:
        """Videos whose mood a person gave."""
        return self.filter(labeled=True)

    def predicted(self) -> ListedVideoQuerySet:
        """Videos whose mood is the model's."""
        return self.filter(Q(labeled=None) | Q(labeled=False), mood__isnull=False)

    def at_least_confident(self, least: float) -> ListedVideoQuerySet:
        """Without the predictions of less confidence; people's moods stay."""
        return self.filter(surety__gte=least, mood__isnull=False)

    def with_ids(self, ids: list[str]) -> ListedVideoQuerySet:
        """Those of these ids, as one array: Django checks each item of `IN` twice."""
        return self.filter(
            IsAmong("video_id", Value(ids, ArrayField(models.CharField())))
        )

    def with_tag(self, tag: str) -> ListedVideoQuerySet:
        """Videos that carry this tag, whatever its case."""
        tagged = self.alias(tags=LowerTags("video__tags"))
        return tagged.filter(tags__contains=LowerTag(Value(tag)))

    def mixable(self, mood: str) -> ListedVideoQuerySet:
        """Videos of a mood whose length and channel are known, in a shuffled order."""
        some = self.filter(MIXABLE, mood=mood).alias(shuffled=Shuffled("video_id"))
        return some.order_by("shuffled", "video_id")

    def not_mixable(self, mood: str) -> ListedVideoQuerySet:
        """Videos of a mood whose length or channel is not known."""
        unknown = Q(seconds=None) | Q(seconds__lte=0) | Q(channel_id=None)
        return self.filter(unknown, mood=mood)

    def ordered(self, key: str, *, backwards: bool = False) -> ListedVideoQuerySet:
        """The greatest `key` first, of equals the greatest id; or just the reverse."""
        sign = "" if backwards else "-"
        return self.order_by(f"{sign}{key}", f"{sign}video_id")

    def beyond(
        self, cursor_key: CursorKey, key: str, *, backwards: bool = False
    ) -> ListedVideoQuerySet:
        """The rows that come after `cursor_key` in that order: one range of its index."""
        compare = GreaterThan if backwards else LessThan
        values = [
            Value(part, output_field=self.model._meta.get_field(name))
            for part, name in zip(cursor_key, (key, "video"), strict=True)
        ]
        return self.filter(compare(_row(F(key), F("video_id")), _row(*values)))


class ListedVideo(models.Model):
    """The narrow copy of an offered video. The database keeps it, nothing else does.

    An index on songs_newvideo over a column that predictions write would make each
    prediction enter all indexes of its row again, the full-text index above all. Here
    it costs a few small entries (docs/queries.md has the measurements).
    """

    video = models.OneToOneField(
        "songs.NewVideo",
        on_delete=models.DO_NOTHING,  # a trigger follows every deletion
        db_constraint=False,
        primary_key=True,
        related_name="listed",
    )
    # What they hold stands at COLUMNS.
    published = models.DateTimeField()
    views = models.BigIntegerField()
    mood = models.CharField(max_length=15, choices=Mood, null=True)
    labeled = models.BooleanField(null=True)
    confidence = models.FloatField(null=True)
    surety = models.FloatField()
    channel_id = models.CharField(max_length=64, null=True)
    licence = models.CharField(max_length=20, null=True)
    language = models.CharField(max_length=35, null=True)
    seconds = models.IntegerField(null=True)

    objects = ListedVideoQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read by /api/videos/, newest first and by views: the filters are checked
            # in the index, so that what does not match costs no look at a row.
            models.Index(fields=FILTERS, name="listed_newest"),
            models.Index(fields=["views", *FILTERS[1:]], name="listed_views"),
            # read by /api/videos/?ordering=confidence: the sort confidence
            models.Index(fields=["surety", "video", "mood"], name="listed_surety"),
            # read by /api/videos/?channel=, one of many thousands, in both orders
            models.Index(
                fields=["channel_id", "published", "video"],
                name="listed_channel_newest",
            ),
            models.Index(
                fields=["channel_id", "views", "video"], name="listed_channel_views"
            ),
            # read by /api/mix/: a few of a mood, from any position in the shuffled order;
            # the length is checked in the index
            models.Index(
                F("mood"),
                Shuffled("video_id"),
                F("video_id"),
                F("seconds"),
                name="listed_mixable",
                condition=MIXABLE,
            ),
        ]

    def __str__(self) -> str:
        return self.video_id


def sync_function() -> str:
    """The body of songs_keep_listed(), which the triggers of `songs_newvideo` call.

    A new column takes a field, its line in COLUMNS, and a migration that replaces the
    function by this text and fills the column; a test compares the two.
    """
    names = list(COLUMNS)
    made = (sql if sql == name else f"{sql} AS {name}" for name, sql in COLUMNS.items())
    _, *values = names
    return f"""
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM songs_listedvideo USING old_rows
         WHERE songs_listedvideo.video_id = old_rows.video_id;
        RETURN NULL;
    END IF;
    INSERT INTO songs_listedvideo AS l ({", ".join(names)})
    SELECT n.* FROM (
        SELECT {", ".join(made)}
          FROM (SELECT *, (mood_scores ->> predicted_moods)::float8 AS score
                  FROM new_rows WHERE gone_since IS NULL) offered
    ) n LEFT JOIN songs_listedvideo was ON was.video_id = n.video_id
     WHERE was.video_id IS NULL OR
           ({_each("was.{0}", values)}) IS DISTINCT FROM ({_each("n.{0}", values)})
    ON CONFLICT (video_id) DO UPDATE SET {_each("{0} = excluded.{0}", values)};
    DELETE FROM songs_listedvideo USING new_rows
     WHERE songs_listedvideo.video_id = new_rows.video_id
       AND new_rows.gone_since IS NOT NULL;
    RETURN NULL;
END
"""


def _each(template: str, names: list[str]) -> str:
    return ", ".join(template.format(name) for name in names)


def websearch(words: str) -> SearchQuery:
    """What people type into a search box: words, "phrases", or, -not."""
    return SearchQuery(words, config="english", search_type="websearch")


def _row(*parts: F | Value) -> Func:
    return Func(*parts, function="ROW", output_field=models.TextField())
