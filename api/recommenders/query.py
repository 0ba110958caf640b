"""Query parameters and bodies of `/api/recommenders/`."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.http.fields import TextField
from recommenders.answers.ask import MOST, N_SUGGESTIONS, N
from recommenders.answers.statistics import MOST as MAX_OF_A_TOP
from recommenders.answers.statistics import ItemStatistic

MAX_ASKED = 6_000  # characters of a name in a query, whose line has 8,190 bytes
MAX_NAME = 1_000  # of a name in a body
MAX_NAMES = 500  # of a list in a body
HOW_MANY = {"min_value": 1, "help_text": "How many, at most."}


class NameField(TextField):
    """A name in a body; "" names nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MAX_NAME} | options)


class NamesField(serializers.ListField):
    """Names in a body."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=NameField(), max_length=MAX_NAMES, **options)


class SimilarItemsQuery(serializers.Serializer):
    """The query of `/api/recommenders/{slug}/similar/`."""

    item = serializers.CharField(
        required=False,
        max_length=MAX_ASKED,
        help_text='Its name; case, accents, punctuation and a leading "the" do not '
        "matter. Or its id.",
    )
    id = serializers.CharField(
        required=False,
        max_length=MAX_ASKED,
        help_text="Instead of `item`: exactly the `id` of an answer, where several "
        "items bear one name.",
    )
    n = serializers.IntegerField(default=N, max_value=MOST, **HOW_MANY)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs.keys() & {"item", "id"}) != 1:
            raise ValidationError({"item": ["Say either `item` or `id`."]})
        return attrs


RecommendQuery = type(
    "RecommendQuery",
    (serializers.Serializer,),
    {
        "__doc__": "The query of `/api/recommenders/{slug}/recommend/`.",
        "for": serializers.CharField(
            max_length=MAX_ASKED,
            help_text="Somebody of the table, such as a listener or a genre.",
        ),
        "n": serializers.IntegerField(default=N, max_value=MOST, **HOW_MANY),
    },
)  # `for` is a word of Python's


class SuggestQuery(serializers.Serializer):
    """The query of `/api/recommenders/{slug}/suggest/`."""

    q = serializers.CharField(max_length=MAX_ASKED, help_text="What was typed so far.")
    of = serializers.ChoiceField(
        ["item", "who"], default="item", help_text="Whose names."
    )
    n = serializers.IntegerField(default=N_SUGGESTIONS, max_value=MOST, **HOW_MANY)


class StatisticsQuery(serializers.Serializer):
    """The query of `/api/recommenders/{slug}/statistics/`."""

    by = serializers.ChoiceField(
        [figure.value for figure in ItemStatistic],
        default=ItemStatistic.PLAYS.value,
        help_text="`plays`: all together; `average`: of a listener; `listeners`.",
    )
    n = serializers.IntegerField(default=N, max_value=MAX_OF_A_TOP, **HOW_MANY)


class TasteRequest(serializers.Serializer):
    """What somebody likes, and what not."""

    items = NamesField(help_text="Names or ids of what they like; may be empty.")
    disliked = NamesField(
        required=False, default=list, help_text="What is not to be recommended."
    )
    n = serializers.IntegerField(default=N, max_value=MOST, **HOW_MANY)


class CleaningRequest(serializers.Serializer):
    """A list, and what somebody likes and dislikes."""

    items = NamesField(help_text="The list, in its order.")
    liked = NamesField(required=False, default=list)
    disliked = NamesField(required=False, default=list)
