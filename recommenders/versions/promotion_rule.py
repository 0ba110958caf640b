"""The rule by which a version of a recommender earns its promotion, in one place.

The figure is nDCG@10 on likes that were held out. What is compared are recipes, each
fitted again on the same split of today's rows, never a stored model on rows that it was
trained on.

- The first version is promoted, and any where the files of the live one are damaged.
- The same recipe on other rows is promoted unless its figure lies surely below the one
  that the live version was released with.
- Another algorithm, or other settings, are promoted if their figure is higher than that
  of the live recipe on the same split.
- Other columns or another preparation answer another question: no figure compares
  them, and a person decides.

A person may decide otherwise and say why; see `songs.predictions.ledger`.
"""

import math
from typing import Any

from recommenders.models import RecommenderVersion
from songs.predictions.ledger import PromotionDecision

Figures = dict[str, Any]  # ml.recommend.evaluation.evaluate.RankingEvaluation.to_dict()
SAME_QUESTION = ("roles", "preparation")
Z = 1.96  # of a 95 % interval
NOT_JUDGED = "nobody has enough likes to judge it by"
OTHER_QUESTION = (
    "other columns or another preparation: no figure compares them; promote it with a "
    "reason"
)


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
    reference: Figures | None = None,
) -> PromotionDecision:
    """Apply the rule.

    `figures` are those of the recipe, None where nobody could be judged; `reference`
    those of the live recipe on the same split, where `needs_comparison`.
    """
    if live is None:
        promote, reason = True, f"the first version; {_beside_popularity(figures)}"
    elif not live_usable:
        promote, reason = True, "the files of the live version are missing or damaged"
    elif any(recipe[part] != live.recipe[part] for part in SAME_QUESTION):
        promote, reason = False, OTHER_QUESTION
    elif figures is None:
        promote, reason = False, NOT_JUDGED
    elif recipe == live.recipe:
        promote, reason = _same_recipe(figures, live)
    else:
        promote, reason = _other_recipe(figures, reference)
    return PromotionDecision(promote, reason, {"live": live and live.pk})


def _same_recipe(figures: Figures, live: RecommenderVersion) -> tuple[bool, str]:
    if live.evaluation is None:
        return True, "the same recipe; the live version was never judged"
    new, old = _ndcg(figures), _ndcg(live.evaluation)
    lowest = old - math.hypot(_margin(figures), _margin(live.evaluation))
    text = f"the same recipe; nDCG@10 {new:.3f}, the live version's {old:.3f}"
    return (False, f"{text}: surely lower") if new < lowest else (True, text)


def _other_recipe(figures: Figures, reference: Figures | None) -> tuple[bool, str]:
    if reference is None:
        return False, "the live recipe could not be judged beside it"
    new, old = _ndcg(figures), _ndcg(reference)
    text = f"nDCG@10 {new:.3f}, the live recipe's {old:.3f} on the same split"
    return (True, text) if new > old else (False, f"{text}: not higher")


def _beside_popularity(figures: Figures | None) -> str:
    if figures is None:
        return NOT_JUDGED
    own = f"nDCG@10 {_ndcg(figures):.3f}"
    return f"{own}, popularity's {figures['baseline']['ndcg']:.3f}"


def _ndcg(figures: Figures) -> float:
    return float(figures["ranking"]["ndcg"])


def _margin(figures: Figures) -> float:
    """Half of a 95 % interval of a mean of values from 0 to 1, at its widest."""
    mean, n_users = _ndcg(figures), figures["ranking"]["n_users"]
    return Z * math.sqrt(mean * (1 - mean) / max(n_users, 1))
