"""What a person may choose, and what is refused before anything is stored."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from pages.recommenders import urls
from recommenders.models import Recommender
from recommenders.training import config as configs
from recommenders.training import edit
from recommenders.training.config import BadConfig, Roles, TrainingConfig
from tests.recommenders.fixtures import ROLES
from tests.recommenders.plays import make_dataset

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("recipe", "field", "problem"),
    [
        (TrainingConfig(Roles("", "artist")), "who", "Say which column"),
        (TrainingConfig(Roles("listener", "song")), "what", "no column “song”"),
        (
            TrainingConfig(Roles("artist", "artist")),
            "what",
            "“artist” is “who” already",
        ),
        (TrainingConfig(ROLES, "magic"), "algorithm", "no algorithm 'magic'; there is"),
        (TrainingConfig(ROLES, "bm25", {"kk": 1}), "settings", "has no setting 'kk'"),
        (TrainingConfig(ROLES, "bm25", {"k": "x"}), "settings", "k cannot be 'x'"),
        (
            TrainingConfig(ROLES, preparation={"most": 1}),
            "preparation",
            "no preparation",
        ),
        (
            TrainingConfig(ROLES, preparation={"min_per_who": 0}),
            "preparation",
            "from 1 to",
        ),
        (
            TrainingConfig(ROLES, preparation={"min_per_who": True}),
            "preparation",
            "from 1",
        ),
        (
            TrainingConfig(ROLES, preparation={"at_least": "x"}),
            "preparation",
            "a number",
        ),
        (
            TrainingConfig(ROLES, preparation={"merge_who": 1}),
            "preparation",
            "true or false",
        ),
    ],
    ids=str,
)
def test_make_refuses_what_could_not_be_trained(
    make_recommender, recipe, field, problem
):
    choices = {"algorithm": recipe.algorithm, "settings": recipe.settings}
    with pytest.raises(BadConfig) as caught:
        make_recommender(roles=recipe.roles, preparation=recipe.preparation, **choices)
    assert [*caught.value.problems] == [field]
    assert problem in str(caught.value)
    assert not Recommender.objects.exists()


def test_make_refuses_an_algorithm_that_is_not_installed(make_recommender, monkeypatch):
    monkeypatch.setattr(configs, "list_available", lambda: ["cosine"])
    with pytest.raises(BadConfig, match="“warp” is not installed here"):
        make_recommender(algorithm="warp")
    assert [*configs.presets()] == ["large-table"]


def test_make_says_that_the_dataset_has_no_rows(owner, data_dir):
    dataset = make_dataset({"a": ["x"]}, owner=owner)
    dataset.versions.all().delete()
    with pytest.raises(BadConfig, match="no rows yet"):
        edit.make("Mine", dataset, TrainingConfig(Roles("a", "b")), owner=owner)


def test_recipe_survives_the_database(make_recommender):
    settings, preparation = {"k": 20}, {"min_rows_per_what": 2, "at_least": 1.5}
    made = make_recommender(
        algorithm="bm25", settings=settings, preparation=preparation
    )
    made.refresh_from_db()
    recipe = TrainingConfig.from_dict(made.recipe())
    assert recipe == TrainingConfig(ROLES, "bm25", settings, preparation)
    assert configs.preparation_of(recipe.preparation).min_rows_per_what == 2


def test_slugs_differ_where_names_do_not(make_recommender, owner):
    first = make_recommender(name="Für  Elise")
    dataset = first.dataset
    again = edit.make("Für Elise", dataset, TrainingConfig(ROLES), owner=owner)
    signs = edit.make("🎷", dataset, TrainingConfig(ROLES), owner=owner)
    assert (first.name, first.slug) == ("Für Elise", "fur-elise")
    assert [again.slug, signs.slug] == ["fur-elise-2", "recommender"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_make_refuses_a_name_that_is_none(make_recommender, name):
    with pytest.raises(BadConfig, match="at most 100 characters"):
        make_recommender(name=name)


def test_presets_name_algorithms_and_settings_that_are_there(make_recommender):
    dataset = make_recommender().dataset
    for preset in configs.presets().values():
        configs.check(
            TrainingConfig(
                ROLES, preset.algorithm, preset.settings, preset.preparation
            ),
            dataset,
        )


def test_delete_takes_the_files_with_it(trained, django_capture_on_commit_callbacks):
    folder = trained.versions.get().folder.parent
    assert folder.exists()
    with django_capture_on_commit_callbacks(execute=True):
        edit.delete(trained)
    assert not folder.exists()
    assert not Recommender.objects.exists()


def test_recommenders_are_private_until_shared(make_recommender, make_user, owner):
    recommender, other = make_recommender(), make_user("otto", "add_recommender")
    visible = Recommender.objects.visible_to
    assert [*visible(owner)] == [recommender]
    assert [*visible(other)] == []
    Recommender.objects.update(shared=True)
    assert [*visible(other)] == [recommender]
    assert [*Recommender.objects.editable_by(other)] == []
    assert [*Recommender.objects.editable_by(owner)] == [recommender]
    assert [*Recommender.objects.editable_by(make_user("nora"))] == []


def test_make_and_change_need_a_dataset_that_the_owner_sees(
    make_recommender, make_user
):
    made = make_recommender()
    made.dataset.owner = make_user("ann")
    made.dataset.save()
    recipe = TrainingConfig(ROLES)
    with pytest.raises(BadConfig, match="no such dataset"):
        edit.change(made, recipe)
    with pytest.raises(BadConfig, match="no such dataset"):
        edit.make("Mine", made.dataset, recipe, owner=made.owner)
    made.dataset.shared = True
    made.dataset.save()
    edit.change(made, recipe)


def test_name_that_is_a_page_gets_another_address(make_recommender):
    pages = [str(pattern.pattern) for pattern in urls.urlpatterns]
    words = {page.strip("/") for page in pages if "<" not in page} - {""}
    assert words == edit.RESERVED
    assert make_recommender(name="New").slug == "new-2"


def test_make_blames_the_name_for_the_address_alone(make_recommender):
    recommender = make_recommender()
    assert make_recommender().slug == "two-tastes-2"
    owner = User(pk=recommender.owner_id, is_superuser=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        words = {"owner": owner, "description": None}  # which no database takes
        edit.make("Mine", recommender.dataset, TrainingConfig(ROLES), **words)
