"""One behaviour for every algorithm."""

import sys

import numpy as np
import pytest

from ml.recommend.algorithms.registry import (
    UnknownAlgorithm,
    find_algorithm,
    list_available,
)
from ml.recommend.arrays import best
from ml.recommend.interface import BadSetting, Run, Unavailable
from ml.recommend.model import fit_model
from tests.ml.recommend.tables import EVERY, KNOW_TASTES, N_ITEMS, pairs_of, two_tastes

every = pytest.mark.parametrize("name", EVERY)
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
@pytest.mark.parametrize(
    ("liked", "disliked"),
    [
        ([], range(N_ITEMS)),
        (range(N_ITEMS), []),
        ([0], []),
        ([0, 2, 3], [0, 2, 3]),
        ([0, 2], [1, 2]),
    ],
    ids=["hates all", "likes all", "one rating", "takes all back", "contradicts"],
)
def test_odd_listeners_get_nothing_that_they_know(fitted, name, liked, disliked):
    answer = fitted(name).recommend_for(liked, N_ITEMS, disliked=disliked)

    expected = set(range(N_ITEMS)) - {*liked, *disliked}
    assert set(items_of(answer.suggestions)) == expected
    assert answer.n_liked == len({*liked} - {*disliked})


@every
def test_a_fit_may_be_interrupted_and_is_the_same_when_run_again(fitted, name):
    def interrupt(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_model(name, two_tastes(), run=Run(progress=interrupt))

    again = fit_model(name, two_tastes())
    for key, array in fitted(name).arrays.items():
        np.testing.assert_array_equal(array, again.arrays[key])


@every
def test_answers_need_no_more_than_the_arrays(fitted, name):
    model = fitted(name)
    for array in model.arrays.values():
        assert isinstance(array, np.ndarray)
        assert array.dtype.kind in "fiu"
        array.flags.writeable = False  # as they are when mapped from a file

    scores = [
        model.algorithm.score(model.arrays, model.pairs.likes[:3], users)
        for users in (np.arange(3, dtype=np.int32), None)
    ]

    assert scores[0].dtype == np.float32
    assert scores[0].shape == (3, N_ITEMS)
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["als", "bm25", "blend", "tfidf"])
def test_what_amounts_are_counted_in_changes_little(name):
    pairs = two_tastes()
    seconds = pairs._replace(likes=pairs.likes * np.float32(200))
    top = [
        items_of(fit_model(name, p).recommend(0, 4).suggestions)
        for p in (pairs, seconds)
    ]

    assert len({*top[0]} & {*top[1]}) >= 3


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
        find_algorithm("cosine").complete_settings({"j": 3})
    with pytest.raises(BadSetting, match="k cannot be 'ten'"):
        find_algorithm("cosine").complete_settings({"k": "ten"})


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"factors": 0}, "from 1 to 1,024"),
        ({"factors": 2.5}, "a whole number"),
        ({"alpha": float("nan")}, "cannot be nan"),
        ({"alpha": True}, "cannot be True"),
        ({"iterations": 10**9}, "from 1 to 1,000"),
    ],
)
def test_settings_that_would_end_badly_are_refused(settings, complaint):
    with pytest.raises(BadSetting, match=complaint):
        find_algorithm("als").complete_settings(settings)


@every
def test_each_number_that_can_be_set_has_bounds(name):
    algorithm = find_algorithm(name)

    for key, value in algorithm.settings.items():
        low, high = algorithm.bounds[key]
        assert low <= value <= high


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightfm", None)

    with pytest.raises(Unavailable, match="lightfm-next"):
        fit_model("warp", two_tastes())


def test_list_available_leaves_out_what_is_not_installed(monkeypatch):
    monkeypatch.setattr(
        "ml.recommend.algorithms.registry.LIBRARIES", {"als": "no_such_library"}
    )

    assert "als" not in list_available()
    assert "popularity" in list_available()


def test_best_finds_the_greatest_of_many_as_a_sort_does():
    rng = np.random.default_rng(0)
    for n_items in (5, 4097, 50_001):
        scores = rng.integers(0, 900, n_items).astype(np.float32)  # so that some tie
        scores[rng.random(n_items) < 0.3] = -np.inf
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] > -np.inf]

        for n in (1, 10, 1000):
            np.testing.assert_array_equal(best(scores, n), order[:n])


def test_best_of_scores_that_are_nearly_all_equal_has_the_smaller_codes():
    scores = np.zeros(50_001, np.float32)
    scores[[40_000, 30_000, 50_000]] = 1, 2, -np.inf

    assert best(scores, 6).tolist() == [30_000, 40_000, 0, 1, 2, 3]
    assert len(best(scores, 60_000)) == 50_000
