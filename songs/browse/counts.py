"""Numbers of offered videos: by mood, whose mood that is, and licence; and of facets.

Without other filters nothing is counted: triggers keep the numbers (migration 0009),
exact at every commit, in whatever way videos are written. docs/decisions/0022 says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Count

from songs.browse import fulltext
from songs.browse.fulltext import SearchWords
from songs.browse.queries import UNKNOWN, VideoFilter, bounded, matching
from songs.models import Mood

SKIPPED = "SKIPPED"  # in the table: a person looked, and could say no mood
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
FACETS = ("mood", "source", "labelled", "licence")
MAX_COUNTED = 10_000
MAX_INDEXED = 200_000  # videos with words; of more, a walk meets MAX_COUNTED sooner
FacetCounts = dict[str, dict[str, int]]  # by facet and value


@dataclass(frozen=True, slots=True)
class CountGroup:
    """So many offered videos with one label, one prediction and one licence."""

    label: Mood | None  # by people
    skipped: bool  # a person looked, and could say no mood
    prediction: Mood | None
    licence: str | None
    videos: int

    @property
    def mood(self) -> Mood | None:
        """The mood to show: a person's where there is one, else the model's."""
        return self.label or self.prediction

    @property
    def source(self) -> str | None:
        """Whose mood that is."""
        if self.label:
            return "person"
        return "model" if self.prediction else None

    @property
    def labelled(self) -> str:
        """Whether a person gave a mood, could give none, or has not looked."""
        if self.label:
            return "true"
        return "false" if self.skipped else UNKNOWN

    def value_of(self, facet: str) -> str:
        return getattr(self, facet) or UNKNOWN


@dataclass(frozen=True, slots=True)
class MoodCount:
    """How many of the offered videos people, and the model, find in one mood."""

    mood: Mood
    by_people: int
    by_model: int


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    """Numbers of offered videos."""

    videos: int
    by_people: int
    by_model: int
    moods: list[MoodCount]


def groups() -> Iterator[CountGroup]:
    """All offered videos, in a few hundred groups at most; one query of a millisecond."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        rows = cursor.fetchall()
    for label, prediction, licence, videos in rows:
        yield CountGroup(
            label=Mood(label) if label not in ("", SKIPPED) else None,
            skipped=label == SKIPPED,
            prediction=Mood(prediction) if prediction else None,
            licence=licence or None,
            videos=videos,
        )


def offered() -> CatalogueCounts:
    """How many videos are offered, and in which moods."""
    people, model = dict.fromkeys([None, *Mood], 0), dict.fromkeys([None, *Mood], 0)
    for group in groups():
        people[group.label] += group.videos
        model[group.prediction] += group.videos
    total = sum(people.values())
    moods = [MoodCount(mood, people[mood], model[mood]) for mood in Mood]
    return CatalogueCounts(total, total - people[None], total - model[None], moods)


def differing() -> list[tuple[str, str, str]]:
    """The groups whose number is wrong; counts all videos, so it takes a while."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        return cursor.fetchall()


def count_facets(
    filters: VideoFilter, facets: dict[str, Iterable[str]]
) -> tuple[FacetCounts, int | None]:
    """Count by facet and value; and the number at which counting stopped, if any.

    Each value is counted as if it were chosen instead of what `filters` says of its
    facet. Beside other filters all that pass are counted, in one walk through an index;
    with words each value up to MAX_COUNTED. Raises QueryTooSlow.
    """
    if filters.q is not None:
        return _counted_one_by_one(filters, facets), MAX_COUNTED
    others = replace(filters, **dict.fromkeys(FACETS))
    alone = others == VideoFilter(filters.ordering)
    passing = list(groups() if alone else _groups_of(others))
    chosen = {facet: getattr(filters, facet) for facet in FACETS}
    counts: FacetCounts = {}
    for facet, values in facets.items():
        elsewhere = {
            name: value
            for name, value in chosen.items()
            if name != facet and value is not None
        }
        counts[facet] = dict.fromkeys(values, 0)
        for group in passing:
            value = group.value_of(facet)
            if value in counts[facet] and all(
                group.value_of(name) == other for name, other in elsewhere.items()
            ):
                counts[facet][value] += group.videos
    return counts, None


def _groups_of(filters: VideoFilter) -> Iterator[CountGroup]:
    videos = matching(filters).values_list("mood", "labeled", "licence")
    with bounded():
        rows = list(videos.annotate(videos=Count("*")).order_by())
    for mood, labeled, licence, n_videos in rows:
        mood = mood and Mood(mood)
        yield CountGroup(
            label=mood if labeled else None,
            skipped=labeled is False,
            prediction=None if labeled else mood,
            licence=licence,
            videos=n_videos,
        )


def _counted_one_by_one(
    filters: VideoFilter, facets: dict[str, Iterable[str]]
) -> FacetCounts:
    choices = [(facet, value) for facet, values in facets.items() for value in values]
    counts: FacetCounts = {facet: {} for facet in facets}
    words = SearchWords(filters.q or "")
    with bounded(), connection.cursor() as cursor:
        among = fulltext.all_matches(words, most=MAX_INDEXED)
        parts, params = [], []
        for facet, value in choices:
            chosen = matching(replace(filters, **{facet: value}), among, words.listed)
            first = chosen.values_list("pk")[: MAX_COUNTED + 1]
            sql, values = first.query.sql_with_params()
            parts.append(f"(SELECT count(*) FROM ({sql}) counted)")
            params += values
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        for (facet, value), n_videos in zip(choices, cursor.fetchone(), strict=True):
            counts[facet][value] = n_videos
    return counts
