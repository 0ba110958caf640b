"""A mix as a file: M3U and JSPF, which players open, and CSV."""

import json
import re
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from typing import Any

from songs.browse.formats import csv_header, csv_lines
from songs.mixes.build import Entry, MadeMix
from songs.mixes.wording import title, why

BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # would begin another line
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class MixTrack:
    """A track of a mix as lists show it."""

    place: int  # from 1
    starts: int  # seconds into the list
    video_id: str
    video_title: str | None
    channel_title: str | None
    duration: int  # seconds
    moods: str
    mood_source: str
    confidence: float | None  # of the model; None for people's moods
    on_curve: float | None
    why: str
    watch: str
    licence: str
    credit: str


def mix_tracks(made: MadeMix, absolute: Callable[[str], str]) -> list[MixTrack]:
    """Return the tracks in their order; `absolute` completes an address of this site."""
    return [
        _mix_track(entry, number, made, absolute)
        for number, entry in enumerate(made.entries, start=1)
    ]


def csv(made: MadeMix, absolute: Callable[[str], str]) -> bytes:
    """Return a line for each track, below one of the names of MixTrack's fields."""
    names = [field.name for field in fields(MixTrack)]
    rows = map(astuple, mix_tracks(made, absolute))
    return csv_header(names) + csv_lines(names, rows)


def m3u(made: MadeMix) -> str:
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
    return "\n".join([*lines, ""])


def jspf(made: MadeMix) -> str:
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
            _jspf_track(entry, number, made)
            for number, entry in enumerate(made.entries, start=1)
        ],
    }
    return json.dumps({"playlist": playlist}, ensure_ascii=False)


def _mix_track(
    entry: Entry, number: int, made: MadeMix, absolute: Callable[[str], str]
) -> MixTrack:
    slot, video = entry.slot, entry.video
    track, position = slot.track, slot.curve_position
    return MixTrack(
        place=number,
        starts=slot.starts,
        video_id=video.pk,
        video_title=video.video_title,
        channel_title=video.channel_title,
        duration=track.seconds,
        moods=track.mood,
        mood_source="person" if track.by_person else "model",
        confidence=None if track.by_person else track.scores.get(track.mood),
        on_curve=None if position is None else round(position, DECIMALS),
        why=why(slot, made.mix.request.curve),
        watch=video.watch_url,
        licence=absolute(f"/api/videos/{video.pk}/licence/"),
        credit=entry.credit.text,
    )


def _jspf_track(entry: Entry, number: int, made: MadeMix) -> dict[str, Any]:
    reason = why(entry.slot, made.mix.request.curve)
    track = {
        "location": [entry.video.watch_url],
        "identifier": [entry.video.watch_url],
        "title": entry.video.video_title,
        "creator": entry.video.channel_title,
        "annotation": f"{reason} {entry.credit.text}",
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


def _line(words: str) -> str:
    return BLANKS.sub(" ", words).strip()
