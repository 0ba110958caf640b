"""How far people agree on the mood of the same videos, each without seeing the other.

Such a rating is a person's last second opinion, or a decision taken before anybody else
labelled the video. A decision taken later, or to accept a suggestion, is no
independent one. Acts that were taken back do not count (`songs.labelling.consensus`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from ml.labelling.agreement import (
    NO_RATING,
    Counts,
    Interval,
    Ratings,
    alpha_interval,
    cohen_kappa,
    count_classes,
    kappa_interval,
    krippendorff_alpha,
    observed,
    observed_by_class,
    one_against_rest,
)
from songs.labelling.consensus import WITH_OPINIONS, standing, votes
from songs.models import Mood

ENOUGH = 20  # videos, below which chance says more than a coefficient would
MOODS = Mood.values
PAIRS = 30  # of people, those that share most videos
SEED = 0

RATINGS = f"""
WITH standing AS ({standing(WITH_OPINIONS)}), blind AS (
    SELECT DISTINCT ON (video_id, who) video_id, who, action, mood
      FROM standing WHERE source = 'second' ORDER BY video_id, who, at DESC, id DESC
), before_others AS (
    SELECT DISTINCT ON (video_id) video_id, who, action, source, mood
      FROM standing d
     WHERE source <> 'second' AND NOT EXISTS (
        SELECT FROM standing o WHERE o.video_id = d.video_id AND o.who <> d.who
                                 AND (o.at, o.id) < (d.at, d.id))
     ORDER BY video_id, at DESC, id DESC
)
SELECT video_id, who, mood FROM blind WHERE action = 'label'
 UNION ALL
SELECT video_id, who, mood FROM before_others d
 WHERE action = 'label' AND source <> 'suggestion' AND NOT EXISTS (
    SELECT FROM blind b WHERE b.video_id = d.video_id AND b.who = d.who
                          AND b.action = 'label')
 ORDER BY video_id, who
"""
DISPUTED = f"""
SELECT video_id, mood, votes FROM ({votes()}) votes WHERE leads > 1
 ORDER BY video_id, votes DESC, first"""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Agreement beyond chance; no value where there is too little to tell."""

    videos: int  # with two opinions
    value: float | None
    interval: Interval | None

    @property
    def missing(self) -> int:
        """How many more videos it takes."""
        return max(ENOUGH - self.videos, 0)


@dataclass(frozen=True, slots=True)
class MoodAgreement:
    """Agreement on one mood: this one, or any other?"""

    mood: Mood
    observed: float | None  # how often another person chooses it where one does
    alpha: Coefficient  # its videos: those that somebody gave this mood


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Agreement of two people on the videos that both rated."""

    people: tuple[str, str]
    observed: float
    kappa: Coefficient
    by_mood: list[Coefficient]  # in the order of Mood; without intervals


@dataclass(frozen=True, slots=True)
class Agreement:
    """What all people's ratings say together, per mood and per pair of people."""

    observed: float | None
    alpha: Coefficient
    moods: list[MoodAgreement]
    pairs: list[PairAgreement]  # those that share most first


@dataclass(frozen=True, slots=True)
class AgreementShare:
    """How many of some comparisons agreed."""

    agreed: int
    compared: int

    @property
    def percent(self) -> float:
        return 100 * self.agreed / self.compared


def ratings() -> list[tuple[str, str, str]]:
    """(video, person, mood) of every independent rating on videos with opinions."""
    with connection.cursor() as cursor:
        cursor.execute(RATINGS)
        return cursor.fetchall()


def measure(rated: Iterable[tuple[str, str, str]]) -> Agreement:
    """How far the people of `ratings` agree."""
    table, people = _table(rated)
    counts = count_classes(table, len(MOODS))
    return Agreement(
        observed=observed(counts),
        alpha=_alpha(counts),
        moods=[
            MoodAgreement(Mood(MOODS[class_]), share, _alpha_of_mood(counts, class_))
            for class_, share in enumerate(observed_by_class(counts))
        ],
        pairs=[
            _of_pair(table[:, one], table[:, other], (people[one], people[other]))
            for one, other in _pairs(table)
        ],
    )


def with_others(rated: Iterable[tuple[str, str, str]]) -> dict[str, AgreementShare]:
    """Of each person, how many ratings of others on the same videos agree."""
    by_video: dict[str, dict[str, str]] = {}
    for video_id, who, mood in rated:
        by_video.setdefault(video_id, {})[who] = mood
    agreed: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for by_person in by_video.values():
        moods = Counter(by_person.values())
        for who, mood in by_person.items():
            agreed[who] += moods[mood] - 1
            compared[who] += len(by_person) - 1
    return {who: AgreementShare(agreed[who], n) for who, n in compared.items() if n}


def disputed() -> dict[str, dict[Mood, int]]:
    """The videos on which no mood has the most votes, and the votes of each mood.

    By video id; of its moods the first is the label: of the most frequent, said first.
    """
    found: dict[str, dict[Mood, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(DISPUTED)
        for video_id, mood, count in cursor.fetchall():
            found.setdefault(video_id, {})[Mood(mood)] = count
    return found


def _table(rated: Iterable[tuple[str, str, str]]) -> tuple[Ratings, list[str]]:
    """A row for each video and a column for each person, with their names."""
    rated = list(rated)
    videos = _numbered(video_id for video_id, _, _ in rated)
    people = _numbered(who for _, who, _ in rated)
    table = np.full((len(videos), len(people)), NO_RATING)
    for video_id, who, mood in rated:
        table[videos[video_id], people[who]] = MOODS.index(mood)
    return table, list(people)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted({*names}))}


def _alpha(counts: Counts) -> Coefficient:
    videos = int(np.sum(counts.sum(axis=1) > 1))
    if videos < ENOUGH:
        return Coefficient(videos, None, None)
    interval = alpha_interval(counts, seed=SEED)
    return Coefficient(videos, krippendorff_alpha(counts), interval)


def _alpha_of_mood(counts: Counts, class_: int) -> Coefficient:
    rated, all_ratings = counts[:, class_], counts.sum(axis=1)
    videos = int(np.sum((rated > 0) & (all_ratings > 1)))
    if videos < ENOUGH:
        return Coefficient(videos, None, None)
    alpha = _alpha(np.column_stack([rated, all_ratings - rated]))
    return replace(alpha, videos=videos)


def _pairs(table: Ratings) -> list[tuple[int, int]]:
    """The pairs of columns that share a video, those that share most first."""
    rated = (table != NO_RATING).astype(int)
    shared = np.triu(rated.T @ rated, k=1)
    pairs = np.argwhere(shared)
    order = np.argsort(-shared[shared > 0], kind="stable")[:PAIRS]
    return [(int(one), int(other)) for one, other in pairs[order]]


def _of_pair(one: Ratings, other: Ratings, people: tuple[str, str]) -> PairAgreement:
    shared = (one != NO_RATING) & (other != NO_RATING)
    one, other = one[shared], other[shared]
    kappa = _kappa(one, other, videos=one.size)
    if kappa.value is not None:
        kappa = replace(kappa, interval=kappa_interval(one, other, seed=SEED))
    by_mood = [
        _kappa(
            one_against_rest(one, class_),
            one_against_rest(other, class_),
            videos=int(np.sum((one == class_) | (other == class_))),
        )
        for class_ in range(len(MOODS))
    ]
    return PairAgreement(people, float(np.mean(one == other)), kappa, by_mood)


def _kappa(one: Ratings, other: Ratings, *, videos: int) -> Coefficient:
    value = cohen_kappa(one, other) if videos >= ENOUGH else None
    return Coefficient(videos, value, None)
