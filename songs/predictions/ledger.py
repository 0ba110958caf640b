"""Which version of a model is live, and how that came about: one ledger for all models.

The mood model and each recommender have tables of their own: versions, of which at most
one is live, and promotions, which are only ever added to. What they share is here; see
decision 24. Knows no table.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Manager
from django.utils import timezone

Version = Any  # the primary key of a version, or what stands for none
ROLLED_BACK = "rolled_back_from"  # the key of a rollback's comparison


class PromotionError(Exception):
    """Base of this module: the live version stays as it was."""


class AlreadyLive(PromotionError):
    """This version is live already."""


class Unusable(PromotionError):
    """What is stored of the version is missing or damaged, or needs other libraries."""


class LiveChanged(PromotionError):
    """Somebody changed the live version meanwhile; look again."""


class NothingBefore(PromotionError):
    """No promotion can be taken back: the live version is the first there was."""


class NoReason(PromotionError):
    """What goes against the rule, or back, needs a reason for those who come later."""


@dataclass(frozen=True, slots=True)
class PromotionDecision:
    """What the rule says about one version, and what that rests on."""

    promote: bool
    reason: str
    comparison: dict[str, Any]  # "live" names the version that it was compared with


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """Who changes the live version and why.

    A comparison names under "live" the version that it was made with; only a forced
    change, which is one against the rule, needs none.
    """

    who: str  # a username, or the command
    reason: str
    forced: bool = False
    comparison: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise NoReason(NoReason.__doc__)

    @property
    def is_rollback(self) -> bool:
        return ROLLED_BACK in (self.comparison or {})


class Ledger(ABC):
    """The only writer of a model's `live` and of its promotions."""

    versions: Manager[Any]  # rows with `live` and `promoted`
    promotions: Manager[Any]  # rows with `at`, `who`, `reason` and `forced`
    initial: tuple[Version, ...] = ()  # what is live before anything was promoted

    @abstractmethod
    def lock(self) -> None:
        """Let nobody else change what is live until this transaction ends."""

    @abstractmethod
    def check_usable(self, version: Version) -> None:
        """Raise PromotionError unless the version could answer."""

    @abstractmethod
    def history(self) -> Iterable[tuple[Version, bool]]:
        """Each promotion, the oldest first: the version, and whether it was a rollback."""

    @abstractmethod
    def columns(self, version: Version, reason: ChangeReason) -> dict[str, Any]:
        """The columns of a promotion that only this model's table has."""

    def live_version(self) -> Version:
        return self.versions.filter(live=True).values_list("pk", flat=True).first()

    def promote(self, version: Version, reason: ChangeReason) -> None:
        """Make a version the live one; raises PromotionError."""
        with transaction.atomic():
            self.lock()
            live = self.live_version()
            if live == version:
                raise AlreadyLive(AlreadyLive.__doc__)
            if not reason.forced and reason.comparison["live"] != live:
                raise LiveChanged(LiveChanged.__doc__)
            self._switch(version, reason)

    def roll_back(self, *, who: str, reason: str, seen: Version = None) -> Version:
        """Go back to the version before the last promotion, and return it.

        Once more goes back one further, not forth again. With `seen`, the live version
        that the person saw, raises LiveChanged if it is another. Raises PromotionError.
        """
        with transaction.atomic():
            self.lock()
            live, before = self.live_version(), self.previous()
            if seen is not None and live != seen:
                raise LiveChanged(LiveChanged.__doc__)
            self._switch(
                before, ChangeReason(who, reason, comparison={ROLLED_BACK: live})
            )
        return before

    def previous(self) -> Version:
        """The version that a rollback would make live; raises NothingBefore."""
        if not self.can_roll_back():
            raise NothingBefore(NothingBefore.__doc__)
        return self.promoted()[-2]

    def can_roll_back(self) -> bool:
        return len(self.promoted()) > 1

    def promoted(self) -> list[Version]:
        """The versions whose promotion was not taken back, the live one last."""
        promoted = [*self.initial]
        for version, is_rollback in self.history():
            if not is_rollback:
                promoted.append(version)
                continue
            promoted.pop()
            while promoted and promoted[-1] != version:  # versions lost by then
                promoted.pop()
        return promoted

    def _switch(self, version: Version, reason: ChangeReason) -> None:
        self.check_usable(version)
        now = timezone.now()
        self.versions.filter(live=True).update(live=False)
        self.versions.filter(pk=version).update(live=True, promoted=now)
        self.promotions.create(
            at=now,
            who=reason.who,
            reason=reason.reason.strip(),
            forced=reason.forced,
            **self.columns(version, reason),
        )
