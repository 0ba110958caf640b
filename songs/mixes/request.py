"""What a mix is asked for, parsed from the texts of a query."""

from collections.abc import Mapping, Sequence
from datetime import date

from songs.mixes.selection import MixRequest
from songs.models import Mood
from web.parameters import (
    BadParameters,
    BadValue,
    Parser,
    integer,
    number,
    parse_each,
    text,
)

MINUTES = 45  # unless the query says otherwise
MAX_MINUTES = 600
MAX_MOODS, MAX_SEED = 200, 100  # characters
SUM_TOLERANCE = 0.02  # as in 0.33, 0.33, 0.33
KNOWN = ", ".join(Mood)


def shares(value: str) -> dict[str, float]:
    """Parse moods with their shares, `CHILL:0.7,HAPPY:0.3`; or moods in equal shares."""
    pairs = [part.partition(":") for part in text(MAX_MOODS)(value).split(",")]
    names = [_mood(name) for name, _, _ in pairs]
    if len(set(names)) < len(names):
        raise BadValue("A mood is named twice.")
    if not any(colon for _, colon, _ in pairs):
        return _equal(names)
    if not all(colon for _, colon, _ in pairs):
        raise BadValue("Give every mood a share, or none.")
    parts = [_share(part) for _, _, part in pairs]
    total = sum(parts)
    if abs(total - 1) > SUM_TOLERANCE:
        raise BadValue(f"The shares add up to {total:.4g}, not to 1.")
    return {name: part / total for name, part in zip(names, parts, strict=True)}


def moods(value: str) -> frozenset[str]:
    """Parse moods, separated by commas."""
    return frozenset(map(_mood, text(MAX_MOODS)(value).split(",")))


def curve(value: str) -> tuple[str, str]:
    """Parse two moods with a dash between, `chill-happy`, also where a name has its own."""
    parts = text(MAX_MOODS)(value).split("-")
    for at in range(1, len(parts)):
        start, end = Mood.named("-".join(parts[:at])), Mood.named("-".join(parts[at:]))
        if start and end:
            if start == end:
                raise BadValue("Say two different moods.")
            return start.value, end.value
    raise BadValue(f"Say two moods, such as chill-happy, out of {KNOWN}.")


PARSERS: dict[str, Parser] = {
    "mood": shares,
    "exclude": moods,
    "minutes": integer(1, MAX_MINUTES),
    "curve": curve,
    "seed": text(MAX_SEED),
}


def parse_mix_request(values: Mapping[str, str], *, today: date) -> MixRequest:
    """Return the mix that the texts ask for; raises BadParameters naming each wrong one.

    Without a seed, the seed is `today`.
    """
    parsed = parse_each(values, PARSERS)
    exclude, two = parsed.get("exclude", frozenset()), parsed.get("curve")
    others = [mood for mood in Mood.values if mood not in exclude]
    wanted = parsed.get("mood") or _equal(two or others)
    _refuse("exclude", exclude & set(wanted), "Asked for, too")
    _refuse("curve", set(two or ()) - set(wanted), "Not among the moods")
    if not wanted:
        raise BadParameters({"exclude": ["This leaves no mood."]})
    return MixRequest(
        wanted,
        parsed.get("minutes", MINUTES),
        parsed.get("seed", today.isoformat()),
        exclude,
        two,
    )


def _mood(name: str) -> str:
    if (mood := Mood.named(name)) is None:
        raise BadValue(f"Unknown mood: {name[:50]!r}. Say some of {KNOWN}.")
    return mood.value


def _equal(names: Sequence[str]) -> dict[str, float]:
    return {name: 1 / len(names) for name in names}


def _share(value: str) -> float:
    try:
        share = number(0, 1)(value)
    except BadValue:
        share = 0
    if not share:
        raise BadValue(f"A share is above 0 and at most 1, not {value[:50]!r}.")
    return share


def _refuse(name: str, wrong: set[str] | frozenset[str], sentence: str) -> None:
    if wrong:
        raise BadParameters({name: [f"{sentence}: {', '.join(sorted(wrong))}."]})
