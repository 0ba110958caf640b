"""What the OpenAPI document shows of recommenders."""

from typing import Any

from api.http.errors import CODES
from recommenders.answers.records import DOUBTS, Doubt

UNKNOWN_NAME = CODES[404]["unknown_name"]
HERE = "https://moodibeats.example/api/recommenders/sample/"
SUMMARY: dict[str, Any] = {
    "slug": "sample",
    "name": "Sample: artists",
    "description": "Invented listeners of invented artists.",
    "shared": True,
    "who": "listener",
    "what": "artist",
    "how_much": "plays",
    "version": 1,
    "trained": "2026-11-26T09:30:00Z",
    "algorithm": "bm25",
    "n_users": 300,
    "n_items": 72,
    "n_likes": 3600,
    "links": {
        "self": HERE,
        "similar": f"{HERE}similar/",
        "recommend": f"{HERE}recommend/",
        "suggest": f"{HERE}suggest/",
        "clean": f"{HERE}clean/",
        "statistics": f"{HERE}statistics/",
    },
}
FIGURES = {
    "precision": 0.14,
    "recall": 0.7,
    "ndcg": 0.41,
    "average_precision": 0.32,
    "hit": 0.72,
    "auc": 0.9,
    "coverage": 0.97,
    "n_users": 300,
}
MODEL = {
    "version": 1,
    "promoted_because": "the first version; nDCG@10 0.410, popularity's 0.120",
    "settings": {"k": 100, "k1": 100, "b": 0.8},
    "preparation": {"min_per_what": 2},
    "rows": 3600,
    "refused": {},
    "figures": FIGURES,
    "popularity": FIGURES | {"ndcg": 0.12, "precision": 0.05},
    "split": "20% of the likes of each user with 5 or more, by chance",
    "split_seed": 0,
    "not_judged": None,
}
ITEM = {
    "id": "Quiet Isotope",
    "name": "Quiet Isotope",
    "listeners": 51,
    "plays": 1280.0,
    "average": 25.098,
}
BECAUSE = {"id": "Quiet Isotope", "name": "Quiet Isotope", "shared": 28}
FOUND = {
    "id": "Velvet Turbine",
    "name": "Velvet Turbine",
    "closeness": 55.31,
    "shared": 28,
    "listeners": 49,
    "because": [],
    "profile": None,
}
NAMED = {"id": "Quiet Isotope", "name": "Quiet Isotope", "listeners": 51}
FEW_LIKES = {"code": "few_likes", "detail": DOUBTS[Doubt.FEW_LIKES]}

SIMILAR = {
    "version": 1,
    "item": ITEM,
    "profile": None,
    "closeness_is": "the cosine of the two items' listeners, each weighed by BM25",
    "results": [FOUND],
    "doubts": [],
}
NOT_KNOWN = {
    "detail": "No artist is called “Quiet Isotop” here.",
    "code": "unknown_name",
    "suggestions": [NAMED],
}
RECOMMENDED = {
    "version": 1,
    "who": "listener-017",
    "results": [FOUND | {"because": [BECAUSE]}],
    "known": [ITEM],
    "n_known": 12,
    "unknown": [],
    "doubts": [],
}
RECOMMENDED_FOR = RECOMMENDED | {"who": None, "n_known": 2, "doubts": [FEW_LIKES]}
SUGGESTED = {"results": [NAMED, NAMED | {"id": "Quiz", "name": "Quiz"}]}
LIST = {
    "items": ["Velvet Turbine", "Iron Lullaby"],
    "liked": ["Quiet Isotope"],
    "disliked": ["Rust Choir"],
}
CLEANED = {
    "version": 1,
    "kept": ["Velvet Turbine"],
    "entries": [
        {
            "text": "Velvet Turbine",
            "id": "Velvet Turbine",
            "name": "Velvet Turbine",
            "keep": True,
            "fate": "closer_to_likes",
            "score": 92.4,
            "because": [BECAUSE],
        },
        {
            "text": "Iron Lullaby",
            "id": "Iron Lullaby",
            "name": "Iron Lullaby",
            "keep": False,
            "fate": "closer_to_dislikes",
            "score": 8.1,
            "because": [BECAUSE | {"id": "Rust Choir", "name": "Rust Choir"}],
        },
    ],
    "unknown": [],
    "doubts": [FEW_LIKES],
}
STATISTICS = {
    "by": "plays",
    "top": [ITEM],
    "distribution": [
        {"low": 120.0, "high": 400.0, "items": 31},
        {"low": 400.0, "high": 1280.0, "items": 41},
    ],
}
