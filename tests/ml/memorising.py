"""A recipe that peeks: it knows by heart every text that it was shown."""

import numpy as np

from ml.moods.recipe import Recipe


def fit(texts, codes, seed):
    order = sorted(range(len(texts)), key=lambda i: texts[i].title)
    return {
        "titles": np.array([texts[i].title for i in order]),
        "codes": codes[order],
        "often": np.bincount(codes, minlength=6).argmax(keepdims=True),
    }


def predict_proba(parameters, texts):
    titles = np.array([text.title for text in texts])
    places = np.searchsorted(parameters["titles"], titles)
    places[places == len(parameters["titles"])] = 0
    known = parameters["titles"][places] == titles
    return np.eye(6)[np.where(known, parameters["codes"][places], parameters["often"])]


RECIPE = Recipe(
    name="memorising",
    summary="Looks titles up.",
    min_rows=1,
    has_words=lambda text: True,
    fit=fit,
    predict_proba=predict_proba,
    explain=lambda parameters, text, code: [],
)
