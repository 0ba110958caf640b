"""Which version of a recommender answers: the only writer of `live` and its ledger.

Every change of a live version is a row of RecommenderPromotion, in one transaction.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ml.recommend.storage import checksums
from ml.recommend.storage.checksums import StoreError
from recommenders.models import (
    Recommender,
    RecommenderPromotion,
    RecommenderVersion,
    State,
)


class PromotionError(Exception):
    """Base of this module: the live version stays as it was."""


class AlreadyLive(PromotionError):
    """This version is live already."""


class NotReady(PromotionError):
    """This version has not been trained to its end, or its files made room for others."""


class Unusable(PromotionError):
    """Files of the version are missing or damaged; train again."""


class LiveChanged(PromotionError):
    """Somebody changed the live version meanwhile; look again."""


class NothingBefore(PromotionError):
    """No promotion can be taken back: the live version is the first there was."""


class NoReason(PromotionError):
    """What goes against the rule, or back, needs a reason for those who come later."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes the live version and why; `forced` is against the rule."""

    who: str  # a username, or the command
    reason: str
    forced: bool = False

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise NoReason(NoReason.__doc__)


def live_version(recommender: Recommender) -> RecommenderVersion | None:
    return recommender.versions.filter(live=True).first()


def promote(
    version: RecommenderVersion, cause: Cause, *, instead_of: int | None = None
) -> None:
    """Make a ready version the live one; raises PromotionError.

    Unless it is forced, `instead_of` names the live version that it was compared with
    (None: there was none), and LiveChanged is raised if that is another by now.
    """
    with transaction.atomic():
        live = _locked_live(version.recommender_id)
        if live == version.pk:
            raise AlreadyLive(AlreadyLive.__doc__)
        if not cause.forced and live != instead_of:
            raise LiveChanged(LiveChanged.__doc__)
        _switch(version.pk, cause)
    version.refresh_from_db()


def rollback(
    recommender: Recommender, *, who: str, reason: str, of: int | None = None
) -> RecommenderVersion:
    """Go back to the version before the last promotion, and return it.

    Once more goes back one further, not forth again. With `of`, the number of the live
    version that the person saw, raises LiveChanged if it is another. Raises
    PromotionError.
    """
    with transaction.atomic():
        live = _locked_live(recommender.pk)
        seen = recommender.versions.filter(number=of).values_list("pk", flat=True)
        if of is not None and live != seen.first():
            raise LiveChanged(LiveChanged.__doc__)
        before = previous(recommender)
        _switch(before.pk, Cause(who, reason), rolled_back=True)
    before.refresh_from_db()
    return before


def previous(recommender: Recommender) -> RecommenderVersion:
    """The version that a rollback would make live; raises NothingBefore."""
    versions = way_here(recommender)
    if len(versions) < 2:
        raise NothingBefore(NothingBefore.__doc__)
    return RecommenderVersion.objects.get(pk=versions[-2])


def can_roll_back(recommender: Recommender) -> bool:
    return len(way_here(recommender)) > 1


def way_here(recommender: Recommender) -> list[int]:
    """Keys of the versions whose promotion was not taken back, the live one last.

    Those whose files were removed are left out: there is no way back to them.
    """
    way, forgotten = list[int](), set[int]()
    columns = ("version_id", "rolled_back", "version__state")
    for version, rolled_back, state in recommender.promotions.order_by(
        "id"
    ).values_list(*columns):
        if state == State.FORGOTTEN:
            forgotten.add(version)
        if not rolled_back:
            way.append(version)
            continue
        way.pop()
        while way and way[-1] != version:  # over those that were forgotten by then
            way.pop()
    return [version for version in way if version not in forgotten]


def hold(recommender: int) -> None:
    """Let nobody else change what is live until this transaction ends."""
    Recommender.objects.select_for_update(of=("self",)).get(pk=recommender)


def _locked_live(recommender: int) -> int | None:
    """The live version, while nobody else can change it; readers go on."""
    hold(recommender)
    live = RecommenderVersion.objects.filter(recommender=recommender, live=True)
    return live.values_list("pk", flat=True).first()


def _switch(version: int, cause: Cause, *, rolled_back: bool = False) -> None:
    row = RecommenderVersion.objects.get(pk=version)
    if row.state != State.READY:
        raise NotReady(NotReady.__doc__)
    try:
        checksums.check(row.folder, row.manifest["files"])
    except StoreError as exc:
        raise Unusable(f"Version {row.number} cannot be promoted: {exc}") from exc
    now = timezone.now()
    siblings = RecommenderVersion.objects.filter(recommender=row.recommender_id)
    siblings.filter(live=True).update(live=False)
    siblings.filter(pk=version).update(live=True, promoted=now)
    RecommenderPromotion.objects.create(
        recommender_id=row.recommender_id,
        version=row,
        at=now,
        who=cause.who,
        reason=cause.reason.strip(),
        forced=cause.forced,
        rolled_back=rolled_back,
    )
