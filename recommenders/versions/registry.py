"""Which version of a recommender answers: its ledger, the table RecommenderPromotion."""

from collections.abc import Iterable
from typing import Any

from ml.recommend.storage import checksums
from ml.recommend.storage.checksums import StoreError
from recommenders.models import Recommender, TrainingState
from songs.predictions.ledger import ChangeReason, Ledger, PromotionError, Unusable


class NotReady(PromotionError):
    """This version has not been trained to its end, or its files made room for others."""


class RecommenderLedger(Ledger):
    """The ledger of one recommender; its versions are named by primary key."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self.versions, self.promotions = recommender.versions, recommender.promotions

    def lock(self) -> None:
        locked = Recommender.objects.select_for_update(of=("self",))
        locked.get(pk=self.recommender.pk)

    def check_usable(self, version: int) -> None:
        """Raise NotReady, or Unusable where files are missing or damaged."""
        row = self.versions.get(pk=version)
        if row.state != TrainingState.READY:
            raise NotReady(NotReady.__doc__)
        try:
            checksums.check(row.folder, row.manifest["files"])
        except StoreError as exc:
            raise Unusable(f"Version {row.number} cannot be promoted: {exc}") from exc

    def history(self) -> Iterable[tuple[int, bool]]:
        return self.promotions.order_by("id").values_list("version_id", "rolled_back")

    def columns(self, version: int, reason: ChangeReason) -> dict[str, Any]:
        return {"version_id": version, "rolled_back": reason.is_rollback}

    def promoted(self) -> list[int]:
        """As of any ledger, without those whose files were removed."""
        forgotten = self.versions.filter(state=TrainingState.FORGOTTEN)
        lost = {*forgotten.values_list("pk", flat=True)}
        return [version for version in super().promoted() if version not in lost]
