"""The rule by which a version of a recommender earns its promotion, in one place.

The figure is nDCG@10 on likes that were held out. What is compared are recipes, each
fitted anew on the same split of today's rows, never a stored model on rows that it was
trained on.

- The first version is promoted, and any where the files of the live one are damaged.
- The same recipe on other rows is promoted unless its figure lies surely below the one
  that the live version was released with.
- Another algorithm, or other settings, are promoted if their figure is higher than that
  of the live recipe on the same split.
- Other columns or another preparation answer another question: no figure compares
  them, and a person decides.

A person may decide otherwise and say why; see `recommenders.versions.registry`.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

from recommenders.models import RecommenderVersion

Figures = dict[str, Any]  # ml.recommend.evaluation.evaluate.Evaluation.to_dict()
SAME_QUESTION = ("roles", "preparation")
Z = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says about a version."""

    promote: bool
    reason: str
    live: int | None  # the version that it was compared with

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def needs_comparison(recipe: dict[str, Any], live: RecommenderVersion | None) -> bool:
    """Whether the live recipe has to be fitted beside this one."""
    return (
        live is not None
        and recipe != live.recipe
        and all(recipe[part] == live.recipe[part] for part in SAME_QUESTION)
    )


def decide(
    recipe: dict[str, Any],
    figures: Figures | None,
    live: RecommenderVersion | None,
    *,
    live_usable: bool = True,
    beside: Figures | None = None,
) -> Verdict:
    """Apply the rule.

    `figures` are those of the recipe, None where nobody could be judged; `beside` those
    of the live recipe on the same split, where `needs_comparison`.
    """
    if live is None:
        return Verdict(True, f"the first version; {_beside_popularity(figures)}", None)
    if not live_usable:
        reason = "the files of the live version are missing or damaged"
        return Verdict(True, reason, live.pk)
    if any(recipe[part] != live.recipe[part] for part in SAME_QUESTION):
        reason = "other columns or another preparation: no figure compares them"
        return Verdict(False, f"{reason}; promote it with a reason", live.pk)
    if figures is None:
        return Verdict(False, "nobody has enough likes to judge it by", live.pk)
    if recipe == live.recipe:
        return _same_recipe(figures, live)
    return _other_recipe(figures, beside, live)


def _same_recipe(figures: Figures, live: RecommenderVersion) -> Verdict:
    if live.evaluation is None:
        reason = "the same recipe; the live version was never judged"
        return Verdict(True, reason, live.pk)
    new, old = _ndcg(figures), _ndcg(live.evaluation)
    worst = old - math.hypot(_margin(figures), _margin(live.evaluation))
    said = f"the same recipe; nDCG@10 {new:.3f}, the live version's {old:.3f}"
    if new < worst:
        return Verdict(False, f"{said}: surely lower", live.pk)
    return Verdict(True, said, live.pk)


def _other_recipe(
    figures: Figures, beside: Figures | None, live: RecommenderVersion
) -> Verdict:
    if beside is None:
        return Verdict(False, "the live recipe could not be judged beside it", live.pk)
    new, old = _ndcg(figures), _ndcg(beside)
    said = f"nDCG@10 {new:.3f}, the live recipe's {old:.3f} on the same split"
    return Verdict(new > old, said if new > old else f"{said}: not higher", live.pk)


def _beside_popularity(figures: Figures | None) -> str:
    if figures is None:
        return "nobody has enough likes to judge it by"
    said = f"nDCG@10 {_ndcg(figures):.3f}"
    return f"{said}, popularity's {figures['baseline']['ndcg']:.3f}"


def _ndcg(figures: Figures) -> float:
    return float(figures["ranking"]["ndcg"])


def _margin(figures: Figures) -> float:
    """Half of a 95 % interval of a mean of values from 0 to 1, at its widest."""
    mean, n_users = _ndcg(figures), figures["ranking"]["n_users"]
    return Z * math.sqrt(mean * (1 - mean) / max(n_users, 1))
