"""Which version of the mood model predicts: the only writer of `live` and its ledger.

Every change of the live model is a row of ModelPromotion, in one transaction.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ml.moods import files
from songs.models import ModelPromotion, MoodModel

SHIPPED = None  # stands in the ledger for the model that ships with the project
ROLLED_BACK = "rolled_back_from"  # what the ledger has as comparison of a rollback
LOCK = "LOCK TABLE songs_modelpromotion IN SHARE ROW EXCLUSIVE MODE"


class PromotionError(Exception):
    """Base of this module: the live model stays as it was."""


class UnknownVersion(PromotionError):
    """There is no such version; the admin lists those there are."""


class AlreadyLive(PromotionError):
    """This version is live already."""


class Unusable(PromotionError):
    """The version's file is damaged, or was made with other libraries."""


class LiveChanged(PromotionError):
    """Somebody changed the live model meanwhile; look again."""


class NothingBefore(PromotionError):
    """No promotion can be taken back: the live model is the first there was."""


class NoReason(PromotionError):
    """What goes against the rule, or back, needs a reason for those who come later."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes the live model and why.

    A comparison names under "live" the version that it was made with; only a forced
    change needs none.
    """

    who: str  # a username, or the command
    reason: str
    forced: bool = False
    comparison: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise NoReason(NoReason.__doc__)


def live_version() -> str | None:
    """The promoted version; SHIPPED where there is none."""
    row = MoodModel.objects.filter(live=True).values_list("version", flat=True)
    return row.first()


def promote(version: str, cause: Cause) -> None:
    """Make a stored version the live one; raises PromotionError."""
    with transaction.atomic():
        live = _locked_live_version()
        if live == version:
            raise AlreadyLive(f"{version} is live already.")
        if not cause.forced and cause.comparison["live"] != live:
            raise LiveChanged("The live model has changed meanwhile; compare again.")
        _switch(version, cause)


def rollback(*, who: str, reason: str, of: str | None = None) -> str | None:
    """Go back to the version before the last promotion; returns it, or SHIPPED.

    Once more goes back one further, not forth again. With `of`, the live version that
    the person saw, raises LiveChanged if it is another. Raises PromotionError.
    """
    with transaction.atomic():
        live = _locked_live_version()
        before = previous()
        if of is not None and live != of:
            raise LiveChanged(f"{of} is not live any more.")
        comparison = {ROLLED_BACK: live}
        _switch(before, Cause(who, reason, comparison=comparison))
    return before


def previous() -> str | None:
    """The version that a rollback would make live, or SHIPPED; raises NothingBefore."""
    versions = _way_here()
    if len(versions) < 2:
        raise NothingBefore(NothingBefore.__doc__)
    return versions[-2]


def can_roll_back() -> bool:
    return len(_way_here()) > 1


def _way_here() -> list[str | None]:
    """The promotions that were not taken back, the live version last."""
    way = [SHIPPED]
    ledger = ModelPromotion.objects.order_by("id")
    for version, comparison in ledger.values_list("model_id", "comparison"):
        if ROLLED_BACK in (comparison or {}):
            way.pop()
        else:
            way.append(version)
    return way


def _locked_live_version() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)  # one change of the live model at a time; readers go on
    return live_version()


def _switch(version: str | None, cause: Cause) -> None:
    _check_usable(version)
    now = timezone.now()
    MoodModel.objects.filter(live=True).update(live=False)
    MoodModel.objects.filter(pk=version).update(live=True, promoted=now)
    ModelPromotion.objects.create(
        model_id=version,
        at=now,
        who=cause.who,
        reason=cause.reason.strip(),
        forced=cause.forced,
        comparison=cause.comparison,
    )


def _check_usable(version: str | None) -> None:
    try:
        if version is SHIPPED:
            files.load_shipped()
            return
        row = MoodModel.objects.defer("report", "held_out").get(pk=version)
        manifest = files.Manifest.from_dict(row.manifest)
        files.load(bytes(row.content), manifest)
    except MoodModel.DoesNotExist as exc:
        raise UnknownVersion(f"There is no version {version!r}.") from exc
    except files.ModelFileError as exc:
        name = version or "The shipped model"
        raise Unusable(f"{name} cannot be promoted: {exc}") from exc
