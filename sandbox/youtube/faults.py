"""Faults on demand: what goes wrong, where, and on which calls.

A spec reads KIND[@WHERE][:WHEN]. WHERE is a method (search, videos, commentThreads)
or a video id; WHEN says which of the calls that the fault may touch: 2, 2-4, 3+ or
all. Every fault turns one reply into another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.wire import Reply

Json = dict[str, Any]

METHODS = ("search.list", "videos.list", "commentThreads.list")
EVERYWHERE = frozenset(METHODS)


class BadFault(ValueError):
    """A fault's spec is KIND[@METHOD or @VIDEO_ID][:WHEN], see --help."""


@dataclass(frozen=True, slots=True)
class Call:
    """The call whose reply a fault spoils."""

    method: str  # "search.list"
    params: Mapping[str, str]
    video_id: str | None  # the one the fault is about; None: see its kind
    earlier: Json | None  # the first item of the searches before


Spoil = Callable[[Call, Reply], Reply]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way for things to go wrong."""

    name: str
    help: str
    spoil: Spoil
    methods: frozenset[str] = EVERYWHERE
    about_videos: bool = False  # whether WHERE may be a video id


@dataclass(slots=True)
class Fault:
    """A kind at a place and a time."""

    kind: FaultKind
    methods: frozenset[str]
    video_id: str | None
    first: int  # of the calls it may touch, counted from 1
    last: int | None  # None: for ever
    calls: int = 0  # how many of those there have been

    def is_due(self, method: str) -> bool:
        """Whether it strikes at this call, which is counted."""
        if method not in self.methods:
            return False
        self.calls += 1
        return self.first <= self.calls and (
            self.last is None or self.calls <= self.last
        )


@dataclass(slots=True)
class Faults:
    """The faults of a server, in the order in which they strike."""

    faults: list[Fault] = field(default_factory=list)
    _first_found: Json | None = None

    def spoil(self, method: str, params: Mapping[str, str], reply: Reply) -> Reply:
        earlier = self._first_found
        if method == "search.list" and earlier is None and reply.items:
            self._first_found = reply.items[0]
        for fault in self.faults:
            if fault.is_due(method):
                call = Call(method, params, fault.video_id, earlier)
                reply = fault.kind.spoil(call, reply)
        return reply


_SPEC = re.compile(
    r"(?P<kind>\w+)(@(?P<where>[\w.-]+))?(:(?P<when>all|\d+(\+|-\d+)?))?"
)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def parse(specs: Iterable[str], kinds: dict[str, FaultKind]) -> Faults:
    """Raises BadFault for the first spec that makes no sense."""
    return Faults([_parse(spec, kinds) for spec in specs])


def _parse(spec: str, kinds: dict[str, FaultKind]) -> Fault:
    match = _SPEC.fullmatch(spec)
    kind = kinds.get(match["kind"]) if match else None
    if match is None or kind is None:
        known = ", ".join(kinds)
        raise BadFault(
            f"{spec!r} is no fault; it reads KIND[@WHERE][:WHEN] and KIND is one of: "
            f"{known}"
        )
    methods, video_id = _place(spec, kind, match["where"])
    first, last = _calls(spec, match["when"] or "all")
    return Fault(kind, methods, video_id, first, last)


def _place(
    spec: str, kind: FaultKind, where: str | None
) -> tuple[frozenset[str], str | None]:
    if where is None:
        return kind.methods, None
    named = {name.removesuffix(".list"): name for name in METHODS}
    method = named.get(where.removesuffix(".list"))
    if method in kind.methods:
        return frozenset({method}), None
    if method is None and kind.about_videos and _VIDEO_ID.fullmatch(where):
        return kind.methods, where
    places = sorted(name.removesuffix(".list") for name in kind.methods)
    either = " or a video id" if kind.about_videos else ""
    raise BadFault(
        f"{spec!r}: {kind.name} strikes at {', '.join(places)}{either}, not at {where}"
    )


def _calls(spec: str, when: str) -> tuple[int, int | None]:
    if when == "all":
        return 1, None
    first, dash, last = when.rstrip("+").partition("-")
    numbers = int(first), int(last) if dash else int(first)
    if numbers[0] < 1 or numbers[1] < numbers[0]:
        raise BadFault(f"{spec!r}: calls are counted from 1: 2, 2-4, 3+ or all")
    return numbers[0], None if when.endswith("+") else numbers[1]
