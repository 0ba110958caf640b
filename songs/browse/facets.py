"""How many videos each value of a facet would give, beside the other filters."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import connection
from django.db.models import Count

from songs.browse import counts, fulltext
from songs.browse.counts import Group
from songs.browse.fulltext import Words
from songs.browse.search import UNKNOWN, Wanted, bounded, matching
from songs.models import Mood

MOST_COUNTED = 10_000
MOST_INDEXED = 200_000  # videos with words; of more, a walk meets MOST_COUNTED sooner
KEPT = ("mood", "source", "labelled", "licence")  # what `counts` knows videos by
Counted = dict[str, dict[str, int]]


def count(
    wanted: Wanted, facets: dict[str, Iterable[str]]
) -> tuple[Counted, int | None]:
    """Count by facet and value; and the number at which counting stopped, if any.

    Where nothing but facets is filtered by, the numbers are kept: exact, and found in
    a millisecond. Beside other filters all that pass are counted, in one walk through
    an index; with words each value up to MOST_COUNTED. Raises TooSlow.
    """
    if wanted.q is not None:
        return _counted(wanted, facets), MOST_COUNTED
    others = replace(wanted, **dict.fromkeys(KEPT))
    alone = others == Wanted(wanted.ordering)
    groups = list(counts.groups() if alone else _groups(others))
    return _of_groups(wanted, facets, groups), None


def _groups(wanted: Wanted) -> Iterator[Group]:
    said = matching(wanted).values_list("mood", "labeled", "licence")
    with bounded():
        rows = list(said.annotate(videos=Count("*")).order_by())
    for mood, labeled, licence, videos in rows:
        mood = mood and Mood(mood)
        yield Group(
            said=mood if labeled else None,
            skipped=labeled is False,
            guessed=None if labeled else mood,
            licence=licence,
            videos=videos,
        )


def _of_groups(
    wanted: Wanted, facets: dict[str, Iterable[str]], groups: list[Group]
) -> Counted:
    counted: Counted = {}
    for facet, values in facets.items():
        beside = replace(wanted, **{facet: None})
        counted[facet] = dict.fromkeys(values, 0)
        for group in groups:
            value = getattr(group, facet) or UNKNOWN
            if value in counted[facet] and _has(group, beside):
                counted[facet][value] += group.videos
    return counted


def _has(group: Group, wanted: Wanted) -> bool:
    return (
        wanted.mood in (None, group.mood)
        and wanted.source in (None, group.source)
        and wanted.labelled in (None, group.labelled)
        and wanted.licence in (None, group.licence or UNKNOWN)
    )


def _counted(wanted: Wanted, facets: dict[str, Iterable[str]]) -> Counted:
    asked = [(facet, value) for facet, values in facets.items() for value in values]
    counted: Counted = {facet: {} for facet in facets}
    with bounded(), connection.cursor() as cursor:
        some = fulltext.every(Words(wanted.q or ""), most=MOST_INDEXED)
        parts, params = [], []
        for facet, value in asked:
            chosen = matching(replace(wanted, **{facet: value}), some)
            first = chosen.values_list("pk")[: MOST_COUNTED + 1]
            sql, values = first.query.sql_with_params()
            parts.append(f"(SELECT count(*) FROM ({sql}) counted)")
            params += values
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        for (facet, value), n_videos in zip(asked, cursor.fetchone(), strict=True):
            counted[facet][value] = n_videos
    return counted
