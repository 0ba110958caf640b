"""`/api/recommenders/`: who likes this likes that, out of uploaded tables."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from api.http import conditional
from api.http.auth import Scopes
from api.http.conditional import READS
from api.http.params import parse_body, parse_query, refuse_unknown_parameters
from api.http.parsers import BoundedJSONParser
from api.http.throttles import RecommenderThrottle, TokenQuota
from api.recommenders import bodies, schema
from api.recommenders.model_serializers import (
    RecommenderDetailSerializer,
    RecommendersSerializer,
)
from api.recommenders.serializers import (
    CleaningRequest,
    ItemStatisticsSerializer,
    RecommendQuery,
    SimilarItemsQuery,
    SimilarItemsSerializer,
    StatisticsQuery,
    SuggestedSerializer,
    SuggestQuery,
    TasteRequest,
)
from recommenders.answers import ask as questions
from recommenders.answers import cleaning
from recommenders.models import Recommender, RecommenderVersion
from recommenders.versions import open as serving
from recommenders.versions import registry
from recommenders.versions.open import Opened

NO_SUCH_RECOMMENDER = "There is no such recommender, or it is not shared."
MOST_LISTED = 500


class RecommenderView(GenericAPIView):
    """A question to a recommender: to a shared one by anybody, else by its owner.

    Nothing is stored, so a question by POST needs no account, either.
    """

    queryset = Recommender.objects.all()
    permission_classes = [Scopes]
    scope = Scope.PREDICT
    parser_classes = [BoundedJSONParser]
    throttle_classes = [RecommenderThrottle]

    def find(self, slug: str) -> Recommender:
        """The recommender, if who asks may see it; raises NotFound."""
        visible = Recommender.objects.visible_to(self.request.user)
        if (found := visible.filter(slug=slug).first()) is None:
            raise NotFound(NO_SUCH_RECOMMENDER)
        return found

    def answer(self, slug: str, ask: Callable[[Recommender, Opened], Any]) -> Response:
        """What `ask` makes of the version that answers."""
        recommender = self.find(slug)
        body = ask(recommender, serving.open_live(recommender))
        return self.kept(recommender, Response(body))

    def kept(self, recommender: Recommender, response: Response) -> HttpResponseBase:
        """Caches may keep what everybody may read, and nothing else."""
        if not recommender.shared or self.request.method not in READS:
            return response
        return conditional.of_content(self.request, lambda: response, dated=False)

    def sent(self) -> dict[str, Any]:
        """Return what the body says; raises ValidationError."""
        refuse_unknown_parameters(self.request)
        return parse_body(self.request, self.serializer_class)


@schema.RECOMMENDERS
class RecommenderList(RecommenderView):
    """The recommenders that are shared, and one's own."""

    serializer_class = RecommendersSerializer
    pagination_class = None
    throttle_classes = [TokenQuota]

    def get(self, request: Request) -> HttpResponseBase:
        refuse_unknown_parameters(request)
        if request.user.is_authenticated:
            return self._all()
        return conditional.of_content(request, self._all, dated=False)

    def _all(self) -> Response:
        live = RecommenderVersion.objects.filter(live=True)
        brief = live.only("recommender", "number", "ended", "manifest")
        visible = Recommender.objects.visible_to(self.request.user)
        rows = visible.prefetch_related(
            Prefetch("versions", brief, to_attr="live_versions")
        )
        results = [
            bodies.summary_body(self.request, row, next(iter(row.live_versions), None))
            for row in rows[:MOST_LISTED]
        ]
        return Response({"results": results})


@schema.RECOMMENDER
class RecommenderDetail(RecommenderView):
    """What one recommender is made of, and how good it is beside popularity."""

    serializer_class = RecommenderDetailSerializer
    throttle_classes = [TokenQuota]

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        refuse_unknown_parameters(request)
        row = self.find(slug)
        live = registry.live_version(row)
        body = bodies.summary_body(request, row, live)
        return self.kept(row, Response(body | {"model": bodies.model_body(live)}))


@schema.SIMILAR_ITEMS
class SimilarItems(RecommenderView):
    """The items that the listeners of one like, too."""

    serializer_class = SimilarItemsSerializer

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        asked = parse_query(request.query_params, SimilarItemsQuery)
        text = asked.get("item") or asked["id"]

        def ask(row: Recommender, opened: Opened) -> dict[str, Any]:
            found = questions.similar(opened, text, asked["n"], by_id="id" in asked)
            return bodies.similar_body(opened, found, profiles=row.ask_lastfm)

        return self.answer(slug, ask)


@schema.RECOMMENDED
class Recommended(RecommenderView):
    """Items for somebody of the table, or for whoever names likes and dislikes."""

    serializer_class = TasteRequest  # what is posted

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        asked = parse_query(request.query_params, RecommendQuery)

        def ask(row: Recommender, opened: Opened) -> dict[str, Any]:
            found = questions.recommend(opened, asked["for"], asked["n"])
            return bodies.recommended_body(opened, found, profiles=row.ask_lastfm)

        return self.answer(slug, ask)

    def post(self, request: Request, slug: str) -> HttpResponseBase:
        taste = self.sent()

        def ask(row: Recommender, opened: Opened) -> dict[str, Any]:
            found = questions.recommend_for(
                opened, taste["items"], taste["n"], disliked=taste["disliked"]
            )
            return bodies.recommended_body(opened, found, profiles=row.ask_lastfm)

        return self.answer(slug, ask)


@schema.SUGGESTED
class Suggested(RecommenderView):
    """Names while somebody types."""

    serializer_class = SuggestedSerializer
    throttle_classes = [TokenQuota]  # a few microseconds each, and one for each key

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        asked = parse_query(request.query_params, SuggestQuery)
        suggest = {"item": questions.suggest, "who": questions.suggest_who}[asked["of"]]

        def ask(row: Recommender, opened: Opened) -> dict[str, Any]:
            named = suggest(opened, asked["q"], asked["n"])
            return {"results": [asdict(one) for one in named]}

        return self.answer(slug, ask)


@schema.CLEANED
class Cleaned(RecommenderView):
    """A list without what somebody would hate."""

    serializer_class = CleaningRequest

    def post(self, request: Request, slug: str) -> HttpResponseBase:
        sent = self.sent()

        def ask(row: Recommender, opened: Opened) -> dict[str, Any]:
            cleaned = cleaning.clean(
                opened, sent["items"], liked=sent["liked"], disliked=sent["disliked"]
            )
            return bodies.cleaned_body(opened, cleaned)

        return self.answer(slug, ask)


@schema.STATISTICS
class ItemStatistics(RecommenderView):
    """The items with most plays, plays of a listener or listeners."""

    serializer_class = ItemStatisticsSerializer

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        asked = parse_query(request.query_params, StatisticsQuery)
        return self.answer(
            slug,
            lambda row, opened: bodies.statistics_body(opened, asked["by"], asked["n"]),
        )
