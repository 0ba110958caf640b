"""The algorithms there are, each imported when it is asked for."""

from importlib import import_module

from ml.recommend.algorithm import Algorithm

# Name of each algorithm, its module and its name there; their libraries are heavy.
ALGORITHMS = {
    "popularity": ("ml.recommend.popularity", "ALGORITHM"),
    "cosine": ("ml.recommend.neighbours", "COSINE"),
    "bm25": ("ml.recommend.neighbours", "BM25"),
    "tfidf": ("ml.recommend.neighbours", "TFIDF"),
}
BASELINE = "popularity"


class UnknownAlgorithm(ValueError):
    """There is no algorithm of this name."""


def find_algorithm(name: str) -> Algorithm:
    """Return an algorithm, or raise UnknownAlgorithm naming those there are."""
    if name not in ALGORITHMS:
        raise UnknownAlgorithm(
            f"no algorithm {name!r}; there is: {', '.join(ALGORITHMS)}"
        )
    module, attribute = ALGORITHMS[name]
    found: Algorithm = getattr(import_module(module), attribute)
    return found
