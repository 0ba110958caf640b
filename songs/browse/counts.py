"""Numbers of offered videos, without counting them.

Triggers keep them by mood, whose mood that is, and licence (migration 0009). They are
exact at every commit, in whatever way videos are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from songs.models import Mood

SKIPPED = "SKIPPED"  # what people said where they could not say a mood
KEPT = """
    SELECT said, guessed, licence, sum(videos)::bigint
      FROM songs_videocount GROUP BY said, guessed, licence HAVING sum(videos) <> 0"""
COUNTED = """
    SELECT coalesce(moods, CASE labeled WHEN false THEN 'SKIPPED' ELSE '' END),
           coalesce(predicted_moods, ''), coalesce(licence, ''), count(*)
      FROM songs_newvideo WHERE gone_since IS NULL GROUP BY 1, 2, 3"""
DIFFERING = f"""
    SELECT DISTINCT said, guessed, licence
      FROM (({KEPT}) EXCEPT ({COUNTED}) UNION ALL (({COUNTED}) EXCEPT ({KEPT}))) wrong
     ORDER BY said, guessed, licence"""


@dataclass(frozen=True, slots=True)
class Group:
    """So many offered videos of which people, the model and YouTube say the same."""

    said: Mood | None  # by people
    skipped: bool  # a person looked, and could say no mood
    guessed: Mood | None  # by the model
    licence: str | None
    videos: int

    @property
    def mood(self) -> Mood | None:
        """The mood to show: a person's where there is one, else the model's."""
        return self.said or self.guessed

    @property
    def source(self) -> str | None:
        """Who said that mood."""
        if self.said:
            return "person"
        return "model" if self.guessed else None

    @property
    def labelled(self) -> str:
        """Whether a person gave a mood, could give none, or has not looked."""
        if self.said:
            return "true"
        return "false" if self.skipped else "unknown"


@dataclass(frozen=True, slots=True)
class MoodCount:
    """How many of the offered videos people, and the model, find in one mood."""

    mood: Mood
    by_people: int
    by_model: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of offered videos."""

    videos: int
    by_people: int
    by_model: int
    moods: list[MoodCount]


def groups() -> Iterator[Group]:
    """The offered videos by what is said of them: a few hundred groups at most."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        rows = cursor.fetchall()
    for said, guessed, licence, videos in rows:
        yield Group(
            said=Mood(said) if said not in ("", SKIPPED) else None,
            skipped=said == SKIPPED,
            guessed=Mood(guessed) if guessed else None,
            licence=licence or None,
            videos=videos,
        )


def offered() -> Counts:
    """How many videos are offered, and in which moods; one query of a millisecond."""
    people, model = dict.fromkeys([None, *Mood], 0), dict.fromkeys([None, *Mood], 0)
    for group in groups():
        people[group.said] += group.videos
        model[group.guessed] += group.videos
    total = sum(people.values())
    moods = [MoodCount(mood, people[mood], model[mood]) for mood in Mood]
    return Counts(total, total - people[None], total - model[None], moods)


def differing() -> list[tuple[str, str, str]]:
    """The groups whose number is wrong; counts all videos, so it takes a while."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        return cursor.fetchall()
