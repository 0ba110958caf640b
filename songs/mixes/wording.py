"""What a mix says to people: why a track is in it, and why it came up short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from songs.licensing.attribution import Attribution
from songs.mixes.selection import MAX_OF_A_CHANNEL, MixRequest, Part, Slot
from songs.models import Mood

MAX_COUNTED = 5_000  # of what was not read; "5,000+" stands for more


@dataclass(frozen=True, slots=True)
class Unread:
    """Videos of a mood that a mix never looks at; at most MAX_COUNTED + 1 counted."""

    unknown: int = 0  # length or channel
    longer: int = 0  # than one track may be


@dataclass(frozen=True, slots=True)
class PickReason:
    """One reason, and how many tracks it is about."""

    code: str
    tracks: int
    text: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """A mood of which there was less than asked."""

    mood: str
    text: str
    reasons: list[PickReason]


@dataclass(frozen=True, slots=True)
class Credits:
    """One block for all tracks, in the order of the list; `notes` say what is lacking."""

    text: str
    html: str
    markdown: str
    notes: list[str]


def why(slot: Slot, curve: tuple[str, str] | None) -> str:
    """Which mood, by whom and with what confidence, and the position on the curve."""
    track = slot.track
    mood = Mood(track.mood).label
    if track.by_person:
        source = f"{mood}: a person says so."
    else:
        source = (
            f"{mood}: the model says so, {track.scores.get(track.mood, 0):.0%} sure."
        )
    if curve is None or slot.curve_position is None:
        return source
    start, end = (Mood(name).label for name in curve)
    return f"{source} {slot.curve_position:.0%} of the way from {start} to {end}."


def shortage(part: Part, unread: Unread, *, longest: int) -> Shortage:
    """Say how much of a mood there is, and what of it could not be used."""
    asked = f"{Mood(part.mood).label}: {length(part.asked)} asked"
    if part.chosen:
        found = f"{length(part.seconds)} in {_tracks(len(part.chosen))} found."
    else:
        found = "no track found."
    reasons = list(_reasons(part, unread, longest))
    return Shortage(part.mood, f"{asked}, {found}", reasons)


def credits_of(credits_: Iterable[tuple[str, Attribution]]) -> Credits:
    """One block of the credits of these (video_id, credit)."""
    credits_ = list(credits_)
    items = "".join(f"<li>{credit.html}</li>\n" for _, credit in credits_)
    return Credits(
        "".join(f"{credit.text}\n" for _, credit in credits_),
        f"<ul>\n{items}</ul>\n" if items else "",
        "".join(f"- {credit.markdown}\n" for _, credit in credits_),
        [f"{video_id}: {credit.note}" for video_id, credit in credits_ if credit.note],
    )


def length(seconds: int) -> str:
    """4:05, or 1:04:05."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def title(request: MixRequest) -> str:
    """A name for the list."""
    moods = ", ".join(Mood(mood).label for mood in request.shares)
    return f"MoodiBeats mix: {moods}, {request.minutes} min, {request.seed}"


def _reasons(part: Part, unread: Unread, longest: int) -> Iterator[PickReason]:
    looked = f"of this mood {_were(part.candidates)} looked at"
    yield PickReason(
        "looked_at", part.candidates, f"{_tracks(part.candidates)} {looked}."
    )
    full = (
        f"their channel has as many in the list as it may, {MAX_OF_A_CHANNEL} at most"
    )
    for code, n_tracks, wrong in (
        ("excluded", part.excluded, "of them: likely of an excluded mood."),
        ("channel_limit", part.channel_full, f"of them: {full}."),
        ("same_song", part.repeated, "of them: the list has the same title."),
        ("too_long", part.too_long, "of them: too long for the time that was left."),
        ("longer", unread.longer, f"not looked at: longer than {length(longest)}."),
        ("unknown", unread.unknown, "not looked at: length or channel not known."),
    ):
        if n_tracks:
            yield PickReason(
                code, min(n_tracks, MAX_COUNTED), f"{_tracks(n_tracks)} {wrong}"
            )


def _tracks(n_tracks: int) -> str:
    more = "+" if n_tracks > MAX_COUNTED else ""
    return f"{min(n_tracks, MAX_COUNTED):,}{more} track{'' if n_tracks == 1 else 's'}"


def _were(n_tracks: int) -> str:
    return "was" if n_tracks == 1 else "were"
