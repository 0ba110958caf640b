"""How safe a video seems to use: reasons that anybody can check, never a promise.

The worst reason decides. What is not known lowers the statement, as what speaks
against it does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CREATIVE_COMMONS = "creativeCommon"  # YouTube's word for CC BY
RECENTLY = timedelta(days=7)
MAX_COUNTRIES = 10  # named in a reason


class Level(StrEnum):
    """How safe the use seems, the best first."""

    LIKELY = "likely"
    UNSURE = "unsure"
    UNLIKELY = "unlikely"


# What uploaders of other people's music write. Found in 8 % of the descriptions of the
# 2019 catalogue; a mere "fair use" is none of it, some ask to be credited by that word.
# Where another video of the same uploader has it, 27 of 34 have it themselves, else 1 of
# 284: the channel tells.
DISCLAIMER = re.compile(
    r"infringement\s+(is\s+|was\s+)?intended"
    r"|(do\s+not|don['’]?t)\s+own\s+(the\s+rights|(any|this|the)\b[^.\n]{0,20}"
    r"\b(song|music|track|beat|audio))"
    r"|might\s+otherwise\s+be\s+infringing"
    r"|(rights|credits?)\s+(all\s+)?(belongs?|goe?s?)\s+to\s+(their|its|the)\s+"
    r"(respective\s+|rightful\s+|original\s+)?owner",
    re.IGNORECASE,
)
SUMMARIES = {
    Level.LIKELY: "Likely safe to use: nothing that is known here speaks against it.",
    Level.UNSURE: "Perhaps safe to use: the reasons say what is doubtful or not known.",
    Level.UNLIKELY: "Better not used: the reasons say why.",
}
NO_PROMISE = (
    "This is what is known here, not a promise and not legal advice: look at the "
    "video's page before you publish."
)


@dataclass(frozen=True, slots=True)
class Channel:
    """Of the latest other videos of the same channel: how many there are to judge by."""

    n_videos: int
    n_disclaimed: int  # by their descriptions
    n_claimed: int  # with a reported claim that was accepted


@dataclass(frozen=True, slots=True)
class Facts:
    """What the statement is made of; None is "not known"."""

    sample: bool
    gone_since: datetime | None
    gone_why: str | None
    licence: str | None  # as YouTube last stated it
    verified: datetime | None  # when it did
    embeddable: bool | None
    blocked: list[str] | None
    allowed: list[str] | None  # None: everywhere, if `blocked` is known
    description: str | None
    channel: Channel | None
    claims: int  # accepted reports
    last_claim: datetime | None


@dataclass(frozen=True, slots=True)
class RiskReason:
    """One reason, and how far it alone lowers the statement."""

    code: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """How safe a use seems, and why."""

    level: Level
    summary: str
    reasons: list[RiskReason]


def statement(facts: Facts, *, now: datetime) -> Statement:
    """What the facts say at this moment."""
    reasons = list(_reasons(facts, now))
    levels = [*Level]
    level = max((reason.level for reason in reasons), key=levels.index)
    return Statement(level, f"{SUMMARIES[level]} {NO_PROMISE}", reasons)


def disclaimed(description: str) -> str | None:
    """The words by which somebody says that the music is not theirs."""
    match = DISCLAIMER.search(description)
    return match[0] if match else None


def _reasons(facts: Facts, now: datetime) -> Iterator[RiskReason]:
    if facts.sample:
        text = "An invented sample: there is no such video."
        yield RiskReason("sample", Level.UNLIKELY, text)
    if facts.gone_since:
        text = f"No longer offered since {facts.gone_since:%Y-%m-%d}: {facts.gone_why}."
        yield RiskReason("gone", Level.UNLIKELY, text)
    yield _licence(facts)
    if facts.verified:
        yield _verified(facts.verified, now)
    yield _embeddable(facts.embeddable)
    yield _regions(facts)
    yield _description(facts.description)
    yield _channel(facts.channel)
    yield _claims(facts)


def _licence(facts: Facts) -> RiskReason:
    if facts.verified is None:
        text = "YouTube was never asked for its licence."
        return RiskReason("licence", Level.UNSURE, text)
    if facts.licence == CREATIVE_COMMONS:
        text = f"YouTube said Creative Commons (CC BY) on {facts.verified:%Y-%m-%d}."
        return RiskReason("licence", Level.LIKELY, text)
    text = f"Not Creative Commons, as YouTube said on {facts.verified:%Y-%m-%d}."
    return RiskReason("licence", Level.UNLIKELY, text)


def _verified(at: datetime, now: datetime) -> RiskReason:
    recent, days = now - at <= RECENTLY, max(0, (now - at).days)
    ago = "today" if not days else f"{days} day{'' if days == 1 else 's'} ago"
    text = f"Last verified {ago}; after {RECENTLY.days} days it may have changed."
    return RiskReason("verified", Level.LIKELY if recent else Level.UNSURE, text)


def _embeddable(embeddable: bool | None) -> RiskReason:
    level, text = {
        True: (Level.LIKELY, "It may be embedded."),
        False: (Level.UNLIKELY, "Its owner forbids embedding."),
        None: (Level.UNSURE, "Whether it may be embedded is not known."),
    }[embeddable]
    return RiskReason("embeddable", level, text)


def _regions(facts: Facts) -> RiskReason:
    if facts.blocked:
        level, text = Level.UNSURE, f"Blocked in {_countries(facts.blocked)}."
    elif facts.allowed is not None:
        only = _countries(facts.allowed) if facts.allowed else "no country"
        level, text = Level.UNSURE, f"Shown in {only} only."
    elif facts.blocked is None:
        level, text = Level.UNSURE, "Whether a country blocks it is not known."
    else:
        level, text = Level.LIKELY, "No country is known to block it."
    return RiskReason("regions", level, text)


def _countries(codes: list[str]) -> str:
    more = len(codes) - MAX_COUNTRIES
    return ", ".join(codes[:MAX_COUNTRIES]) + (f" and {more} more" if more > 0 else "")


def _description(description: str | None) -> RiskReason:
    if description is None:
        level, text = Level.UNSURE, "Its description is not kept here."
    elif found := disclaimed(description):
        phrase = " ".join(found.split())
        text = (
            f"Its description says “{phrase}”, as people do who upload others' music."
        )
        level = Level.UNSURE
    else:
        text = "Its description has none of the phrases of people who upload others' music."
        level = Level.LIKELY
    return RiskReason("uploader", level, text)


def _channel(channel: Channel | None) -> RiskReason:
    level = Level.UNSURE
    if channel is None:
        text = "Which channel it is from is not known."
    elif channel.n_disclaimed or channel.n_claimed:
        text = (
            f"Of the latest {channel.n_videos} other videos of its channel "
            f"{channel.n_disclaimed} disclaim the music, and {channel.n_claimed} had a "
            "Content ID claim: it may upload others' music."
        )
    else:
        others = f"{channel.n_videos} latest" if channel.n_videos else "no"
        text = f"Nothing like that is known of its channel; {others} other videos of it are here."
        level = Level.LIKELY
    return RiskReason("channel", level, text)


def _claims(facts: Facts) -> RiskReason:
    if not facts.claims:
        text = "No Content ID claim was reported here and accepted."
        return RiskReason("claims", Level.LIKELY, text)
    many = (
        "A Content ID claim was"
        if facts.claims == 1
        else (f"{facts.claims} Content ID claims were")
    )
    text = (
        f"{many} reported here and accepted, the last on {facts.last_claim:%Y-%m-%d}."
    )
    return RiskReason("claims", Level.UNLIKELY, text)
