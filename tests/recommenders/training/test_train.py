"""Training a version: from rows to a live version, and what may go wrong."""

import random

import pytest

from background.locks import Interrupted
from ml.recommend.storage import store
from recommenders.models import TrainingState
from recommenders.training import edit, train
from recommenders.training.config import Roles, TrainingConfig
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.recommenders.fixtures import ROLES
from tests.recommenders.plays import add_version, two_tastes

pytestmark = pytest.mark.django_db


def test_train_judges_stores_and_promotes_the_first_version(make_recommender):
    version = request_training(make_recommender(), who="olga")
    steps = []

    train.train(version, show=lambda step, done, total: steps.append(step))

    assert (version.state, version.live, version.number) == (
        TrainingState.READY,
        True,
        1,
    )
    assert version.report["n_rows"] == 360
    figures = version.evaluation
    assert figures["ranking"]["ndcg"] > figures["baseline"]["ndcg"]
    assert figures["split_seed"] == 0
    assert (version.folder / "manifest.json").exists()
    promotion = version.recommender.promotions.get()
    assert promotion.reason.startswith("the first version; nDCG@10")
    assert list(dict.fromkeys(steps)) == [
        "reading rows",
        "judging",
        "learning",
        "finding similar items",
    ]


def test_train_judges_by_time_where_a_column_says_when(make_recommender):
    columns = two_tastes() | {"at": [row % 6 for row in range(360)]}
    roles = Roles("listener", "artist", when="at")

    recommender = make_recommender(columns, roles=roles)
    train.train(version := request_training(recommender, who="olga"))

    figures = version.evaluation
    assert figures["split"] == "all likes after a moment, the latest 20%"
    assert (figures["split_seed"], figures["n_test"]) == (None, 60)


def test_train_says_why_nobody_could_be_judged(make_recommender):
    columns = two_tastes() | {"at": [None] * 360}
    roles = Roles("listener", "artist", when="at")

    recommender = make_recommender(columns, roles=roles)
    train.train(version := request_training(recommender, who="olga"))

    assert (version.evaluation, version.live) == (None, True)
    assert version.not_judged == "no row says when it was"


def test_train_sums_rows_and_counts_those_it_refused(make_recommender):
    columns = {
        "listener": ["a", "a", "b", None, "b"],
        "artist": ["Hush", "hush", "Hush", "Hush", "Kelp"],
        "plays": [1, 2, 3, 4, 5],
    }
    recommender = make_recommender(columns)

    train.train(version := request_training(recommender, who="olga"))

    assert version.report["n_repeated"] == 1
    assert version.report["refused"] == {"it does not say who": 1}
    assert version.report["what_spellings"]["n_names"] == 1
    assert version.not_judged == "nobody has enough likes to hold some out"


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ({"preparation": {"min_per_what": 99}}, "of 360 rows no like is left"),
        ({"preparation": {"min_rows_per_who": 9}}, "360 because too few rows"),
    ],
)
def test_train_says_why_nothing_could_be_learned(make_recommender, choices, problem):
    version = request_training(make_recommender(**choices), who="olga")

    with pytest.raises(train.TrainingFailed, match=problem):
        train.train(version)

    version.refresh_from_db()
    assert version.state == TrainingState.FAILED
    assert problem in version.problem
    assert not version.folder.parent.exists()


def test_train_says_that_the_rows_are_gone(make_recommender):
    version = request_training(make_recommender(), who="olga")
    version.dataset_version.table.unlink()

    with pytest.raises(train.TrainingFailed, match="Upload it again"):
        train.train(version)


def test_ask_goes_on_with_what_was_begun_and_starts_anew_after_a_change(trained):
    begun = request_training(trained, who="olga")
    assert begun.number == 2
    assert request_training(trained, who="olga") == begun

    edit.change(trained, TrainingConfig(ROLES, algorithm="bm25"))
    assert request_training(trained, who="olga").number == 3
    add_version(trained.dataset, two_tastes(seed=1))
    assert request_training(trained, who="olga").number == 4


def interrupted(*arguments, **options):
    raise Interrupted


def test_train_does_not_judge_again_what_was_cut_off_in_the_fit(
    make_recommender, monkeypatch
):
    version = request_training(make_recommender(), who="olga")
    with monkeypatch.context() as patch:
        patch.setattr(train, "fit_model", interrupted)
        with pytest.raises(Interrupted):
            train.train(version)
    version.refresh_from_db()
    assert version.state == TrainingState.WAITING
    judged = version.evaluation
    monkeypatch.setattr(train, "evaluate", None)

    train.train(request_training(version.recommender, who="olga"))

    version.refresh_from_db()
    assert (version.state, version.evaluation) == (TrainingState.READY, judged)


def test_train_clears_up_after_one_that_was_killed_and_cannot_be_gone_on_with(trained):
    dead = request_training(trained, who="olga")
    dead.state = TrainingState.RUNNING
    dead.save()
    part = dead.folder.with_name("2.part")
    part.mkdir()
    add_version(trained.dataset, two_tastes(seed=1))

    train.train(version := request_training(trained, who="olga"))

    dead.refresh_from_db()
    assert (version.number, version.state) == (3, TrainingState.READY)
    assert (dead.state, dead.problem) == (TrainingState.FAILED, train.OVERTAKEN)
    assert not part.exists()


def test_recommender_of_pure_chance_is_judged_to_be_chance(make_recommender):
    """Held-out likes that leaked into the fit would make it look like a prophet."""
    draw = random.Random(0)
    pairs = [(f"l{n}", f"a{a}") for n in range(250) for a in draw.sample(range(40), 10)]
    who, what = map(list, zip(*pairs, strict=True))
    columns = {"listener": who, "artist": what, "plays": [1] * len(who)}

    train.train(version := request_training(make_recommender(columns), who="olga"))

    assert 0.45 < version.evaluation["ranking"]["auc"] < 0.55


def test_train_leaves_a_version_that_is_ready_alone(trained, monkeypatch):
    monkeypatch.setattr(train, "read", None)
    train.train(trained.versions.get())


def test_fault_of_ours_is_raised_and_the_row_does_not_tell_it(
    make_recommender, monkeypatch
):
    version = request_training(make_recommender(), who="olga")
    monkeypatch.setattr(store, "save", None)

    with pytest.raises(TypeError):
        train.train(version)

    version.refresh_from_db()
    assert version.problem == "A fault of ours (TypeError); it is logged."


def test_another_algorithm_is_promoted_only_if_it_is_better(trained):
    edit.change(trained, TrainingConfig(ROLES, algorithm="popularity"))
    train.train(version := request_training(trained, who="olga"))

    assert (version.state, version.live) == (TrainingState.READY, False)
    assert "not higher" in version.verdict["reason"]
    assert loading.open_live(trained).version.number == 1


def test_reason_of_a_person_promotes_what_the_rule_would_not(trained):
    edit.change(trained, TrainingConfig(ROLES, algorithm="popularity"))
    train.train(version := request_training(trained, who="olga", force="to compare"))

    promotion = trained.promotions.last()
    assert version.live
    assert (promotion.reason, promotion.forced) == ("to compare", True)


def test_same_recipe_on_new_rows_is_promoted(trained):
    add_version(trained.dataset, two_tastes(seed=1))
    train.train(version := request_training(trained, who="olga"))

    assert version.live
    assert version.verdict["reason"].startswith("the same recipe; nDCG@10")


def hide(dataset, make_user):
    """As if it were another's, who keeps it to himself by now."""
    dataset.owner, dataset.shared = make_user("ann"), False
    dataset.save()


def test_ask_does_not_learn_from_what_the_owner_may_not_see(trained, make_user):
    hide(trained.dataset, make_user)
    add_version(trained.dataset, two_tastes(seed=1))
    with pytest.raises(train.TrainingFailed, match="may not see"):
        request_training(trained, who="olga")
    assert loading.open_live(trained).version.number == 1


def test_train_that_was_queued_before_reads_nothing_that_is_hidden(
    make_recommender, make_user
):
    version = request_training(make_recommender(), who="olga")
    hide(version.recommender.dataset, make_user)
    with pytest.raises(train.TrainingFailed, match="may not see"):
        train.train(version)
    assert (version.state, version.report) == (TrainingState.FAILED, None)


@pytest.mark.django_db(transaction=True)
def test_train_ends_when_it_is_deleted_meanwhile(make_recommender):
    version = request_training(recommender := make_recommender(), who="olga")

    def delete(step, done, total):
        if step == "finding similar items" and recommender.pk:
            edit.delete(recommender)

    with pytest.raises(train.TrainingFailed, match="deleted meanwhile"):
        train.train(version, show=delete)
    assert not version.folder.exists()
