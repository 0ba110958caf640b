"""Which version of the mood model predicts: its ledger, the table ModelPromotion."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from ml.moods import files
from songs.models import ModelPromotion, MoodModel
from songs.predictions.ledger import (
    ROLLED_BACK,
    ChangeReason,
    Ledger,
    PromotionError,
    Unusable,
)

SHIPPED = None  # stands in the ledger for the model that ships with the project
LOCK = "LOCK TABLE songs_modelpromotion IN SHARE ROW EXCLUSIVE MODE"


class UnknownVersion(PromotionError):
    """There is no such version; the admin lists those there are."""


class MoodLedger(Ledger):
    """Versions are named by `MoodModel.version`, or SHIPPED."""

    initial = (SHIPPED,)
    versions = MoodModel.objects
    promotions = ModelPromotion.objects

    def lock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(LOCK)  # one change at a time; readers go on

    def check_usable(self, version: str | None) -> None:
        """Raise UnknownVersion, or Unusable where its file cannot be loaded."""
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

    def history(self) -> Iterable[tuple[str | None, bool]]:
        rows = self.promotions.order_by("id").values_list("model_id", "comparison")
        return ((version, ROLLED_BACK in (basis or {})) for version, basis in rows)

    def columns(self, version: str | None, reason: ChangeReason) -> dict[str, Any]:
        return {"model_id": version, "comparison": reason.comparison}


mood_ledger = MoodLedger()
