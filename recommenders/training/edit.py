"""Create, change and delete recommenders."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from background.registry import Dependents
from datasets.models import Dataset
from recommenders.models import Recommender
from recommenders.training.config import BadConfig, TrainingConfig, check

MAX_TRIES = 100  # numbers that may be put behind a slug
MAX_NAME = 100
CHANGEABLE = {"description", "ask_lastfm"}
RESERVED = {"new"}  # addresses beside those of recommenders


def make(
    name: str,
    dataset: Dataset,
    recipe: TrainingConfig,
    *,
    owner: User,
    description: str = "",
    ask_lastfm: bool = False,
) -> Recommender:
    """Store a recommender that nobody has trained yet; raises BadConfig."""
    _check(recipe, dataset, owner)
    row = Recommender(
        name=_name(name),
        description=description,
        dataset=dataset,
        owner=owner,
        ask_lastfm=ask_lastfm,
    )
    _set_config(row, recipe)
    for row.slug in _slugs(name):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:
            if not Recommender.objects.filter(slug=row.slug).exists():
                raise  # for another reason
            row.pk = None
    raise BadConfig({"name": "Too many recommenders are called so: choose another."})


def change(
    recommender: Recommender, recipe: TrainingConfig, *, name: str = "", **words: Any
) -> None:
    """Have the next training follow another recipe; raises BadConfig.

    `words` are its description and ask_lastfm. Its address stays, also under a new name.
    """
    _check(recipe, recommender.dataset, recommender.owner)
    recommender.name = _name(name or recommender.name)
    for column in words.keys() & CHANGEABLE:
        setattr(recommender, column, words[column])
    _set_config(recommender, recipe)
    recommender.save()


def delete(recommender: Recommender) -> None:
    """Delete a recommender with its versions; its files go with it (`versions.paths`)."""
    recommender.delete()


def count_dependents(dataset: Dataset) -> Dependents:
    """How many recommenders learn from a dataset, and end with it."""
    of_others = dataset.recommenders.exclude(owner=dataset.owner_id)
    return Dependents(dataset.recommenders.count(), of_others.count())


def _check(recipe: TrainingConfig, dataset: Dataset, owner: User) -> None:
    """Raise BadConfig unless a version could be trained so on what the owner may see."""
    if not Dataset.objects.visible_to(owner).filter(pk=dataset.pk).exists():
        raise BadConfig({"dataset": "There is no such dataset, or it is not shared."})
    check(recipe, dataset)


def _set_config(row: Recommender, recipe: TrainingConfig) -> None:
    for name, column in asdict(recipe.roles).items():
        setattr(row, name, column)
    row.algorithm = recipe.algorithm
    row.settings, row.preparation = dict(recipe.settings), dict(recipe.preparation)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME:
        raise BadConfig({"name": f"Give it a name of at most {MAX_NAME} characters."})
    return name


def _slugs(name: str) -> Iterator[str]:
    """Addresses that suit a name, the nicest first."""
    stem = slugify(name)[:100].strip("-_") or "recommender"
    if stem not in RESERVED:
        yield stem
    yield from (f"{stem}-{number}" for number in range(2, MAX_TRIES))
