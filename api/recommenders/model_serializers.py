"""What `/api/recommenders/` shows of a recommender itself."""

from rest_framework import serializers

from ml.recommend.algorithms.registry import ALGORITHMS

SHARE = {"min_value": 0, "max_value": 1}


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
