"""The algorithms by name, each imported when it is first used."""

from importlib import import_module
from importlib.util import find_spec

from ml.recommend.interface import Algorithm

# Name of each algorithm, its module and its name there; their libraries are heavy.
ALGORITHMS = {
    "popularity": ("ml.recommend.algorithms.popularity", "ALGORITHM"),
    "cosine": ("ml.recommend.algorithms.item_knn", "COSINE"),
    "bm25": ("ml.recommend.algorithms.item_knn", "BM25"),
    "tfidf": ("ml.recommend.algorithms.item_knn", "TFIDF"),
    "als": ("ml.recommend.algorithms.als", "ALGORITHM"),
    "blend": ("ml.recommend.algorithms.blend", "ALGORITHM"),
    "warp": ("ml.recommend.algorithms.factorisation", "WARP"),
    "bpr": ("ml.recommend.algorithms.factorisation", "BPR"),
    "logistic": ("ml.recommend.algorithms.factorisation", "LOGISTIC"),
    "warp-kos": ("ml.recommend.algorithms.factorisation", "WARP_KOS"),
}
BASELINE = "popularity"
# Not every host can install it: there are no wheels, so it takes a C compiler.
LIBRARIES = dict.fromkeys(("warp", "bpr", "logistic", "warp-kos"), "lightfm")


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


def list_available() -> list[str]:
    """Return the algorithms whose libraries are installed here, in their order."""
    return [
        name
        for name in ALGORITHMS
        if name not in LIBRARIES or find_spec(LIBRARIES[name]) is not None
    ]
