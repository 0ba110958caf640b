"""A dataset of two tastes, and recommenders that learn from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from recommenders import making, serving, training
from recommenders.models import Recommender
from recommenders.recipes import Recipe, Roles
from recommenders.serving import Opened
from tests.recommenders.plays import make_dataset, two_tastes

ROLES = Roles(who="listener", what="artist", how_much="plays")


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """Files of datasets and versions live there, and go with the test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    return make_user("olga", "add_recommender")


@pytest.fixture
def make(owner: User) -> Callable[..., Recommender]:
    """Makes a recommender of a table, by default that of the two tastes."""

    def make_one(
        columns: dict[str, list[Any]] | None = None, **choices: Any
    ) -> Recommender:
        roles = choices.pop("roles", ROLES)
        name = choices.pop("name", "Two tastes")
        recipe = Recipe(roles, **{"algorithm": "cosine"} | choices)
        dataset = make_dataset(columns or two_tastes(), owner=owner)
        return making.make(name, dataset, recipe, owner=owner)

    return make_one


@pytest.fixture
def trained(make: Callable[..., Recommender]) -> Recommender:
    """A recommender of the two tastes whose first version is live."""
    recommender = make()
    training.train(training.ask(recommender, who="olga"))
    return recommender


@pytest.fixture
def opened(trained: Recommender) -> Opened:
    return serving.open_live(trained)
