"""What `/api/recommenders/` may be asked for, and what it shows."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.http.fields import ErrorSerializer, TextField
from recommenders.answers.ask import MOST, N_SUGGESTIONS, N
from recommenders.answers.records import DOUBTS, Doubt, Fate
from recommenders.answers.statistics import MOST as MOST_OF_A_TOP
from recommenders.answers.statistics import Figure

MAX_ASKED = 6_000  # characters of a name in a query, whose line has 8,190 bytes
MAX_NAME = 1_000  # of a name in a body
MOST_NAMES = 500  # of a list in a body
HOW_MANY = {"min_value": 1, "help_text": "How many, at most."}
SAYS = ", ".join(f"`{doubt}`: {text}" for doubt, text in DOUBTS.items())


class NameField(TextField):
    """A name in a body; "" names nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MAX_NAME} | options)


class NamesField(serializers.ListField):
    """Names in a body."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=NameField(), max_length=MOST_NAMES, **options)


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
        [figure.value for figure in Figure],
        default=Figure.PLAYS.value,
        help_text="`plays`: all together; `average`: of a listener; `listeners`.",
    )
    n = serializers.IntegerField(default=N, max_value=MOST_OF_A_TOP, **HOW_MANY)


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


class NamedSerializer(serializers.Serializer):
    """A name to choose."""

    id = serializers.CharField()
    name = serializers.CharField()
    listeners = serializers.IntegerField(
        min_value=0, help_text="Who like it; of a who, the items that they like."
    )


class UnknownNameSerializer(ErrorSerializer):
    """Nothing here is called so; or there is no such recommender."""

    suggestions = NamedSerializer(
        many=True,
        required=False,
        help_text="With `unknown_name`: the names most like it, the likest first.",
    )


class UnknownSerializer(serializers.Serializer):
    """A name that is not known here."""

    name = serializers.CharField()
    suggestions = NamedSerializer(many=True, help_text="The likest first.")


class ItemSerializer(NamedSerializer):
    """An item and its figures."""

    listeners = serializers.IntegerField(min_value=0, help_text="Who like it.")
    plays = serializers.FloatField(help_text="All amounts together.")
    average = serializers.FloatField(help_text="Amount of a listener.")


class BecauseSerializer(serializers.Serializer):
    """A known item that spoke for the one found."""

    id = serializers.CharField()
    name = serializers.CharField()
    shared = serializers.IntegerField(min_value=0, help_text="Who like both.")


class ProfileSerializer(serializers.Serializer):
    """What Last.fm says of an artist; link to `url` where you show it."""

    biography = serializers.CharField(help_text="HTML without anything that runs.")
    tags = serializers.ListField(child=serializers.CharField())
    url = serializers.CharField(help_text="On Last.fm; may be empty.")
    image = serializers.CharField(help_text="May be empty.")


class FoundSerializer(serializers.Serializer):
    """An item that was found, with what stands behind it."""

    id = serializers.CharField()
    name = serializers.CharField()
    closeness = serializers.FloatField(
        min_value=0, max_value=100, help_text="What it means says `closeness_is`."
    )
    shared = serializers.IntegerField(
        min_value=0,
        help_text="Listeners whom it shares with the item asked about, or with one of "
        "the reasons.",
    )
    listeners = serializers.IntegerField(min_value=0)
    because = BecauseSerializer(
        many=True, help_text="The strongest first; may be empty."
    )
    profile = ProfileSerializer(
        allow_null=True, help_text="Null: not known, not yet, or not asked for."
    )


class DoubtSerializer(serializers.Serializer):
    """Why the answer deserves little confidence."""

    code = serializers.ChoiceField([doubt.value for doubt in Doubt], help_text=SAYS)
    detail = serializers.CharField(help_text="For a person.")


class AnswerSerializer(serializers.Serializer):
    """What every answer has."""

    version = serializers.IntegerField(help_text="Of the recommender.")
    doubts = DoubtSerializer(
        many=True, help_text="Empty where the answer rests on enough."
    )


class SimilarItemsSerializer(AnswerSerializer):
    """The items closest to one, the closest first."""

    item = ItemSerializer()
    profile = ProfileSerializer(allow_null=True)
    closeness_is = serializers.CharField(help_text="What 0 to 100 means here.")
    results = FoundSerializer(many=True)


class RecommendedSerializer(AnswerSerializer):
    """Items that somebody does not know and may like, the best first."""

    who = serializers.CharField(
        allow_null=True, help_text="Of the table; null where items were named."
    )
    results = FoundSerializer(many=True)
    known = ItemSerializer(
        many=True,
        help_text="What they like, and is left out; the ten that they like most.",
    )
    n_known = serializers.IntegerField(
        min_value=0, help_text="How many are left out, liked or not."
    )
    unknown = UnknownSerializer(many=True, help_text="Names that were not considered.")


class SuggestedSerializer(serializers.Serializer):
    """Names that begin so, then those most like it."""

    results = NamedSerializer(many=True)


class EntrySerializer(serializers.Serializer):
    """An entry of the list."""

    text = serializers.CharField(help_text="As you sent it.")
    id = serializers.CharField(allow_null=True, help_text="Null: not known here.")
    name = serializers.CharField(allow_null=True)
    keep = serializers.BooleanField()
    fate = serializers.ChoiceField([fate.value for fate in Fate], help_text="Why.")
    score = serializers.FloatField(
        min_value=0,
        max_value=100,
        allow_null=True,
        help_text="100: likes alone speak of it, 0: dislikes alone; null: neither does.",
    )
    because = BecauseSerializer(many=True)


class CleanedSerializer(AnswerSerializer):
    """The list without what they would hate."""

    kept = serializers.ListField(child=serializers.CharField())
    entries = EntrySerializer(many=True, help_text="All of the list, in its order.")
    unknown = UnknownSerializer(many=True, help_text="Of the likes and dislikes.")


class BinSerializer(serializers.Serializer):
    """Items whose figure is at least `low` and below `high` (the last: also that)."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    items = serializers.IntegerField(min_value=0)


class ItemStatisticsSerializer(serializers.Serializer):
    """The items with most of a figure, and how it is spread."""

    by = serializers.ChoiceField([figure.value for figure in Figure])
    top = ItemSerializer(many=True)
    distribution = BinSerializer(many=True, help_text="Each bin is wider by a factor.")
