"""Training a version of a recommender: read, judge, fit, store, and promote by the rule.

The command and the worker call the same function. It may die anywhere: the row says
where it stood, the live version answers as before, and the next run goes on.
"""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone

from background import locks
from ml.recommend.algorithms.registry import UnknownAlgorithm
from ml.recommend.data.interactions import Interactions, NothingLeft, collect
from ml.recommend.evaluation.evaluate import evaluate
from ml.recommend.evaluation.splitting import (
    NothingToJudge,
    Split,
    hold_out,
    hold_out_latest,
)
from ml.recommend.interface import BadSetting, NotFinite, Run, Unavailable
from ml.recommend.model import fit_model
from ml.recommend.storage import store
from ml.recommend.storage.checksums import StoreError
from recommenders.models import Recommender, RecommenderVersion, TrainingState
from recommenders.training import in_progress
from recommenders.training.config import TrainingConfig, preparation_of
from recommenders.training.in_progress import Hidden, TrainingFailed, is_hidden
from recommenders.versions import loading, paths, promotion_rule
from recommenders.versions.registry import RecommenderLedger
from songs.predictions.ledger import (
    ChangeReason,
    LiveChanged,
    PromotionDecision,
    PromotionError,
)

SEED = 0
BETWEEN_S = 0.5  # two words about progress
WORTH_THREADS = 100_000  # likes; fewer are done before threads have begun
TOO_LARGE = "There is not enough memory for this table; raise the minimums."
OVERTAKEN = "It was cut off, and another training has begun since."


OUR_ERRORS = (
    NothingLeft,
    UnknownAlgorithm,
    BadSetting,
    NotFinite,
    Unavailable,
    StoreError,
    PromotionError,
    Hidden,
)
Show = Callable[[str, int, int], object]  # the step, how much is done, of how much


def train(version: RecommenderVersion, *, show: Show | None = None) -> None:
    """Train a version to its end; one that has reached it stays as it is.

    Raises TrainingFailed, which the row remembers, and locks.AlreadyRunning. Cut off it
    keeps what it has judged and begins again with the fit.
    """
    with locks.alone(in_progress.lock_name(version.recommender)):
        version.refresh_from_db()
        if version.state in (TrainingState.READY, TrainingState.FORGOTTEN):
            return
        _clear_up(version)
        version.state, version.problem = TrainingState.RUNNING, ""
        version.save(update_fields=["state", "problem"])
        try:
            _train(version, _Progress(version, show))
        except OUR_ERRORS as exc:
            _fail(version, str(exc))
            raise TrainingFailed(str(exc)) from exc
        except MemoryError as exc:
            _fail(version, TOO_LARGE)
            raise TrainingFailed(TOO_LARGE) from exc
        except Exception as exc:
            if not Recommender.objects.filter(pk=version.recommender_id).exists():
                paths.remove(version.folder.parent)
                raise TrainingFailed("It was deleted meanwhile.") from exc
            _fail(version, f"A fault of ours ({type(exc).__name__}); it is logged.")
            raise
        except BaseException:  # told to end: somebody goes on with it
            _set(version, state=TrainingState.WAITING)
            raise


def read(version: RecommenderVersion) -> Interactions:
    """Read the columns that the version learns from, and collect them.

    Raises NothingLeft, and StoreError where the dataset has lost its rows or columns.
    """
    recipe = TrainingConfig.from_dict(version.recipe)
    path = version.dataset_version.table
    try:
        columns = {
            role: _read_column(path, name) if name else None
            for role, name in asdict(recipe.roles).items()
        }
    except (OSError, pa.ArrowException, KeyError) as exc:
        reason = f"The rows of the dataset cannot be read ({type(exc).__name__})."
        raise StoreError(f"{reason} Upload it again.") from exc
    interactions = collect(
        columns.pop("who"),
        columns.pop("what"),
        weights=columns.pop("how_much"),
        names=columns.pop("name_column"),
        times=columns.pop("when"),
        preparation=preparation_of(recipe.preparation),
    )
    pa.default_memory_pool().release_unused()
    return interactions


class _Progress:
    """Tells the row and whoever listens, but not too often."""

    def __init__(self, version: RecommenderVersion, show: Show | None) -> None:
        self.version, self.show, self.told = version, show, 0.0

    def step(self, name: str, done: int = 0, total: int = 0) -> None:
        last = done == total
        if not last and time.monotonic() < self.told + BETWEEN_S:
            return
        self.told = time.monotonic()
        self.version.show(name, done, total)
        if self.show:
            self.show(name, done, total)

    def run(self, name: str, n_likes: int) -> Run:
        self.step(name)
        n_threads = 1 if n_likes < WORTH_THREADS else len(os.sched_getaffinity(0))
        return Run(SEED, n_threads, lambda done, total: self.step(name, done, total))


def _clear_up(version: RecommenderVersion) -> None:
    """Put away what killed trainings left: the lock is ours, so nobody is at it."""
    siblings = version.recommender.versions.exclude(pk=version.pk)
    siblings.filter(state=TrainingState.RUNNING).update(
        state=TrainingState.FAILED, problem=OVERTAKEN, step="", ended=timezone.now()
    )
    for unfinished in version.folder.parent.glob("*.part"):
        shutil.rmtree(unfinished, ignore_errors=True)


def _train(version: RecommenderVersion, progress: _Progress) -> None:
    progress.step("reading rows")
    if is_hidden(version.recommender):  # by now: it may have waited for long
        raise Hidden(Hidden.__doc__)
    interactions = read(version)
    version.report = asdict(interactions.report)
    version.save(update_fields=["report"])
    decision = _judge(version, interactions, progress)
    recipe, pairs = TrainingConfig.from_dict(version.recipe), interactions.pairs
    run = progress.run("learning", pairs.likes.nnz)
    model = fit_model(recipe.algorithm, pairs, recipe.settings, run=run)
    run = progress.run("finding similar items", pairs.likes.nnz)
    manifest = store.save(model, interactions, version.folder, run=run)
    with transaction.atomic():
        version.manifest, version.verdict = manifest, _as_json(decision)
        version.state, version.ended, version.step = (
            TrainingState.READY,
            timezone.now(),
            "",
        )
        version.save(force_update=True)
        _promote(version, decision)


def _judge(
    version: RecommenderVersion, interactions: Interactions, progress: _Progress
) -> PromotionDecision:
    """Judge the recipe unless that is done, beside the live one where it has to be."""
    live = version.recommender.live_version()
    usable = live is not None and not loading.check(live)
    compared = usable and promotion_rule.needs_comparison(version.recipe, live)
    reference = None
    if (version.evaluation is None and not version.not_judged) or compared:
        try:
            split = _split(interactions)
        except NothingToJudge as exc:
            version.not_judged = str(exc)
        else:
            if version.evaluation is None:
                version.evaluation = _figures(
                    version.recipe, split, progress, "judging"
                )
            if compared:
                step = "judging the live recipe"
                reference = _figures(live.recipe, split, progress, step)
        version.save(update_fields=["evaluation", "not_judged"])
    return promotion_rule.decide(
        version.recipe,
        version.evaluation,
        live,
        live_usable=usable,
        reference=reference,
    )


def _figures(
    recipe: dict[str, Any], split: Split, progress: _Progress, step: str
) -> dict[str, Any]:
    run = progress.run(step, split.train.likes.nnz)
    judged = evaluate(recipe["algorithm"], split, recipe["settings"], run=run)
    return judged.to_dict()


def _split(interactions: Interactions) -> Split:
    if interactions.pairs.when is not None:
        return hold_out_latest(interactions.pairs)
    return hold_out(interactions.pairs, seed=SEED)


def _promote(version: RecommenderVersion, decision: PromotionDecision) -> None:
    """Make it live if the rule or a person says so; a change meanwhile is remembered."""
    if not (decision.promote or version.force):
        return
    reason = ChangeReason(
        version.who_asked,
        version.force or decision.reason,
        forced=bool(version.force) and not decision.promote,
        comparison=decision.comparison,
    )
    try:
        RecommenderLedger(version.recommender).promote(version.pk, reason)
    except LiveChanged as exc:
        why = f"{decision.reason}; not promoted: {exc}"
        version.verdict = _as_json(replace(decision, promote=False, reason=why))
        version.save(update_fields=["verdict"])
    else:
        version.refresh_from_db()


def _as_json(decision: PromotionDecision) -> dict[str, Any]:
    own = {"promote": decision.promote, "reason": decision.reason}
    return own | decision.comparison


def _fail(version: RecommenderVersion, problem: str) -> None:
    now = timezone.now()
    _set(version, state=TrainingState.FAILED, problem=problem, ended=now, step="")


def _set(version: RecommenderVersion, **columns: Any) -> None:
    """Store some columns, of a version that may have been deleted meanwhile."""
    RecommenderVersion.objects.filter(pk=version.pk).update(**columns)
    for name, value in columns.items():
        setattr(version, name, value)


def _read_column(path: Path, name: str) -> pa.Array:
    """Read one column; texts as codes of one dictionary, a tenth of the memory."""
    is_text = pa.types.is_string(pq.read_schema(path).field(name).type)
    table = pq.read_table(
        path, columns=[name], read_dictionary=[name] if is_text else None
    )
    column = table.column(0).unify_dictionaries().combine_chunks()
    del table
    pa.default_memory_pool().release_unused()  # before the next column is read
    return column
