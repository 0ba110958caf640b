"""One behaviour for every algorithm."""

import numpy as np
import pytest

from ml.recommend.algorithm import Run
from ml.recommend.algorithms import ALGORITHMS, UnknownAlgorithm, find_algorithm
from ml.recommend.model import BadSetting, complete_settings, fit_model
from tests.ml.recommend.tables import N_ITEMS, pairs_of, two_tastes

KNOW_TASTES = [name for name in ALGORITHMS if name != "popularity"]
every = pytest.mark.parametrize("name", ALGORITHMS)
EDGES = {
    "nothing": np.zeros((0, 0)),
    "one item": [[3], [1]],
    "one user": [[1, 2, 0, 5]],
    "nobody likes anything": np.zeros((3, 4)),
    "everybody likes everything": np.ones((5, 4)),
    "an empty row and column": [[1, 0, 2], [0, 0, 0], [3, 0, 4]],
    "billions": [[9e8, 1, 0], [9e8, 0, 1], [0, 9e8, 9e8]],
}


@pytest.fixture(scope="module")
def fitted():
    """A model of each algorithm, fitted once."""
    models = {}

    def fit(name):
        if name not in models:
            models[name] = fit_model(name, two_tastes())
        return models[name]

    return fit


def items_of(suggestions):
    return [suggestion.item for suggestion in suggestions]


@every
def test_recommend_leaves_out_what_is_known(fitted, name):
    model = fitted(name)

    for user in range(6):
        known = model.pairs.likes[user].indices
        answer = model.recommend(user, N_ITEMS)
        assert sorted([*items_of(answer.suggestions), *known]) == list(range(N_ITEMS))
        assert answer.n_liked == answer.n_left_out == len(known)


@every
def test_recommend_never_names_what_is_disliked(name):
    likes = two_tastes().likes.toarray()
    dislikes = (likes == 0) & (np.arange(N_ITEMS) < 20)
    model = fit_model(name, pairs_of(likes, dislikes))

    answer = model.recommend(0, N_ITEMS)

    assert min(items_of(answer.suggestions)) >= 20
    assert not set(
        items_of(model.recommend_for([0], 50, disliked=[2, 4]).suggestions)
    ) & {0, 2, 4}


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_recommend_finds_the_taste_of_a_user(fitted, name):
    model = fitted(name)

    for user in range(6):
        top = items_of(model.recommend(user, 4).suggestions)
        assert {item % 2 for item in top} == {user % 2}


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_recommend_for_finds_the_taste_of_somebody_unknown(fitted, name):
    answer = fitted(name).recommend_for([1, 3, 5], 5)

    assert all(item % 2 for item in items_of(answer.suggestions))
    assert answer.n_liked == 3


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_similar_finds_items_of_the_same_taste_and_their_shared_listeners(fitted, name):
    model = fitted(name)
    likes = model.pairs.likes.toarray() > 0

    found = model.similar(4, 5)

    assert all(item % 2 == 0 and item != 4 for item in items_of(found))
    for one in found:
        assert one.shared == (likes[:, 4] & likes[:, one.item]).sum()
        assert one.listeners == likes[:, one.item].sum()


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_reasons_are_known_items_with_their_shared_listeners(fitted, name):
    model = fitted(name)
    likes = model.pairs.likes.toarray() > 0

    best = model.recommend(0, 1).suggestions[0]

    assert best.reasons
    for reason in best.reasons:
        assert likes[0, reason.item]
        assert reason.shared == (likes[:, reason.item] & likes[:, best.item]).sum()
    either = likes[:, [reason.item for reason in best.reasons]].any(axis=1)
    assert best.shared == (likes[:, best.item] & either).sum()


@every
def test_closeness_falls_from_at_most_100_to_at_least_0(fitted, name):
    model = fitted(name)

    for suggestions in (
        model.similar(3, N_ITEMS),
        model.recommend(3, N_ITEMS).suggestions,
        model.recommend_for([2, 4], N_ITEMS).suggestions,
    ):
        closeness = [one.closeness for one in suggestions]
        assert closeness == sorted(closeness, reverse=True)
        assert closeness[0] <= 100
        assert closeness[-1] >= 0


@every
def test_the_same_seed_gives_the_same_model_with_any_number_of_threads(name):
    one, two = (
        fit_model(name, two_tastes(), run=Run(seed=3, n_threads=n)) for n in (1, 2)
    )

    assert one.arrays.keys() == two.arrays.keys()
    for key, array in one.arrays.items():
        np.testing.assert_array_equal(array, two.arrays[key])


@every
@pytest.mark.parametrize("edge", EDGES)
def test_edges_give_finite_answers_or_none(name, edge):
    pairs = (
        pairs_of(EDGES[edge]) if np.size(EDGES[edge]) else pairs_of(np.zeros((0, 0)))
    )
    n_users, n_items = pairs.likes.shape

    model = fit_model(name, pairs)

    found = [one for item in range(n_items) for one in model.similar(item, 99)]
    for user in range(n_users):
        found += model.recommend(user, 99).suggestions
    for items in ([], range(n_items)):
        found += model.recommend_for(items, 99).suggestions if n_items else []
    assert np.isfinite([one.closeness for one in found]).all()
    assert model.similar(0, 0) == [] if n_items else True


@every
def test_somebody_of_whom_nothing_is_known_gets_what_is_popular(fitted, name):
    model = fitted(name)
    listeners = np.diff(model.pairs.likes.tocsc().indptr)

    answer = model.recommend_for([], 3)

    assert answer.n_liked == 0
    assert (
        items_of(answer.suggestions)
        == np.argsort(-listeners, kind="stable")[:3].tolist()
    )


@every
def test_questions_about_what_is_not_there_are_refused(fitted, name):
    with pytest.raises(IndexError, match="no item 24"):
        fitted(name).similar(N_ITEMS)
    with pytest.raises(IndexError, match="no user -1"):
        fitted(name).recommend(-1)
    with pytest.raises(IndexError, match="no item 99"):
        fitted(name).recommend_for([99])


@every
def test_progress_is_told_to_the_end(name):
    told = []

    fit_model(name, two_tastes(), run=Run(progress=lambda *steps: told.append(steps)))

    done, of = told[-1]
    assert done == of > 0
    assert told == sorted(told)


def test_unknown_algorithms_and_settings_are_named():
    with pytest.raises(UnknownAlgorithm, match="there is: popularity, cosine"):
        find_algorithm("magic")
    with pytest.raises(BadSetting, match="no setting 'j'; it has: k"):
        complete_settings(find_algorithm("cosine"), {"j": 3})
    with pytest.raises(BadSetting, match="k cannot be 'ten'"):
        complete_settings(find_algorithm("cosine"), {"k": "ten"})
