"""The rule: never silently worse."""

import pytest

from recommenders.models import RecommenderVersion
from recommenders.versions.promotion_rule import decide, needs_comparison

RECIPE = {
    "roles": {"who": "a"},
    "algorithm": "cosine",
    "settings": {},
    "preparation": {},
}
OTHER = RECIPE | {"algorithm": "bm25"}
OTHER_QUESTION = RECIPE | {"preparation": {"min_per_what": 5}}


def figures(ndcg, n_users=400):
    return {"ranking": {"ndcg": ndcg, "n_users": n_users}, "baseline": {"ndcg": 0.1}}


def live(ndcg=0.3):
    evaluation = None if ndcg is None else figures(ndcg)
    return RecommenderVersion(pk=7, recipe=RECIPE, evaluation=evaluation)


@pytest.mark.parametrize(
    ("recipe", "ndcg", "others", "promoted", "reason"),
    [
        (RECIPE, 0.2, {"live": None}, True, "the first version; nDCG@10 0.200"),
        (RECIPE, 0.29, {}, True, "the same recipe"),
        (RECIPE, 0.2, {}, False, "surely lower"),
        (RECIPE, 0.2, {"live": live(None)}, True, "was never judged"),
        (RECIPE, 0.2, {"live_usable": False}, True, "missing or damaged"),
        (RECIPE, None, {}, False, "nobody has enough likes"),
        (OTHER, 0.31, {"reference": figures(0.3)}, True, "the live recipe's 0.300"),
        (OTHER, 0.3, {"reference": figures(0.3)}, False, "not higher"),
        (OTHER, 0.5, {}, False, "could not be judged beside"),
        (OTHER_QUESTION, 0.9, {}, False, "promote it with a reason"),
    ],
)
def test_decide(recipe, ndcg, others, promoted, reason):
    own = None if ndcg is None else figures(ndcg)

    verdict = decide(recipe, own, **{"live": live()} | others)

    assert verdict.promote is promoted
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("recipe", "against", "needed"),
    [
        (RECIPE, None, False),
        (RECIPE, live(), False),
        (OTHER, live(), True),
        (OTHER_QUESTION, live(), False),
    ],
)
def test_needs_comparison_only_where_figures_compare(recipe, against, needed):
    assert needs_comparison(recipe, against) is needed
