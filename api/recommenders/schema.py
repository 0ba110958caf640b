"""The prose of the OpenAPI document about `/api/recommenders/`."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view

from api.openapi.errors import BODY, QUERY, SCOPE, Declared, errors
from api.openapi.responses import ANYBODY, NOT_MODIFIED, VALIDATORS, answered, asked
from api.recommenders import examples
from api.recommenders.model_serializers import (
    RecommenderDetailSerializer,
    RecommendersSerializer,
)
from api.recommenders.serializers import (
    MOST_NAMES,
    CleanedSerializer,
    CleaningRequest,
    ItemStatisticsSerializer,
    RecommendedSerializer,
    RecommendQuery,
    SimilarItemsQuery,
    SimilarItemsSerializer,
    StatisticsQuery,
    SuggestedSerializer,
    SuggestQuery,
    TasteRequest,
    UnknownNameSerializer,
)

RECOMMENDATIONS = ["Recommenders"]
SEEN_BY: list[dict[str, list[str]]] = [*ANYBODY, {"cookieAuth": []}]
TO_ONE = {404: "not_found"}
TO_A_TRAINED_ONE = {
    404: "not_found",
    409: "not_trained",
    503: "recommender_damaged",
}
WHOSE = (
    "A recommender is seen by whoever is signed in as its owner, and by everybody once "
    "it is shared."
)


def _with_names(declared: Declared) -> Declared:
    """A 404 that may come with the names most like the one asked for."""
    key = (404, "application/json")
    described = f"`unknown_name`: {examples.UNKNOWN_NAME}; {declared[key].description}"
    return declared | {key: OpenApiResponse(UnknownNameSerializer, described)}


def _question(
    operation_id: str,
    summary: str,
    description: str,
    answer: Any,
    shown: list[Any],
    *,
    query: Any = None,
    names: bool = False,
    refused: dict[int, str] = TO_A_TRAINED_ONE,
) -> Any:
    """A GET to one recommender."""
    declared = errors(QUERY, refused)
    return extend_schema(
        tags=RECOMMENDATIONS,
        auth=SEEN_BY,
        operation_id=operation_id,
        summary=summary,
        description=f"{description} {WHOSE}",
        parameters=[*([query] if query else []), *VALIDATORS],
        responses={
            200: answer,
            304: NOT_MODIFIED,
            **(_with_names(declared) if names else declared),
        },
        examples=shown,
    )


def _posted(
    operation_id: str,
    summary: str,
    description: str,
    request: Any,
    answer: Any,
    shown: list[Any],
    *,
    names: bool = False,
) -> Any:
    """A question with names in its body."""
    declared = errors(BODY, SCOPE, {403: "permission_denied"}, TO_A_TRAINED_ONE)
    return extend_schema(
        tags=RECOMMENDATIONS,
        auth=SEEN_BY,
        operation_id=operation_id,
        summary=summary,
        description=f"{description} Nothing is stored. For anybody, and tokens with the "
        f"scope `predict`; a signed-in browser sends its CSRF token. {WHOSE}",
        request=request,
        responses={200: answer, **(_with_names(declared) if names else declared)},
        examples=shown,
    )


RECOMMENDERS = extend_schema_view(
    get=_question(
        "recommenders",
        "All recommenders",
        "What can be asked, and where.",
        RecommendersSerializer,
        [answered("One recommender", {"results": [examples.SUMMARY]})],
        refused={},
    )
)
RECOMMENDER = extend_schema_view(
    get=_question(
        "recommender",
        "One recommender",
        "What its live version learned from, by which settings, and its figures on "
        "likes that were held out from it, beside those of popularity.",
        RecommenderDetailSerializer,
        [answered("A trained one", examples.SUMMARY | {"model": examples.MODEL})],
        refused=TO_ONE,
    )
)
SIMILAR_ITEMS = extend_schema_view(
    get=_question(
        "similar_items",
        "Items like this one",
        "The items that those who like one like, too, the closest first, each with how "
        "many listeners stand behind it.",
        SimilarItemsSerializer,
        [
            answered("One neighbour", examples.SIMILAR),
            answered("A name with an error in it", examples.NOT_KNOWN, "404"),
        ],
        query=SimilarItemsQuery,
        names=True,
    )
)
RECOMMENDED = extend_schema_view(
    get=_question(
        "recommend",
        "For somebody of the table",
        "What a listener, a genre or whoever the table is about does not know and may "
        "like. What they know is left out, and shown apart.",
        RecommendedSerializer,
        [answered("For a listener", examples.RECOMMENDED)],
        query=RecommendQuery,
        names=True,
    ),
    post=_posted(
        "recommend_for",
        "For likes and dislikes",
        f"What may suit somebody who names up to {MOST_NAMES} things that they like, and "
        "as many that they do not; none of them is recommended. Names that are not known "
        "are told in `unknown`, and 404 if none of the likes is. `doubts` says why an "
        "answer deserves little confidence.",
        TasteRequest,
        RecommendedSerializer,
        [
            asked("A taste", {"items": ["Quiet Isotope"], "disliked": ["Rust Choir"]}),
            answered("From one like", examples.RECOMMENDED_FOR),
        ],
        names=True,
    ),
)
SUGGESTED = extend_schema_view(
    get=_question(
        "suggest_names",
        "Names while somebody types",
        "Names that begin with what was typed, the best known first, then those most "
        "like it.",
        SuggestedSerializer,
        [answered("Two names", examples.SUGGESTED)],
        query=SuggestQuery,
    )
)
CLEANED = extend_schema_view(
    post=_posted(
        "clean_list",
        "A list without what they would hate",
        "Out goes what is disliked, and what those who like the disliked things like "
        "more than those who like the liked ones do. What is not known stays. If nothing "
        "would be left, only what is disliked outright goes, and `doubts` says so: a list "
        "is never emptied in silence.",
        CleaningRequest,
        CleanedSerializer,
        [
            asked("A list", examples.LIST),
            answered("One goes, one stays", examples.CLEANED),
        ],
    )
)
STATISTICS = extend_schema_view(
    get=_question(
        "item_statistics",
        "Tops and distributions",
        "The items with the most plays, plays of a listener (of ten listeners or more), "
        "or listeners, and how many items have how much of it.",
        ItemStatisticsSerializer,
        [answered("By plays", examples.STATISTICS)],
        query=StatisticsQuery,
    )
)
