"""The rule by which a version of the mood model earns its promotion, in one place.

What is compared are recipes, each fitted again on the same folds of today's labels,
never a stored model on rows that it was trained on. The figure is the macro-F1 of the
grouped folds, the first of the protocol.

- The recipe of the live model, on as many labels or more, is promoted unless its 95 %
  interval lies wholly below the figure that the live model was released with.
- Another recipe is promoted if it beats that of the live model: the 95 % interval of
  the difference, paired over the near-duplicate groups, lies wholly above 0.
- Where the live model may not be used, any version that may is promoted.

A person may decide otherwise and say why; see `songs.predictions.ledger`.
"""

from dataclasses import dataclass
from typing import Any

from songs.predictions.ledger import PromotionDecision
from songs.predictions.predict import NoModel, live
from songs.predictions.registry import mood_ledger
from songs.predictions.releases import Figures

Metrics = dict[str, Any]  # JSON-able


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The live model, as far as the rule looks at it."""

    version: str | None  # as in the ledger: None is the shipped model
    recipe: str | None  # None: the model may not be used
    n_labels: int = 0
    macro_f1: float | None = None  # that it was released with; None: never judged


def incumbent() -> Incumbent:
    """Describe the model that is live now."""
    version = mood_ledger.live_version()
    try:
        manifest = live().manifest
    except NoModel:
        return Incumbent(version, None)
    released = Figures.of(manifest.to_dict())
    return Incumbent(
        version,
        manifest.recipe,
        n_labels=released.n_labels,
        macro_f1=released.recipe.macro_f1 if released.recipe else None,
    )


def decide(metrics: Metrics, n_labels: int, against: Incumbent) -> PromotionDecision:
    """Apply the rule.

    `metrics` are an ``Evaluation.to_dict()`` of the version's recipe on today's labels,
    with the recipe of `against` among the baselines; `n_labels` is how many videos the
    version itself learned from.
    """
    basis: Metrics = {
        "live": against.version,
        "live_recipe": against.recipe,
        "recipe": metrics["recipe"],
        "data_digest": metrics["data_digest"],
    }
    if against.recipe is None:
        return PromotionDecision(True, "the live model may not be used", basis)
    if against.recipe == metrics["recipe"]:
        return _same_recipe(metrics, n_labels, against, basis)
    return _other_recipe(metrics, against.recipe, basis)


def _same_recipe(
    metrics: Metrics, n_labels: int, against: Incumbent, basis: Metrics
) -> PromotionDecision:
    interval, released = metrics["macro_f1_interval"], against.macro_f1
    basis = basis | {"interval": interval, "released": released}
    if n_labels < against.n_labels:
        fewer = f"learned from {n_labels} labels, the live model from"
        return PromotionDecision(False, f"{fewer} {against.n_labels}", basis)
    if released is None:
        reason = "the same recipe; the live model was never judged"
        return PromotionDecision(True, reason, basis)
    span = f"its macro-F1 ({interval['low']:.3f} to {interval['high']:.3f})"
    if interval["high"] < released:
        reason = f"{span} lies wholly below the {released:.3f} of the live model"
        return PromotionDecision(False, reason, basis)
    reason = f"the same recipe; {span} does not lie below the {released:.3f}"
    return PromotionDecision(True, f"{reason} of the live model", basis)


def _other_recipe(
    metrics: Metrics, live_recipe: str, basis: Metrics
) -> PromotionDecision:
    paired = metrics["comparisons"][live_recipe]
    difference = paired["macro_f1"]
    reason = (
        f"macro-F1 {difference['difference']:+.3f} beside {live_recipe}, 95 % interval "
        f"{difference['low']:+.3f} to {difference['high']:+.3f}"
    )
    better = difference["low"] > 0
    if not better:
        reason += ": not surely better"
    return PromotionDecision(better, reason, basis | {"paired": paired})
