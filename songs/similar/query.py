"""Finds the videos that are like a video: by its words and its moods.

The index names the nearest, and of those are chosen what somebody wants to hear: at
most two of a channel and no track twice, each with what brings it here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Left

from ml.moods.recipe import Floats
from ml.moods.text import VideoText
from ml.similar.duplicates import Track, same_track
from ml.similar.words import (
    DESCRIPTION_CHARS,
    mood_closeness,
    mood_mix,
    shared_words,
    weigh_words,
)
from songs.browse.fetch import Values, fetch
from songs.browse.queries import bounded
from songs.models import NewVideo
from songs.predictions.predict import as_text
from songs.similar import pgvector
from songs.similar.pgvector import EMBEDDING

MOST = 50  # neighbours
MAX_OF_A_CHANNEL = 2
MAX_WORDS = 5  # of a reason
NEAREST = 100  # that the index names at a time
EF_SEARCH = 200  # entries that the index visits: recall@10 is .96 and more
ROUNDS = 3  # of asking it, where too many are tracks or channels already named
READ_AT_ONCE = 20  # of them, the nearest first

SEARCH = f"""
    SELECT set_config('hnsw.ef_search', '{EF_SEARCH}', true),
           set_config('hnsw.iterative_scan', 'strict_order', true)"""
NEAR = f"""
    SELECT video_id, {EMBEDDING} <=> (
        SELECT {EMBEDDING} FROM songs_videovector WHERE video_id = %(seed)s) AS distance
      FROM songs_videovector n
     WHERE {{others}} video_id <> %(seed)s AND embedding IS NOT NULL
     ORDER BY distance LIMIT {NEAREST}"""
OTHERS = """
    video_id <> ALL(%(seen)s) AND (
        SELECT coalesce(channel_id, '') FROM songs_newvideo v
         WHERE v.video_id = n.video_id) <> ALL(%(full)s) AND"""


class NotEmbedded(Exception):
    """This video has no embedding: not yet, or without text never."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A video that is like another, and why."""

    video_id: str
    similarity: float  # cosine of the vectors, at most 1
    words: list[str]  # that both have, the strongest first
    mood_closeness: float | None  # 0 to 1; None: the moods of one are not known


@dataclass(frozen=True, slots=True)
class Candidate:
    """A video as far as choosing needs it."""

    video_id: str
    channel: str | None
    track: Track
    text: VideoText
    scores: dict[str, float] | None
    label: str | None

    @property
    def moods(self) -> Floats:
        return mood_mix(self.scores, self.label)


def find(video_id: str, *, n: int) -> list[Neighbour]:
    """Name the `n` videos most like this one, the most similar first, or all there are.

    Raises pgvector.NoPgvector, NotEmbedded and QueryTooSlow.
    """
    with bounded():
        if (support := pgvector.support()) is not pgvector.VectorSupport.READY:
            raise pgvector.NoPgvector(support)
        embedded = {"vector__embedding__isnull": False}
        if (seed := next(_read([video_id], **embedded), None)) is None:
            raise NotEmbedded(video_id)
        return _explained(seed, islice(_chosen(seed), n))


def _chosen(seed: Candidate) -> Iterator[tuple[Candidate, float]]:
    """The videos that pass, with their similarity, the most similar first."""
    channels: Counter[str] = Counter()
    tracks = [seed.track]
    for video, similarity in _nearest(seed.video_id, channels):
        full = video.channel and channels[video.channel] >= MAX_OF_A_CHANNEL
        if full or any(same_track(video.track, track) for track in tracks):
            continue
        tracks.append(video.track)
        if video.channel:
            channels[video.channel] += 1
        yield video, similarity


def _nearest(
    video_id: str, channels: Counter[str]
) -> Iterator[tuple[Candidate, float]]:
    """Offered videos, the nearest first; `channels` grows while they are chosen."""
    seen: list[str] = []
    for _ in range(ROUNDS):
        full = [name for name, n in channels.items() if n >= MAX_OF_A_CHANNEL]
        near = dict(_near(video_id, seen, full))
        seen += near
        ids = iter(near)
        while some := list(islice(ids, READ_AT_ONCE)):
            read = {video.video_id: video for video in _read(some)}
            yield from ((read[id_], near[id_]) for id_ in some if id_ in read)
        if len(near) < NEAREST:
            return


def _near(video_id: str, seen: list[str], full: list[str]) -> list[tuple[str, float]]:
    """The nearest but those seen already, and those of channels that have enough."""
    query = f"{SEARCH}; {NEAR.format(others=OTHERS if seen else '')}"  # one message
    params = {"seed": video_id, "seen": seen, "full": full}
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    # No distance: the embedding of the seed went a moment ago.
    return [(near, 1 - distance) for near, distance in rows if distance is not None]


@cache  # to look up the names takes as long as to read the rows
def _readable() -> QuerySet[NewVideo, Values]:
    """The videos that are offered and have a text, with what choosing needs."""
    videos = NewVideo.objects.public().with_text()
    return videos.values_list(
        "video_id",
        "channel_id",
        "duration",
        "mood_scores",
        "moods",
        "video_title",
        Left("video_description", DESCRIPTION_CHARS),
        "tags",
    )


def _read(video_ids: list[str], **conditions: bool) -> Iterator[Candidate]:
    """Those of the videos that are offered, in no order."""
    rows = fetch(_readable().filter(pk__in=video_ids, **conditions))
    for video_id, channel, duration, scores, label, *text in rows:
        words = as_text(*text, channel=None)
        seconds = None if duration is None else int(duration.total_seconds())
        track = Track(words, seconds)
        yield Candidate(video_id, channel, track, words, scores, label)


def _explained(
    seed: Candidate, chosen: Iterable[tuple[Candidate, float]]
) -> list[Neighbour]:
    words, moods = weigh_words(seed.text), seed.moods
    return [
        Neighbour(
            video.video_id,
            min(1.0, similarity),
            shared_words(words, weigh_words(video.text), most=MAX_WORDS),
            mood_closeness(moods, video.moods),
        )
        for video, similarity in chosen
    ]
