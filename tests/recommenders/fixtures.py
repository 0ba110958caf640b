"""A dataset of two tastes, and recommenders that learn from it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from recommenders.models import Recommender, RecommenderVersion, TrainingState
from recommenders.training import edit, train
from recommenders.training.config import Roles, TrainingConfig
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from recommenders.versions.loading import LiveVersion
from recommenders.versions.registry import RecommenderLedger
from songs.predictions.ledger import ChangeReason
from tests.recommenders.plays import make_dataset, two_tastes

ROLES = Roles(who="listener", what="artist", how_much="plays")
LEARNED = ("report", "evaluation", "not_judged", "verdict", "manifest")


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """Files of datasets and versions live there, and go with the test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    return make_user("olga", "add_recommender")


@pytest.fixture
def make_recommender(owner: User, data_dir: Path) -> Callable[..., Recommender]:
    """Makes a recommender of a table, by default that of the two tastes."""

    def make_one(
        columns: dict[str, list[Any]] | None = None, **choices: Any
    ) -> Recommender:
        roles = choices.pop("roles", ROLES)
        name = choices.pop("name", "Two tastes")
        recipe = TrainingConfig(roles, **{"algorithm": "cosine"} | choices)
        dataset = make_dataset(columns or two_tastes(), owner=owner)
        return edit.make(name, dataset, recipe, owner=owner)

    return make_one


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the first training of the two tastes has learned, for the tests after it."""
    return {"folder": tmp_path_factory.mktemp("shelf") / "1"}


@pytest.fixture
def trained(
    make_recommender: Callable[..., Recommender], shelf: dict[str, Any]
) -> Recommender:
    """A recommender of the two tastes whose first version is live."""
    recommender = make_recommender()
    version = request_training(recommender, who="olga")
    if "columns" not in shelf:
        train.train(version)
        shelf["columns"] = {name: getattr(version, name) for name in LEARNED}
        shutil.copytree(version.folder, shelf["folder"])
    else:
        _take_from(shelf, version)
    return recommender


@pytest.fixture
def live(trained: Recommender) -> LiveVersion:
    return loading.open_live(trained)


def _take_from(shelf: dict[str, Any], version: RecommenderVersion) -> None:
    """As if it had been trained: the same rows give the same files."""
    shutil.copytree(shelf["folder"], version.folder)
    for name, value in shelf["columns"].items():
        setattr(version, name, value)
    version.state, version.ended = TrainingState.READY, timezone.now()
    version.save()
    reason = shelf["columns"]["verdict"]["reason"]
    basis = ChangeReason("olga", reason, comparison={"live": None})
    RecommenderLedger(version.recommender).promote(version.pk, basis)
    version.refresh_from_db()
