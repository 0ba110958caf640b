"""What `/api/recommenders/` shows: recommenders, and their answers."""

from typing import Any

from rest_framework import serializers

from api.http.fields import ErrorSerializer
from ml.recommend.algorithms.registry import ALGORITHMS
from recommenders import tasks
from recommenders.answers.records import (
    CAVEATS,
    Caveat,
    CleanedList,
    Outcome,
    Recommendations,
    Similar,
)
from recommenders.answers.statistics import ItemStatistic
from recommenders.versions.loading import LiveVersion

SAYS = ", ".join(f"`{doubt}`: {text}" for doubt, text in CAVEATS.items())
DECIMALS = 4
SHARE = {"min_value": 0, "max_value": 1}
Json = dict[str, Any]


class TextOrNull(serializers.CharField):
    """A text; null where it is empty."""

    def to_representation(self, value: str) -> str | None:
        return value or None


class FromContext(serializers.Field):
    """A field that the context has by its name; the answer does not."""

    def get_attribute(self, instance: Any) -> Any:
        return self.context[self.field_name]


class ContextInteger(FromContext, serializers.IntegerField):
    """A whole number of the context."""


class ContextText(FromContext, serializers.CharField):
    """A text of the context."""


class RoundedField(serializers.FloatField):
    """A number with few decimals."""

    def to_representation(self, value: float) -> float:
        return round(value, DECIMALS)


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

    name = serializers.CharField(source="text")
    suggestions = NamedSerializer(many=True, help_text="The likest first.")


class ItemSerializer(NamedSerializer):
    """An item and its figures."""

    listeners = serializers.IntegerField(min_value=0, help_text="Who like it.")
    plays = RoundedField(source="total", help_text="All amounts together.")
    average = RoundedField(help_text="Amount of a listener.")


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

    def get_attribute(self, instance: Any) -> Any:
        """That of the item of an answer, out of those that the context knows."""
        return self.context["profiles"].get(instance.item.name)


class FoundSerializer(serializers.Serializer):
    """An item that was found, with what stands behind it."""

    id = serializers.CharField(source="item.id")
    name = serializers.CharField(source="item.name")
    closeness = serializers.FloatField(
        min_value=0, max_value=100, help_text="What it means says `closeness_is`."
    )
    shared = serializers.IntegerField(
        min_value=0,
        help_text="Listeners whom it shares with the item asked about, or with one of "
        "the reasons.",
    )
    listeners = serializers.IntegerField(source="item.listeners", min_value=0)
    because = BecauseSerializer(
        many=True, help_text="The strongest first; may be empty."
    )
    profile = ProfileSerializer(
        allow_null=True, help_text="Null: not known, not yet, or not asked for."
    )


class DoubtSerializer(serializers.Serializer):
    """Why the answer deserves little confidence."""

    code = serializers.ChoiceField([doubt.value for doubt in Caveat], help_text=SAYS)
    detail = serializers.CharField(help_text="For a person.")

    def to_representation(self, instance: Caveat) -> Json:
        return {"code": instance.value, "detail": CAVEATS[instance]}


class AnswerSerializer(serializers.Serializer):
    """What every answer has; the context says whose it is."""

    version = ContextInteger(help_text="Of the recommender.")
    doubts = DoubtSerializer(
        source="caveats", many=True, help_text="Empty where the answer rests on enough."
    )


class SimilarItemsSerializer(AnswerSerializer):
    """The items closest to one, the closest first."""

    item = ItemSerializer()
    profile = ProfileSerializer(allow_null=True)
    closeness_is = ContextText(help_text="What 0 to 100 means here.")
    results = FoundSerializer(many=True)


class RecommendedSerializer(AnswerSerializer):
    """Items that somebody does not know and may like, the best first."""

    who = TextOrNull(
        source="user",
        allow_null=True,
        help_text="Of the table; null where items were named.",
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
    id = serializers.CharField(
        source="item.id", allow_null=True, help_text="Null: not known here."
    )
    name = serializers.CharField(source="item.name", allow_null=True)
    keep = serializers.BooleanField()
    fate = serializers.ChoiceField(
        [one.value for one in Outcome], source="outcome", help_text="Why."
    )
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

    by = serializers.ChoiceField([figure.value for figure in ItemStatistic])
    top = ItemSerializer(many=True)
    distribution = BinSerializer(many=True, help_text="Each bin is wider by a factor.")


class RankingSerializer(serializers.Serializer):
    """Means over people whose likes were held out; the higher, the better."""

    precision = serializers.FloatField(
        **SHARE, help_text="Of ten, the share that fits."
    )
    recall = serializers.FloatField(
        **SHARE, help_text="Of what fits, the share in ten."
    )
    ndcg = serializers.FloatField(**SHARE, help_text="First places count more.")
    average_precision = serializers.FloatField(**SHARE, help_text="MAP at 10.")
    hit = serializers.FloatField(**SHARE, help_text="People with one that fits in ten.")
    auc = serializers.FloatField(**SHARE, help_text="0.5 is chance.")
    coverage = serializers.FloatField(
        **SHARE, help_text="Items recommended to anybody."
    )
    n_users = serializers.IntegerField(help_text="People judged.")


class ModelSerializer(serializers.Serializer):
    """What the live version learned from, and how good it is."""

    version = serializers.IntegerField()
    promoted_because = serializers.CharField()
    settings = serializers.DictField(help_text="Of the algorithm.")
    preparation = serializers.DictField(help_text="Other than usual.")
    rows = serializers.IntegerField(help_text="Of the table.")
    refused = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rows by reason."
    )
    figures = RankingSerializer(allow_null=True)
    popularity = RankingSerializer(
        allow_null=True, help_text="The baseline, on the same split."
    )
    split = serializers.CharField(allow_null=True, help_text="What was held out.")
    split_seed = serializers.IntegerField(allow_null=True)
    not_judged = serializers.CharField(
        allow_null=True, help_text="Why there are no figures."
    )


class LinksSerializer(serializers.Serializer):
    """Where to ask it."""

    self = serializers.URLField()
    similar = serializers.URLField()
    recommend = serializers.URLField()
    suggest = serializers.URLField()
    clean = serializers.URLField()
    statistics = serializers.URLField()


class RecommenderSerializer(serializers.Serializer):
    """A recommender; numbers are null until it is trained."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    shared = serializers.BooleanField(help_text="False: only you can see it.")
    who = serializers.CharField(help_text="The column that says who.")
    what = serializers.CharField(help_text="The column that says what.")
    how_much = serializers.CharField(allow_null=True, help_text="Null: rows count.")
    version = serializers.IntegerField(allow_null=True)
    trained = serializers.DateTimeField(allow_null=True)
    algorithm = serializers.ChoiceField(sorted(ALGORITHMS), allow_null=True)
    n_users = serializers.IntegerField(allow_null=True)
    n_items = serializers.IntegerField(allow_null=True)
    n_likes = serializers.IntegerField(allow_null=True)
    links = LinksSerializer()


class RecommendersSerializer(serializers.Serializer):
    """By name; at most 500."""

    results = RecommenderSerializer(many=True)


class RecommenderDetailSerializer(RecommenderSerializer):
    """A recommender and its live version."""

    model = ModelSerializer(allow_null=True)


def answer_body(
    shape: type[AnswerSerializer],
    live: LiveVersion,
    answer: Similar | Recommendations | CleanedList,
    *,
    profiles: bool = False,
) -> Json:
    """Return what `shape` shows of an answer, with Last.fm's profiles if wanted."""
    names = [found.item.name for found in getattr(answer, "results", ())]
    if isinstance(answer, Similar):
        names.insert(0, answer.item.name)
    context = {
        "version": live.version.number,
        "closeness_is": live.loaded.model.algorithm.closeness_is,
        "profiles": tasks.show_profiles(names) if profiles else {},
    }
    return shape(answer, context=context).data
