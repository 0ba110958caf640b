"""Mixes of the catalogue: where the tracks come from, and its credits.

Of each mood a bounded run of the shuffled order is read, from a position that the seed
names. So a list is the same for a seed as long as the videos in that run are.
"""

import re
from dataclasses import dataclass

from songs.browse import queries
from songs.licensing import passport
from songs.licensing.attribution import Attribution
from songs.mixes import selection
from songs.mixes.selection import Mix, MixRequest, Part, Slot, Track
from songs.mixes.wording import (
    MAX_COUNTED,
    Credits,
    Shortage,
    Unread,
    credits_of,
    shortage,
)
from songs.models import ListedVideo, NewVideo
from songs.models.listed import ListedVideoQuerySet

POOL = 100  # tracks of a mood to choose from, and POOL_A_MINUTE more for each minute
POOL_A_MINUTE = 2
WIDER = 8  # times as many, where a few channels have nearly all of a mood
COLUMNS = (
    "video_id",
    "channel_id",
    "seconds",
    "mood",
    "labeled",
    "video__video_title",
    "video__mood_scores",
)
NO_LETTERS = re.compile(r"[\W_]+")
TEXTS = (
    "video_id",
    "video_title",
    "channel_id",
    "channel_title",
    "licence",
    "last_fetched",
    "origin",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A track of a mix, with the video and its credit."""

    slot: Slot
    video: NewVideo
    credit: Attribution


@dataclass(frozen=True, slots=True)
class MadeMix:
    """A list that can be played and credited, and what it lacks."""

    mix: Mix
    entries: list[Entry]
    short: list[Shortage]
    credits: Credits


def make(request: MixRequest) -> MadeMix:
    """Mix what the catalogue offers now. Raises QueryTooSlow."""
    with queries.bounded():
        for times in (1, WIDER):
            pools = {mood: _pool(request, mood, times) for mood in request.shares}
            mix = selection.mix(
                request, [track for pool in pools.values() for track in pool]
            )
            whole = {m for m in pools if len(pools[m]) < _size(request, m, times)}
            if mix.complete or whole == pools.keys():
                break
        short = [
            _shortage(request, part, whole=part.mood in whole)
            for part in mix.parts
            if part.short
        ]
        entries = _entries(mix)
    credits_ = credits_of((entry.video.pk, entry.credit) for entry in entries)
    return MadeMix(mix, entries, short, credits_)


def _entries(mix: Mix) -> list[Entry]:
    ids = [slot.track.video_id for slot in mix.slots]
    videos = NewVideo.objects.only(*TEXTS).in_bulk(ids)
    credits_ = passport.attributions(videos.values())
    return [
        Entry(slot, videos[video_id], credits_[video_id])
        for slot, video_id in zip(mix.slots, ids, strict=True)
        if video_id in videos  # it may have gone a moment ago
    ]


def _shortage(request: MixRequest, part: Part, *, whole: bool) -> Shortage:
    """Why a mood came up short. What may not be read counts if the rest was read whole."""
    unread = Unread()
    if whole:
        unknown = ListedVideo.objects.not_mixable(part.mood)
        longer = ListedVideo.objects.mixable(part.mood).filter(
            seconds__gt=request.longest
        )
        unread = Unread(_counted(unknown), _counted(longer.order_by()))
    return shortage(part, unread, longest=request.longest)


def _counted(videos: ListedVideoQuerySet) -> int:
    """How many, at most one more than MAX_COUNTED."""
    return videos.values("pk")[: MAX_COUNTED + 1].count()


def _size(request: MixRequest, mood: str, times: int) -> int:
    for_the_time = POOL_A_MINUTE * request.minutes * request.shares[mood]
    return times * (POOL + round(for_the_time))


def _pool(request: MixRequest, mood: str, times: int = 1) -> list[Track]:
    """The tracks from the position of the seed on, and on from the beginning if too few."""
    size = _size(request, mood, times)
    some = ListedVideo.objects.mixable(mood).filter(seconds__lte=request.longest)
    start = int(selection.seeded_random(request, mood) * (2**32 - 1)) - 2**31
    rows = list(some.filter(shuffled__gte=start).values_list(*COLUMNS)[:size])
    if len(rows) < size:
        before = some.filter(shuffled__lt=start).values_list(*COLUMNS)
        rows += before[: size - len(rows)]
    return [_track(*row) for row in rows]


def _track(
    video_id: str,
    channel: str,
    seconds: int,
    mood: str,
    labeled: bool | None,
    title: str | None,
    scores: dict[str, float] | None,
) -> Track:
    song = NO_LETTERS.sub("", title or "").casefold()
    return Track(video_id, channel, song, seconds, mood, bool(labeled), scores or {})
