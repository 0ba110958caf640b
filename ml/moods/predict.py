"""Mood models: what they say about texts. Training them is `ml.moods.train`."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

import numpy as np

from ml.moods.recipe import MOODS, Floats, Parameters, Recipe, TermContribution
from ml.moods.text import VideoText

# Name of each recipe and the module that has it. A module is imported when its recipe
# is asked for: that of 2019 takes 150 MB of scikit-learn and nltk with it.
RECIPES = {
    "lexicon-tfidf": "ml.moods.lexicon_tfidf",
    "seed2019": "ml.moods.baseline2019",
}
DEFAULT_RECIPE = "lexicon-tfidf"
BASELINE = "seed2019"  # the recipe that every other is shown beside

# Rows whose features are in memory at a time while predicting.
BATCH_SIZE = 2048

NEVER_SURE = 2.0  # above any probability
SURE_ACCURACY = 0.60  # of ten videos that a model is sure of, six are to be right
MAX_TERMS = 5  # that explain a prediction


class UnknownRecipe(ValueError):
    """There is no recipe of this name."""


class MoodPrediction(NamedTuple):
    """The two likeliest moods of a video, and the probability of each of the six."""

    mood: str
    scores: dict[str, float]  # in the order of MOODS, 0 to 1, sum 1
    second: str
    sure: bool  # the likeliest mood's probability reaches the model's threshold


@dataclass(frozen=True)
class TrainingRecord:
    """What a model was trained on."""

    n_per_mood: dict[str, int]  # all six, in the order of MOODS
    data_digest: str  # SHA-256, see `digest_rows`
    seed: int


@dataclass(frozen=True, eq=False)
class MoodModel:
    """A trained model: the name of its recipe and the arrays that were learned."""

    recipe: str
    parameters: Parameters
    training: TrainingRecord
    sure_from: float = NEVER_SURE  # probability, see `ml.evaluation.confidence`

    def predict_proba(self, texts: Sequence[VideoText]) -> Floats:
        """Give the probability of each mood for each text.

        Parameters
        ----------
        texts : sequence of VideoText, length n_videos
            May be empty. Features are made of 2,048 texts at a time.

        Returns
        -------
        float64 array, shape (n_videos, 6)
            In the order of `texts` and of `MOODS`; 0 to 1, rows sum to 1. A text
            without known words gets what the model says of no words at all.
        """
        recipe = find_recipe(self.recipe)
        probabilities = np.empty((len(texts), len(MOODS)))
        for start in range(0, len(texts), BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            probabilities[batch] = recipe.predict_proba(self.parameters, texts[batch])
        return probabilities

    def predict(self, texts: Sequence[VideoText]) -> list[MoodPrediction]:
        """Name the likeliest mood of each text.

        Parameters
        ----------
        texts : sequence of VideoText, length n_videos
            May be empty.

        Returns
        -------
        list of MoodPrediction, length n_videos
            In the order of `texts`; of equally likely moods the first of `MOODS`.
        """
        probabilities = self.predict_proba(texts)
        ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
        sure = probabilities.max(axis=1, initial=0) >= self.sure_from
        return [
            MoodPrediction(
                MOODS[best],
                dict(zip(MOODS, scores, strict=True)),
                MOODS[second],
                is_sure,
            )
            for (best, second), scores, is_sure in zip(
                ranked.tolist(), probabilities.tolist(), sure.tolist(), strict=True
            )
        ]

    def explain(self, text: VideoText, mood: str) -> list[TermContribution]:
        """Name the few words and phrases of a text that pushed a mood most.

        Parameters
        ----------
        text : VideoText
        mood : str
            One of `MOODS`.

        Returns
        -------
        list of TermContribution, length 0 to 5
            The strongest first, in the spelling of the text; weights are above 0.
        """
        recipe = find_recipe(self.recipe)
        terms = recipe.explain(self.parameters, text, MOODS.index(mood))
        return terms[:MAX_TERMS]


def find_recipe(name: str) -> Recipe:
    """Return the recipe of this name, or raise UnknownRecipe naming those there are."""
    if name not in RECIPES:
        raise UnknownRecipe(f"no recipe {name!r}; there is: {', '.join(RECIPES)}")
    recipe: Recipe = import_module(RECIPES[name]).RECIPE
    return recipe
