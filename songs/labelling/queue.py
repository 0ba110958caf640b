"""The queue of the labelling page: which videos a person is shown, in which order.

Orders by a score rank a random pool of at most POOL_SIZE videos, so that a batch takes
the same time whether the catalogue has ten thousand videos or a million.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, models
from django.db.models import Count, Exists, OuterRef
from django.db.models.expressions import RawSQL

from ml.labelling.active_learning import (
    LabelledCounts,
    disagreement,
    most_useful,
    title_words,
    uncertainty,
    weakness,
)
from ml.moods import files
from ml.moods.recipe import MOODS, Floats
from songs.labelling import assignments, record
from songs.models import MoodLabel, MoodModel, NewVideo
from songs.models.video import NewVideoQuerySet

BATCH_SIZE = 20
POOL_SIZE = 10_000
TRIES = 3  # when others claim the same videos in the same moment

SAMPLE = "SELECT video_id FROM songs_newvideo TABLESAMPLE SYSTEM (%s)"
LIKENESS = ("video_title", "tags", "channel_id", "channel_title")
N_ROWS = "SELECT reltuples FROM pg_class WHERE oid = 'songs_newvideo'::regclass"


class QueueOrder(models.TextChoices):
    """The orders of the page; the value is a parameter of its address."""

    NEWEST = "newest", "Newest"
    UNSURE = "unsure", "Most unsure"
    USEFUL = "useful", "Most useful"
    WEAK = "weak", "Weak moods first"
    MISLABELLED = "mislabelled", "Probably mislabelled"
    SECOND = "second", "Second opinion"


DEFAULT_ORDER = QueueOrder.NEWEST  # no other saved labels: docs/labelling.md


class QueueQuery(NamedTuple):
    """Who wants how many videos, and among which."""

    who: str
    n: int
    among: Collection[str] | None = None  # None: all that nobody has claimed
    without: Collection[str] = ()

    def of(self, videos: NewVideoQuerySet) -> NewVideoQuerySet:
        """Those of `videos` that may be shown."""
        offered = videos.public().with_text().exclude(pk__in=self.without)
        if self.among is None:
            return offered.exclude(assignments.is_claimed())
        return offered.filter(pk__in=self.among)


def next_batch(
    order: str, *, who: str, n: int = BATCH_SIZE, without: Collection[str] = ()
) -> list[str]:
    """Claim up to `n` videos that nobody has claimed; returns their ids in order.

    Those of `without` are left out. Empty when the order has no more.
    """
    assignments.forget_ended()
    for _ in range(TRIES):
        found = ORDERS[order](QueueQuery(who, n, without=without))
        claimed = assignments.claim(found, who=who)
        if claimed or not found:
            return [video_id for video_id in found if video_id in claimed]
    return []


def claimed_batch(order: str, *, who: str, without: Collection[str] = ()) -> list[str]:
    """The videos that `who` has claimed and may still be asked about, as claimed."""
    if not (mine := assignments.claimed_by(who)):
        return []
    found = ORDERS[order](QueueQuery(who, len(mine), among=mine, without=without))
    return [video_id for video_id in mine if video_id in found]


def held_out_scores() -> dict[str, dict[str, float]]:
    """What models that had not seen a video say of it, by its id.

    Empty where the live version has none, as the one that ships with the project.
    """
    live = MoodModel.objects.filter(live=True).values_list("held_out", flat=True)
    return live.first() or {}


def _newest(query: QueueQuery) -> list[str]:
    waiting = query.of(NewVideo.objects.filter(labeled=None)).newest_first()
    return list(waiting.values_list("pk", flat=True)[: query.n])


def _most_unsure(query: QueueQuery) -> list[str]:
    pool, probabilities = _pool(query)
    return _highest(pool, uncertainty(probabilities), query.n)


def _weak_first(query: QueueQuery) -> list[str]:
    pool, probabilities = _pool(query)
    return _highest(pool, weakness(probabilities, _f1_of_moods()), query.n)


def _most_useful(query: QueueQuery) -> list[str]:
    known = LabelledCounts()
    labelled = NewVideo.objects.labelled().values_list(*LIKENESS)[:POOL_SIZE]
    for texts in labelled:
        known.add(*_likeness(*texts))
    pool, probabilities = _pool(query, *LIKENESS)
    likenesses = [_likeness(*texts) for _, _, *texts in pool]
    chosen = most_useful(
        uncertainty(probabilities),
        [words for words, _ in likenesses],
        [channel for _, channel in likenesses],
        known=known,
        n=query.n,
    )
    return [pool[i][0] for i in chosen]


def _probably_mislabelled(query: QueueQuery) -> list[str]:
    """Labels that the live version's unseen predictions contradict, not yet reviewed.

    A decision after the training began has answered the model's doubt.
    """
    live = MoodModel.objects.filter(live=True).only("held_out", "created").first()
    if live is None or not live.held_out:
        return []
    events = MoodLabel.objects.standing()
    decided = events.filter(video=OuterRef("pk"), at__gte=live.created)
    reviewed = Exists(decided.exclude(source=MoodLabel.Source.SECOND))
    doubtful = NewVideo.objects.labelled().filter(pk__in=live.held_out)
    rows = list(query.of(doubtful).exclude(reviewed).values_list("pk", "moods"))
    codes = np.array([MOODS.index(mood) for _, mood in rows], dtype=np.int64)
    scores = disagreement(_as_array(live.held_out[pk] for pk, _ in rows), codes)
    n_contradicted = int((scores > 0).sum())
    return _highest(rows, scores, min(query.n, n_contradicted))


def _second_opinion(query: QueueQuery) -> list[str]:
    waiting = query.of(record.awaiting_second_opinion(query.who))
    return list(waiting.values_list("pk", flat=True)[: query.n])


ORDERS: dict[str, Callable[[QueueQuery], list[str]]] = {
    QueueOrder.NEWEST: _newest,
    QueueOrder.UNSURE: _most_unsure,
    QueueOrder.USEFUL: _most_useful,
    QueueOrder.WEAK: _weak_first,
    QueueOrder.MISLABELLED: _probably_mislabelled,
    QueueOrder.SECOND: _second_opinion,
}


def _pool(query: QueueQuery, *columns: str) -> tuple[list[tuple[Any, ...]], Floats]:
    """Unlabelled videos that a model has scored (id, scores, columns), and the scores.

    A sample in which too few are unlabelled is drawn again, larger.
    """
    scored = NewVideo.objects.filter(labeled=None, mood_scores__isnull=False)
    found = query.of(scored).values_list("pk", "mood_scores", *columns)
    if query.among is not None:
        rows = list(found)
        return rows, _as_array(row[1] for row in rows)
    percent = min(100.0, 100 * POOL_SIZE / _n_videos())
    while True:
        sampled = found.filter(pk__in=RawSQL(SAMPLE, [percent]))
        rows = list(sampled[:POOL_SIZE])
        if len(rows) >= query.n or percent == 100:
            return rows, _as_array(row[1] for row in rows)
        percent = min(100.0, 10 * percent)


def _n_videos() -> float:
    """About how many videos there are, at least 1; a new table is not yet known."""
    with connection.cursor() as cursor:
        cursor.execute(N_ROWS)
        return max(1.0, cursor.fetchone()[0])


def _likeness(
    title: str | None, tags: list[str], channel_id: str | None, channel: str | None
) -> tuple[frozenset[str], str]:
    """The words and the channel by which a video is like another."""
    return title_words([title or "", *tags]), channel_id or channel or ""


def _f1_of_moods() -> dict[str, float]:
    """How well the live model finds each mood, as it was judged before its release.

    Where that is unknown, each mood's share of the labels of the most frequent one.
    """
    if f1 := _live_metrics().get("grouped", {}).get("recipe", {}).get("f1"):
        return f1
    labelled = NewVideo.objects.labelled().values_list("moods")
    counts = dict(labelled.annotate(videos=Count("pk")).order_by())
    return {mood: n / max(counts.values()) for mood, n in counts.items()}


def _live_metrics() -> dict[str, Any]:
    live = MoodModel.objects.filter(live=True).values_list("manifest", flat=True)
    if manifest := live.first():
        return manifest["metrics"]
    try:
        return files.read_shipped_manifest().metrics
    except files.ModelFileError:  # the orders need it least of all
        return {}


def _as_array(scores: Iterable[dict[str, float]]) -> Floats:
    rows = [[by_mood.get(mood, 0.0) for mood in MOODS] for by_mood in scores]
    return np.array(rows, dtype=np.float64).reshape(-1, len(MOODS))


def _highest(rows: Sequence[tuple[Any, ...]], scores: Floats, n: int) -> list[str]:
    """The ids, which come first in the rows, of the `n` highest scores."""
    return [rows[i][0] for i in np.argsort(-scores, kind="stable")[:n]]
