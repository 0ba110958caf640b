"""A mix as a playlist that players open: M3U and JSPF."""

import json
import re
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer

from songs.mixes.build import Entry, MadeMix
from songs.mixes.wording import title, why

BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # would begin another line


class M3URenderer(BaseRenderer):
    """Stands for M3U where a format is chosen; `m3u` makes it."""

    media_type, format = "audio/x-mpegurl", "m3u"


class JSPFRenderer(BaseRenderer):
    """Stands for JSPF where a format is chosen; `jspf` makes it."""

    media_type, format = "application/jspf+json", "jspf"


def m3u(made: MadeMix) -> HttpResponse:
    """Extended M3U in UTF-8; the credits are comments, which players skip."""
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{_line(title(made.mix.request))}"]
    comments = [*_shortages(made), "Credits:", *made.credits.text.splitlines()]
    lines += [f"# {_line(words)}" for words in [*comments, *made.credits.notes]]
    for entry in made.entries:
        names = filter(None, (entry.video.channel_title, entry.video.video_title))
        name = _line(" - ".join(names)) or entry.video.pk
        lines += [
            f"# {_line(why(entry.slot, made.mix.request.curve))}",
            f"#EXTINF:{entry.slot.track.seconds},{name}",
            entry.video.watch_url,
        ]
    return _file("\n".join([*lines, ""]), M3URenderer)


def jspf(made: MadeMix) -> HttpResponse:
    """JSPF: the JSON of XSPF 1. `attribution` takes addresses, so the words of the
    credits are the playlist's `annotation` and each track's."""
    playlist = {
        "title": title(made.mix.request),
        "creator": "MoodiBeats",
        "annotation": "\n".join(
            [*_shortages(made), made.credits.text, *made.credits.notes]
        ),
        "attribution": [{"location": entry.video.watch_url} for entry in made.entries],
        "track": [
            _track(entry, number, made)
            for number, entry in enumerate(made.entries, start=1)
        ],
    }
    text = json.dumps({"playlist": playlist}, ensure_ascii=False)
    return _file(text, JSPFRenderer)


def _track(entry: Entry, number: int, made: MadeMix) -> dict[str, Any]:
    said = why(entry.slot, made.mix.request.curve)
    track = {
        "location": [entry.video.watch_url],
        "identifier": [entry.video.watch_url],
        "title": entry.video.video_title,
        "creator": entry.video.channel_title,
        "annotation": f"{said} {entry.credit.text}",
        "info": entry.video.watch_url,
        "trackNum": number,
        "duration": 1000 * entry.slot.track.seconds,  # milliseconds
    }
    return {name: value for name, value in track.items() if value is not None}


def _shortages(made: MadeMix) -> list[str]:
    return [
        " ".join([short.text, *(reason.text for reason in short.reasons)])
        for short in made.short
    ]


def _file(text: str, renderer: type[BaseRenderer]) -> HttpResponse:
    return HttpResponse(
        text.encode(),
        content_type=f"{renderer.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="mix.{renderer.format}"'
        },
    )


def _line(words: str) -> str:
    return BLANKS.sub(" ", words).strip()
