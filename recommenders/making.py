"""Making, changing and deleting recommenders."""

import shutil
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from datasets.models import Dataset
from recommenders.models import Recommender
from recommenders.recipes import BadRecipe, Recipe, check

MOST_TRIES = 100  # numbers that may be put behind a slug
MAX_NAME = 100


def make(
    name: str,
    dataset: Dataset,
    recipe: Recipe,
    *,
    owner: User,
    description: str = "",
    ask_lastfm: bool = False,
) -> Recommender:
    """Store a recommender that nobody has trained yet; raises BadRecipe."""
    _check(recipe, dataset, owner)
    row = Recommender(
        name=_name(name),
        description=description,
        dataset=dataset,
        owner=owner,
        ask_lastfm=ask_lastfm,
    )
    _take_over(row, recipe)
    for number in range(1, MOST_TRIES):
        row.slug = _slug(name, number)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:  # the slug is taken
            row.pk = None
    raise BadRecipe({"name": "Too many recommenders are called so: choose another."})


def change(recommender: Recommender, recipe: Recipe) -> None:
    """Have the next training follow another recipe; raises BadRecipe."""
    _check(recipe, recommender.dataset, recommender.owner)
    _take_over(recommender, recipe)
    recommender.save()


def delete(recommender: Recommender) -> None:
    """Delete a recommender with its versions and their files."""
    folder = Path(settings.DATA_DIR) / "recommenders" / str(recommender.pk)
    recommender.delete()
    shutil.rmtree(folder, ignore_errors=True)  # what is left over nobody asks


def _check(recipe: Recipe, dataset: Dataset, owner: User) -> None:
    """Raise BadRecipe unless a version could be trained so on what the owner may see."""
    if not Dataset.objects.visible_to(owner).filter(pk=dataset.pk).exists():
        raise BadRecipe({"dataset": "There is no such dataset, or it is not shared."})
    check(recipe, dataset)


def _take_over(row: Recommender, recipe: Recipe) -> None:
    for name, column in asdict(recipe.roles).items():
        setattr(row, name, column)
    row.algorithm = recipe.algorithm
    row.settings, row.preparation = dict(recipe.settings), dict(recipe.preparation)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME:
        raise BadRecipe({"name": f"Give it a name of at most {MAX_NAME} characters."})
    return name


def _slug(name: str, number: int) -> str:
    stem = slugify(name)[:100].strip("-_") or "recommender"
    return stem if number == 1 else f"{stem}-{number}"
