"""Chooses and orders the tracks of a mix: the same arguments, the same list.

No Django and no random state in here: `seeded_random` is a digest of the seed and a name,
so that a seed means the same list everywhere.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import zip_longest
from statistics import median

MAX_OF_A_CHANNEL = 2
TOLERANCE = 0.02  # of the asked time, or half a median track if that is more
LONGEST = 15 * 60  # seconds that one track may take
ALWAYS_FINE = 10 * 60  # seconds; else at most a quarter of the list
CHANCE_LEVEL = 1 / 6  # of one of six moods
MIN_CONFIDENCE = 0.05


@dataclass(frozen=True, slots=True)
class MixRequest:
    """What a mix is asked for. The shares add up to 1, and excluded moods have none."""

    shares: Mapping[str, float]
    minutes: int
    seed: str
    exclude: frozenset[str] = frozenset()
    curve: tuple[str, str] | None = None  # from this mood to that, both with a share

    @property
    def seconds(self) -> int:
        return 60 * self.minutes

    @property
    def longest(self) -> int:
        """Seconds that one track may take: one that is half of the list is no mix."""
        return min(LONGEST, max(ALWAYS_FINE, self.seconds // 4))


@dataclass(frozen=True, slots=True)
class Track:
    """A video that may be chosen. Its length and its channel are known."""

    video_id: str
    channel_id: str
    song: str  # one list has no two tracks of the same song; "" is not known
    seconds: int
    mood: str  # the one that is shown
    by_person: bool  # who said so; else the model
    scores: Mapping[str, float]  # of the model; empty where it said nothing


@dataclass(frozen=True, slots=True)
class Slot:
    """A track in the list, and when it starts."""

    track: Track
    starts: int  # seconds from the beginning of the list
    curve_position: float | None  # 0 at the beginning of the curve, 1 at its end


@dataclass(slots=True)
class Part:
    """What one mood gives, and what of it could not be used."""

    mood: str
    asked: int  # seconds
    chosen: list[Track] = field(default_factory=list)
    short: bool = False
    candidates: int = 0
    excluded: int = 0  # likely of an excluded mood
    channel_full: int = 0  # their channel has its tracks in the list already
    repeated: int = 0  # the list has the song already
    too_long: int = 0  # for what was left of the time

    @property
    def seconds(self) -> int:
        return sum(track.seconds for track in self.chosen)


@dataclass(frozen=True, slots=True)
class Mix:
    """The list, and how near it comes to what was asked."""

    request: MixRequest
    slots: list[Slot]
    parts: list[Part]  # in the order of the request
    tolerance: float  # seconds that the list may be off

    @property
    def seconds(self) -> int:
        return sum(slot.track.seconds for slot in self.slots)

    @property
    def complete(self) -> bool:
        """Whether it fills the time that was asked."""
        off = abs(self.seconds - self.request.seconds)
        return bool(self.slots) and off <= self.tolerance


def mix(request: MixRequest, tracks: Iterable[Track]) -> Mix:
    """Choose of `tracks`, each given once, and put them in order.

    Moods with a small share come first: what a mood is off by, less than half a track,
    is made up for by the next, and the greatest share has the most to choose from.
    """
    usable, parts = _split_by_mood(request, tracks)
    typical = median([t.seconds for some in usable.values() for t in some] or [0])
    filling = _Filling(request, typical)
    order = sorted(
        parts, key=lambda mood: (request.shares[mood], seeded_random(request, mood))
    )
    for mood in order:
        filling.fill(parts[mood], usable[mood])
    chosen = _arrange(request, [part.chosen for part in parts.values()])
    slots = _slots(request, _spread_channels(chosen))
    return Mix(request, slots, list(parts.values()), filling.tolerance)


def seeded_random(request: MixRequest, name: str) -> float:
    """A number above 0, at most 1, that depends on the seed and the name alone."""
    digest = blake2b(f"{request.seed}\n{name}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 1) / 2**64


def is_likely_excluded(request: MixRequest, track: Track) -> bool:
    """Whether the model thinks an excluded mood likelier than chance.

    A mood that a person gave stands, whatever the model thinks.
    """
    return not track.by_person and any(
        track.scores.get(mood, 0) > CHANCE_LEVEL for mood in request.exclude
    )


def curve_position(track: Track, curve: tuple[str, str]) -> float:
    """How far a track is from the first mood to the second, 0 to 1, by the model.

    What a person called the first mood stays in the first half, the second likewise.
    """
    start, end = (track.scores.get(mood, 0) for mood in curve)
    way = end / (start + end) if start + end else None
    if track.by_person and track.mood == curve[0]:
        return 0.0 if way is None else min(way, 0.5)
    if track.by_person and track.mood == curve[1]:
        return 1.0 if way is None else max(way, 0.5)
    return 0.5 if way is None else way


def _split_by_mood(
    request: MixRequest, tracks: Iterable[Track]
) -> tuple[dict[str, list[Track]], dict[str, Part]]:
    """The tracks of each mood that may be chosen, and where the rest is counted."""
    usable: dict[str, list[Track]] = {mood: [] for mood in request.shares}
    parts = {
        mood: Part(mood, round(share * request.seconds))
        for mood, share in request.shares.items()
    }
    for track in tracks:
        part = parts[track.mood]
        part.candidates += 1
        if is_likely_excluded(request, track):
            part.excluded += 1
        elif track.seconds > request.longest:
            part.too_long += 1
        else:
            usable[track.mood].append(track)
    return usable, parts


class _Filling:
    """Fills one mood after the other, with an eye on channels and time."""

    def __init__(self, request: MixRequest, typical: float) -> None:
        self.request, self.typical = request, typical
        self.tolerance = max(TOLERANCE * request.seconds, typical / 2)
        self.channels: Counter[str] = Counter()
        self.songs: set[str] = set()
        self.carried = 0.0  # seconds that the moods so far are off

    def fill(self, part: Part, tracks: list[Track]) -> None:
        """Choose by preference, and at the end what fits best into the time left."""
        left = self.request.shares[part.mood] * self.request.seconds + self.carried
        preferred = _rank_by_preference(
            self.request, tracks, left / (self.typical or 1)
        )
        remaining = {track.video_id: track for track in preferred}
        for track in preferred:
            if left < 1.5 * self.typical:
                break
            if track.seconds <= left and self._may(track):
                left -= self._take(part, remaining.pop(track.video_id))
        while (best := self._best(remaining.values(), left)) is not None:
            left -= self._take(part, remaining.pop(best.video_id))
        missed = left > self.tolerance
        part.short = missed or not part.chosen
        self.carried = 0.0 if missed else left
        for track in remaining.values():
            if track.song in self.songs:
                part.repeated += 1
            elif not self._has_room(track):
                part.channel_full += 1
            else:
                part.too_long += 1  # or it would have been the best

    def _may(self, track: Track) -> bool:
        return track.song not in self.songs and self._has_room(track)

    def _has_room(self, track: Track) -> bool:
        """A second one of a channel only among three: two alone would be adjacent."""
        n_chosen = self.channels[track.channel_id]
        enough = self.channels.total() > 1
        return n_chosen == 0 or (n_chosen < MAX_OF_A_CHANNEL and enough)

    def _take(self, part: Part, track: Track) -> int:
        """Choose it; returns its seconds."""
        part.chosen.append(track)
        self.channels[track.channel_id] += 1
        self.songs |= {track.song} - {""}
        return track.seconds

    def _best(self, tracks: Iterable[Track], left: float) -> Track | None:
        """The one that leaves the least time over; None if all make it worse."""
        fitting = [
            track
            for track in tracks
            if abs(left - track.seconds) < abs(left)
            and track.seconds <= left + self.tolerance
            and self._may(track)
        ]
        return min(fitting, key=lambda t: abs(left - t.seconds), default=None)


def _rank_by_preference(
    request: MixRequest, tracks: list[Track], n_wanted: float
) -> list[Track]:
    """The tracks of a mood, those to choose first before the others.

    The more confident the mood, the likelier the track. On a curve they come in rounds,
    each with one track from every stretch of the curve, so that it has no gaps.
    """
    drawn = sorted(tracks, key=lambda track: _weighted_draw(request, track))
    if request.curve is None:
        return drawn
    curve, turns = request.curve, {track.video_id: n for n, track in enumerate(drawn)}
    way = sorted(drawn, key=lambda track: curve_position(track, curve))
    size = max(1, math.ceil(len(way) / max(1, round(n_wanted))))
    stretches = [
        sorted(way[at : at + size], key=lambda track: turns[track.video_id])
        for at in range(0, len(way), size)
    ]
    rounds = ([t for t in some if t] for some in zip_longest(*stretches))
    return [
        track
        for some in rounds
        for track in sorted(some, key=lambda track: turns[track.video_id])
    ]


def _weighted_draw(request: MixRequest, track: Track) -> tuple[float, str]:
    """Sorts as draws without replacement would, weighted by the square of the confidence.

    Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
    """
    confidence = (
        1.0 if track.by_person else max(MIN_CONFIDENCE, track.scores.get(track.mood, 0))
    )
    draw = -math.log(seeded_random(request, track.video_id)) / confidence**2
    return draw, track.video_id


def _arrange(request: MixRequest, parts: list[list[Track]]) -> list[Track]:
    """Along the curve; without one so that the shares hold all along the list."""
    if request.curve is not None:
        curve, chosen = request.curve, [track for part in parts for track in part]
        return sorted(
            chosen, key=lambda track: (curve_position(track, curve), track.video_id)
        )
    middles = []
    for part in parts:
        total, at = sum(track.seconds for track in part), 0.0
        for track in part:
            middles.append(((at + track.seconds / 2) / total, track.video_id, track))
            at += track.seconds
    return [track for *_, track in sorted(middles)]


def _spread_channels(tracks: list[Track]) -> list[Track]:
    """The same order, but for the least that keeps a channel from being adjacent."""
    remaining, spread = tracks[:], []
    while remaining:
        last = spread[-1].channel_id if spread else None
        at = next((i for i, t in enumerate(remaining) if t.channel_id != last), None)
        if at is None:
            _insert_before(spread, remaining.pop())
        else:
            spread.append(remaining.pop(at))
    return spread


def _insert_before(spread: list[Track], track: Track) -> None:
    """Put in the only track left, whose channel the last one is of, before that one."""
    for at in range(len(spread) - 1, -1, -1):
        neighbours = spread[max(0, at - 1) : at + 1]
        if all(other.channel_id != track.channel_id for other in neighbours):
            spread.insert(at, track)
            return


def _slots(request: MixRequest, tracks: list[Track]) -> list[Slot]:
    slots, starts = [], 0
    for track in tracks:
        way = None if request.curve is None else curve_position(track, request.curve)
        slots.append(Slot(track, starts, way))
        starts += track.seconds
    return slots
