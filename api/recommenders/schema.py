"""The prose of the OpenAPI document about `/api/recommenders/`."""

from typing import Any

from api.openapi.errors import QUERY, SCOPE
from api.openapi.responses import (
    ANYBODY,
    VALIDATORS,
    public_post,
    public_read,
    request_example,
    response_example,
)
from api.recommenders.query import (
    MAX_NAMES,
    CleaningRequest,
    RecommendQuery,
    SimilarItemsQuery,
    StatisticsQuery,
    SuggestQuery,
    TasteRequest,
)
from api.recommenders.serializers import (
    CleanedSerializer,
    ItemStatisticsSerializer,
    RecommendedSerializer,
    RecommenderDetailSerializer,
    RecommendersSerializer,
    SimilarItemsSerializer,
    SuggestedSerializer,
    UnknownNameSerializer,
)
from recommenders.answers.records import CAVEATS, Caveat

HERE = "https://moodibeats.example/api/recommenders/sample/"
A_RECOMMENDER: dict[str, Any] = {
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
SOME_FIGURES = {
    "precision": 0.14,
    "recall": 0.7,
    "ndcg": 0.41,
    "average_precision": 0.32,
    "hit": 0.72,
    "auc": 0.9,
    "coverage": 0.97,
    "n_users": 300,
}
A_MODEL = {
    "version": 1,
    "promoted_because": "the first version; nDCG@10 0.410, popularity's 0.120",
    "settings": {"k": 100, "k1": 100, "b": 0.8},
    "preparation": {"min_per_what": 2},
    "rows": 3600,
    "refused": {},
    "figures": SOME_FIGURES,
    "popularity": SOME_FIGURES | {"ndcg": 0.12, "precision": 0.05},
    "split": "20% of the likes of each user with 5 or more, by chance",
    "split_seed": 0,
    "not_judged": None,
}
AN_ITEM = {
    "id": "Quiet Isotope",
    "name": "Quiet Isotope",
    "listeners": 51,
    "plays": 1280.0,
    "average": 25.098,
}
A_REASON = {"id": "Quiet Isotope", "name": "Quiet Isotope", "shared": 28}
A_NEIGHBOUR = {
    "id": "Velvet Turbine",
    "name": "Velvet Turbine",
    "closeness": 55.31,
    "shared": 28,
    "listeners": 49,
    "because": [],
    "profile": None,
}
A_NAME = {"id": "Quiet Isotope", "name": "Quiet Isotope", "listeners": 51}
FEW_LIKES = {"code": "few_likes", "detail": CAVEATS[Caveat.FEW_LIKES]}

SOME_NEIGHBOURS = {
    "version": 1,
    "item": AN_ITEM,
    "profile": None,
    "closeness_is": "the cosine of the two items' listeners, each weighed by BM25",
    "results": [A_NEIGHBOUR],
    "doubts": [],
}
NOT_KNOWN = {
    "detail": "No artist is called “Quiet Isotop” here.",
    "code": "unknown_name",
    "suggestions": [A_NAME],
}
FOR_A_LISTENER = {
    "version": 1,
    "who": "listener-017",
    "results": [A_NEIGHBOUR | {"because": [A_REASON]}],
    "known": [AN_ITEM],
    "n_known": 12,
    "unknown": [],
    "doubts": [],
}
FOR_LIKES = FOR_A_LISTENER | {"who": None, "n_known": 2, "doubts": [FEW_LIKES]}
SOME_NAMES = {"results": [A_NAME, A_NAME | {"id": "Quiz", "name": "Quiz"}]}
A_LIST = {
    "items": ["Velvet Turbine", "Iron Lullaby"],
    "liked": ["Quiet Isotope"],
    "disliked": ["Rust Choir"],
}
A_CLEANED_LIST = {
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
            "because": [A_REASON],
        },
        {
            "text": "Iron Lullaby",
            "id": "Iron Lullaby",
            "name": "Iron Lullaby",
            "keep": False,
            "fate": "closer_to_dislikes",
            "score": 8.1,
            "because": [A_REASON | {"id": "Rust Choir", "name": "Rust Choir"}],
        },
    ],
    "unknown": [],
    "doubts": [FEW_LIKES],
}
SOME_STATISTICS = {
    "by": "plays",
    "top": [AN_ITEM],
    "distribution": [
        {"low": 120.0, "high": 400.0, "items": 31},
        {"low": 400.0, "high": 1280.0, "items": 41},
    ],
}

RECOMMENDATIONS = ["Recommenders"]
SEEN_BY: list[dict[str, list[str]]] = [*ANYBODY, {"cookieAuth": []}]
TO_ONE = {404: "not_found"}
TO_A_TRAINED_ONE = {404: "not_found", 409: "not_trained", 503: "recommender_damaged"}
WHOSE = (
    "A recommender is seen by whoever is signed in as its owner, and by everybody once "
    "it is shared."
)


REFUSED_POST = (SCOPE, {403: "permission_denied"}, TO_A_TRAINED_ONE)
WITH_NAMES: dict[str, Any] = {  # a 404 that has the names most like the unknown one
    "shapes": {404: UnknownNameSerializer},
    "refused": (QUERY, TO_A_TRAINED_ONE, {404: "unknown_name"}),
}


def _question(*described: Any, query: Any = None, **options: Any) -> Any:
    """Describe a GET to one recommender."""
    operation_id, summary, description, *rest = described
    return public_read(
        operation_id,
        summary,
        f"{description} {WHOSE}",
        *rest,
        tags=RECOMMENDATIONS,
        auth=SEEN_BY,
        parameters=[*([query] if query else []), *VALIDATORS],
        **{"refused": (QUERY, TO_A_TRAINED_ONE)} | options,
    )


def _question_with_body(*described: Any, **options: Any) -> Any:
    """Describe a question with names in its body."""
    operation_id, summary, description, *rest = described
    return public_post(
        operation_id,
        summary,
        f"{description} Nothing is stored. For anybody, and tokens with the scope "
        f"`predict`; a signed-in browser sends its CSRF token. {WHOSE}",
        *rest,
        tags=RECOMMENDATIONS,
        auth=SEEN_BY,
        **{"refused": REFUSED_POST} | options,
    )


RECOMMENDERS = _question(
    "recommenders",
    "All recommenders",
    "What can be asked, and where.",
    RecommendersSerializer,
    response_example("One recommender", {"results": [A_RECOMMENDER]}),
    refused=(QUERY,),
)
RECOMMENDER = _question(
    "recommender",
    "One recommender",
    "What its live version learned from, by which settings, and its figures on "
    "likes that were held out from it, beside those of popularity.",
    RecommenderDetailSerializer,
    response_example("A trained one", A_RECOMMENDER | {"model": A_MODEL}),
    refused=(QUERY, TO_ONE),
)
SIMILAR_ITEMS = _question(
    "similar_items",
    "Items like this one",
    "The items that those who like one like, too, the closest first, each with how "
    "many listeners stand behind it.",
    SimilarItemsSerializer,
    response_example("One neighbour", SOME_NEIGHBOURS),
    response_example("A name with an error in it", NOT_KNOWN, "404"),
    query=SimilarItemsQuery,
    **WITH_NAMES,
)
RECOMMENDED = _question(
    "recommend",
    "For somebody of the table",
    "What a listener, a genre or whoever the table is about does not know and may "
    "like. What they know is left out, and shown apart.",
    RecommendedSerializer,
    response_example("For a listener", FOR_A_LISTENER),
    query=RecommendQuery,
    **WITH_NAMES,
)
RECOMMENDED_FOR = _question_with_body(
    "recommend_for",
    "For likes and dislikes",
    f"What may suit somebody who names up to {MAX_NAMES} things that they like, and "
    "as many that they do not; none of them is recommended. Names that are not known "
    "are told in `unknown`, and 404 if none of the likes is. `doubts` says why an "
    "answer deserves little confidence.",
    TasteRequest,
    RecommendedSerializer,
    request_example(
        "A taste", {"items": ["Quiet Isotope"], "disliked": ["Rust Choir"]}
    ),
    response_example("From one like", FOR_LIKES),
    shapes={404: UnknownNameSerializer},
    refused=(*REFUSED_POST, {404: "unknown_name"}),
)
SUGGESTED = _question(
    "suggest_names",
    "Names while somebody types",
    "Names that begin with what was typed, the best known first, then those most "
    "like it.",
    SuggestedSerializer,
    response_example("Two names", SOME_NAMES),
    query=SuggestQuery,
)
CLEANED = _question_with_body(
    "clean_list",
    "A list without what they would hate",
    "Out goes what is disliked, and what those who like the disliked things like "
    "more than those who like the liked ones do. What is not known stays. If nothing "
    "would be left, only what is disliked outright goes, and `doubts` says so: a list "
    "is never emptied in silence.",
    CleaningRequest,
    CleanedSerializer,
    request_example("A list", A_LIST),
    response_example("One goes, one stays", A_CLEANED_LIST),
)
STATISTICS = _question(
    "item_statistics",
    "Tops and distributions",
    "The items with the most plays, plays of a listener (of ten listeners or more), "
    "or listeners, and how many items have how much of it.",
    ItemStatisticsSerializer,
    response_example("By plays", SOME_STATISTICS),
    query=StatisticsQuery,
)
