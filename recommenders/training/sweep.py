"""Old files and dead trainings are removed when a worker starts.

Of each recommender the live version, the one before it and the newest three keep their
files. The rows of the others stay: how good they were, and when they answered.
"""

import logging

from django.db import transaction

from recommenders.models import Recommender, TrainingState
from recommenders.training import in_progress
from recommenders.versions import paths
from recommenders.versions.loading import UNUSED_COLUMNS
from recommenders.versions.registry import RecommenderLedger

logger = logging.getLogger(__name__)

NEWEST = 3


def sweep() -> int:
    """Remove what is left over; returns how many folders and dead trainings there were."""
    swept = in_progress.fail_abandoned()
    for recommender in Recommender.objects.all():
        swept += forget_old(recommender)
    for folder in [*paths.without_rows()]:
        paths.remove(folder)
        swept += 1
    if swept:
        logger.info("swept %d leftovers of recommenders", swept)
    return swept


def forget_old(recommender: Recommender) -> int:
    """Remove the files of versions that nobody goes back to; returns of how many."""
    with transaction.atomic():
        ledger = RecommenderLedger(recommender)
        ledger.lock()
        ready = recommender.versions.filter(state=TrainingState.READY).order_by(
            "-number"
        )
        kept = {*ready.values_list("pk", flat=True)[:NEWEST]}
        kept |= {*ledger.promoted()[-2:]}
        old = list(ready.exclude(pk__in=kept).exclude(live=True).defer(*UNUSED_COLUMNS))
        ready.filter(pk__in=[one.pk for one in old]).update(
            state=TrainingState.FORGOTTEN
        )
    for version in old:
        paths.remove(version.folder)
    return len(old)
