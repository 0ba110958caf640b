"""What people may do with the videos they have ticked."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest

from songs.labelling.record import SKIPPED, UNLABELLED, LabelConflict, LabelState
from songs.models import Mood, NewVideo
from songs.transfer.csv_export import export_videos

MAX_AT_ONCE = 500  # each is locked, written and recorded by itself, within a request

Action = Callable[[Any, HttpRequest, QuerySet[NewVideo]], None]


def say(name: str, text: str, label: LabelState) -> Action:
    """An action that records `label` for each ticked video."""

    @admin.action(description=text, permissions=["change"])
    def action(videos: Any, request: HttpRequest, queryset: QuerySet[NewVideo]) -> None:
        ids = list(queryset.values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(ids) > MAX_AT_ONCE:
            messages.error(request, f"Nothing saved: tick {MAX_AT_ONCE} at most.")
            return
        seen = videos.seen_on_page(request)
        saved = 0
        for video_id in ids:
            expected = seen.get(video_id)
            try:
                saved += videos.set_label(request, video_id, label, expected=expected)
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
            LabelState(mood, True),
        )
        for mood in Mood
    ),
    say("skip", "Skip: labelled “no”", SKIPPED),
    say("clear", "Clear the label", UNLABELLED),
]


@admin.action(description="Export as CSV", permissions=["view"])
def export_csv(
    videos: Any, request: HttpRequest, queryset: QuerySet[NewVideo]
) -> FileResponse:
    """The six columns of 2019, written by PostgreSQL's own COPY."""
    ids = list(queryset.values_list("pk", flat=True))
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    export_videos(file, video_ids=ids)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="videos.csv")
