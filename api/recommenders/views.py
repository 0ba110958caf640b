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
from api.recommenders import schema
from api.recommenders.query import (
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
    answer_body,
)
from recommenders.answers import ask, cleaning, statistics
from recommenders.answers.statistics import ItemStatistic
from recommenders.models import Recommender, RecommenderVersion
from recommenders.versions import loading
from recommenders.versions.loading import LiveVersion

NO_SUCH_RECOMMENDER = "There is no such recommender, or it is not shared."
MAX_LISTED = 500
QUESTIONS = ("similar", "recommend", "suggest", "clean", "statistics")


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
        """Return the recommender if the user may see it; raises NotFound."""
        visible = Recommender.objects.visible_to(self.request.user)
        if (found := visible.filter(slug=slug).first()) is None:
            raise NotFound(NO_SUCH_RECOMMENDER)
        return found

    def answer(
        self, slug: str, respond: Callable[[Recommender, LiveVersion], Any]
    ) -> Response:
        """Return what `respond` makes of the live version."""
        recommender = self.find(slug)
        body = respond(recommender, loading.open_live(recommender))
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
            return self._response()
        return conditional.of_content(request, self._response, dated=False)

    def _response(self) -> Response:
        live = RecommenderVersion.objects.filter(live=True)
        brief = live.only("recommender", "number", "ended", "manifest")
        visible = Recommender.objects.visible_to(self.request.user)
        rows = visible.prefetch_related(
            Prefetch("versions", brief, to_attr="live_versions")
        )
        results = [
            _summary(self.request, row, next(iter(row.live_versions), None))
            for row in rows[:MAX_LISTED]
        ]
        return Response({"results": results})


@schema.RECOMMENDER
class RecommenderDetail(RecommenderView):
    """What one recommender is made of, and its metrics beside those of popularity."""

    serializer_class = RecommenderDetailSerializer
    throttle_classes = [TokenQuota]

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        refuse_unknown_parameters(request)
        row = self.find(slug)
        live = row.live_version()
        body = _summary(request, row, live)
        return self.kept(row, Response(body | {"model": _model(live)}))


@schema.SIMILAR_ITEMS
class SimilarItems(RecommenderView):
    """The items that the listeners of one like, too."""

    serializer_class = SimilarItemsSerializer

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        query = parse_query(request.query_params, SimilarItemsQuery)
        text = query.get("item") or query["id"]

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            found = ask.similar(live, text, query["n"], by_id="id" in query)
            return answer_body(
                SimilarItemsSerializer, live, found, profiles=row.ask_lastfm
            )

        return self.answer(slug, respond)


@schema.RECOMMENDED
@schema.RECOMMENDED_FOR
class Recommended(RecommenderView):
    """Items for somebody of the table, or for whoever names likes and dislikes."""

    serializer_class = TasteRequest  # what is posted

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        query = parse_query(request.query_params, RecommendQuery)

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            found = ask.recommend(live, query["for"], query["n"])
            return answer_body(
                RecommendedSerializer, live, found, profiles=row.ask_lastfm
            )

        return self.answer(slug, respond)

    def post(self, request: Request, slug: str) -> HttpResponseBase:
        taste = self.sent()

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            found = ask.recommend_for(
                live, taste["items"], taste["n"], disliked=taste["disliked"]
            )
            return answer_body(
                RecommendedSerializer, live, found, profiles=row.ask_lastfm
            )

        return self.answer(slug, respond)


@schema.SUGGESTED
class Suggested(RecommenderView):
    """Names while somebody types."""

    serializer_class = SuggestedSerializer
    throttle_classes = [TokenQuota]  # a few microseconds each, and one for each key

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        query = parse_query(request.query_params, SuggestQuery)
        suggest = {"item": ask.suggest, "who": ask.suggest_users}[query["of"]]

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            named = suggest(live, query["q"], query["n"])
            return {"results": [asdict(one) for one in named]}

        return self.answer(slug, respond)


@schema.CLEANED
class Cleaned(RecommenderView):
    """A list without what somebody would hate."""

    serializer_class = CleaningRequest

    def post(self, request: Request, slug: str) -> HttpResponseBase:
        sent = self.sent()

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            cleaned = cleaning.clean(
                live, sent["items"], liked=sent["liked"], disliked=sent["disliked"]
            )
            return answer_body(CleanedSerializer, live, cleaned)

        return self.answer(slug, respond)


@schema.STATISTICS
class ItemStatistics(RecommenderView):
    """The items with most plays, plays of a listener or listeners."""

    serializer_class = ItemStatisticsSerializer

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        query = parse_query(request.query_params, StatisticsQuery)
        by, n = ItemStatistic(query["by"]), query["n"]

        def respond(row: Recommender, live: LiveVersion) -> dict[str, Any]:
            top = statistics.top(live.loaded, by, n)
            distribution = statistics.distribution(live.loaded, by)
            shown = {"by": by, "top": top, "distribution": distribution}
            return ItemStatisticsSerializer(shown).data

        return self.answer(slug, respond)


def _summary(
    request: Request, recommender: Recommender, live: RecommenderVersion | None
) -> dict[str, Any]:
    """One of the list; `live` needs its manifest only."""
    here = request.build_absolute_uri(f"/api/recommenders/{recommender.slug}/")
    manifest = live.manifest if live else {}
    return {
        "slug": recommender.slug,
        "name": recommender.name,
        "description": recommender.description,
        "shared": recommender.shared,
        "who": recommender.who,
        "what": recommender.what,
        "how_much": recommender.how_much or None,
        "version": live.number if live else None,
        "trained": live.ended if live else None,
        "algorithm": manifest.get("algorithm"),
        **{name: manifest.get(name) for name in ("n_users", "n_items", "n_likes")},
        "links": {"self": here} | {name: f"{here}{name}/" for name in QUESTIONS},
    }


def _model(version: RecommenderVersion | None) -> dict[str, Any] | None:
    """What a version learned from, by which settings, and how good it is."""
    if version is None:
        return None
    judged, report = version.evaluation or {}, version.report
    return {
        "version": version.number,
        "promoted_because": version.promotions.values_list("reason", flat=True).last(),
        "settings": version.manifest["settings"],
        "preparation": version.recipe["preparation"],
        "rows": report["n_rows"],
        "refused": report["refused"],
        "figures": judged.get("ranking"),
        "popularity": judged.get("baseline"),
        "split": judged.get("split"),
        "split_seed": judged.get("split_seed"),
        "not_judged": version.not_judged or None,
    }
