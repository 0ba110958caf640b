"""What people may do with the videos they have ticked."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest

from songs.labelling.record import SKIPPED, UNSEEN, Judgement, LabelConflict
from songs.models import Mood, NewVideo
from songs.transfer.csv_rows import COLUMNS

MOST_AT_ONCE = 500  # each is locked, written and recorded by itself, within a request
COPY = f"""
    COPY (SELECT {", ".join(COLUMNS)} FROM songs_newvideo
           WHERE video_id = ANY(%s) ORDER BY video_id COLLATE "C")
      TO STDOUT WITH (FORMAT csv, HEADER)"""

Action = Callable[[Any, HttpRequest, QuerySet[NewVideo]], None]


def say(name: str, text: str, judgement: Judgement) -> Action:
    """An action that records `judgement` for each ticked video."""

    @admin.action(description=text, permissions=["change"])
    def action(videos: Any, request: HttpRequest, queryset: QuerySet[NewVideo]) -> None:
        ids = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            messages.error(request, f"Nothing saved: tick {MOST_AT_ONCE} at most.")
            return
        seen = videos.seen_on_page(request)
        saved = 0
        for video_id in ids:
            expected = seen.get(video_id)
            try:
                saved += videos.judge(request, video_id, judgement, expected=expected)
            except LabelConflict as exc:
                messages.error(request, f"{exc} Not saved; look again.")
        messages.success(request, f"{saved} saved.")

    action.__name__ = name
    return action


LABELLING = [
    *(
        say(
            f"label_{mood.name.lower()}",
            f"Label as {mood.label}",
            Judgement(mood, True),
        )
        for mood in Mood
    ),
    say("skip", "Skip: labelled “no”", SKIPPED),
    say("clear", "Clear the label", UNSEEN),
]


@admin.action(description="Export as CSV", permissions=["view"])
def export_csv(
    videos: Any, request: HttpRequest, queryset: QuerySet[NewVideo]
) -> FileResponse:
    """The six columns of 2019, written by PostgreSQL's own COPY."""
    ids = list(queryset.values_list("pk", flat=True))
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(COPY, [ids]), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="videos.csv")
