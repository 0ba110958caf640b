"""The routes of the API. The 2019 ones are bare arrays and ignore unknown parameters."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.status import HTTP_201_CREATED

from accounts.models import Scope
from api.arrays2019 import schema
from api.arrays2019.serializers import (
    CommentsSerializer,
    MoodSerializer,
    NewVideoDetailSerializer,
    NewVideoRequest,
    NewVideoSerializer,
    PredictionSerializer,
    StatisticsSerializer,
    ThumbnailSerializer,
)
from api.http import conditional
from api.http.conditional import PublicReads
from api.http.params import parse_body, refuse_unknown_parameters
from api.http.parsers import BoundedJSONParser
from api.http.renderers import ROWS_PER_CHUNK, stream
from api.openapi import responses
from songs.browse import counts
from songs.browse import stream as newest
from songs.browse.lookup import offered_video
from songs.ingestion import add_video
from songs.models import NewVideo

ROUTES = (
    "new-videos",
    "predictions",
    "new-videos-thumbnails",
    "new-videos-stats",
    "new-comments",
    "new-videos-moods",
    "videos",
    "mix",
    "moods",
    "predict",
    "recommenders",
    "datasets",
    "schema",
    "docs",
)
BROWSED_ROWS = 50  # a page for people; programs get all rows
LABEL_PERMISSION = "songs.change_newvideo"


class CatalogueList(PublicReads, ListAPIView):
    """All offered videos, newest first, a few queries for thousands of them."""

    queryset = NewVideo.objects.public().newest_first()
    pagination_class = None
    rows_at_once = ROWS_PER_CHUNK  # in memory

    def get_queryset(self) -> QuerySet[NewVideo, dict[str, Any]]:
        serializer = self.serializer_class
        rows = super().get_queryset()
        return rows.values(*serializer.columns(), **serializer.computed)

    def get_rows(self) -> Iterator[dict[str, Any]]:
        return newest.rows(self.get_queryset(), size=self.rows_at_once)

    def list(self, request: Request) -> HttpResponseBase:
        return conditional.of_catalogue(request, self._response)

    def _response(self) -> HttpResponseBase:
        show = self.serializer_class().to_representation
        if self.request.accepted_renderer.format == "api":
            return Response([show(row) for row in self.get_queryset()[:BROWSED_ROWS]])
        return stream(map(show, self.get_rows()), self.rows_at_once)


@schema.NEW_VIDEOS
@schema.ADD_NEW_VIDEO
class NewVideoList(CatalogueList):
    """The catalogue: Creative Commons music videos and their moods, newest first.

    This page shows the newest 50; as JSON it is the whole catalogue.
    """

    serializer_class = NewVideoSerializer
    scope = Scope.ADD_VIDEOS
    parser_classes = [BoundedJSONParser]

    def get_serializer_class(self) -> type[Serializer]:
        """What is sent: the form of the browsable API and OPTIONS show it."""
        return NewVideoRequest if self.request.method == "POST" else NewVideoSerializer

    def post(self, request: Request) -> Response:
        sent = parse_body(request, NewVideoRequest)
        _add(sent, request.user)
        video_id = sent["video_id"]
        row = self.get_queryset().get(video_id=video_id)
        where = request.build_absolute_uri(f"/api/new-videos/{video_id}/")
        data = NewVideoSerializer(row).data
        return Response(data, HTTP_201_CREATED, headers={"Location": where})


class CatalogueDetail(PublicReads, GenericAPIView):
    """One offered video; 404 or 410 where there is none."""

    queryset = NewVideo.objects.all()

    def get(self, request: Request, video_id: str) -> Response:
        return conditional.of_content(request, lambda: self._response(video_id))

    def _response(self, video_id: str) -> Response:
        serializer = self.serializer_class
        row = offered_video(video_id, serializer.columns(), **serializer.computed)
        return Response(serializer(row).data)


@schema.NEW_VIDEO
class NewVideoDetail(CatalogueDetail):
    """One video with its texts."""

    serializer_class = NewVideoDetailSerializer


@schema.PREDICTIONS
class PredictionList(CatalogueList):
    """What the model says about each video, whatever people say."""

    serializer_class = PredictionSerializer


@schema.THUMBNAILS
class ThumbnailList(CatalogueList):
    """The picture of each video; null where YouTube named none."""

    serializer_class = ThumbnailSerializer


@schema.STATISTICS
class StatisticsList(CatalogueList):
    """How often each video was seen and liked; null where YouTube does not say."""

    serializer_class = StatisticsSerializer


@schema.STATISTICS_OF_ONE
class StatisticsDetail(CatalogueDetail):
    """How often one video was seen and liked."""

    serializer_class = StatisticsSerializer


@schema.COMMENTS
class CommentList(CatalogueList):
    """What people wrote under each video that we have comments of."""

    queryset = CatalogueList.queryset.commented()
    serializer_class = CommentsSerializer
    rows_at_once = 100  # videos, of up to 100 comments each


@schema.MOODS
class MoodList(PublicReads, GenericAPIView):
    """The six moods, and how many videos people and the model find in each."""

    queryset = NewVideo.objects.all()
    serializer_class = MoodSerializer
    pagination_class = None

    def get(self, request: Request) -> HttpResponseBase:
        refuse_unknown_parameters(request)
        return conditional.of_catalogue(request, self._response)

    def _response(self) -> Response:
        return Response(MoodSerializer(counts.offered().moods, many=True).data)


@responses.ROOT
class OpenAPI(PublicReads, SpectacularAPIView):
    """This API, described for programs."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()  # the same document for everybody
        described = super().get
        return conditional.of_code(request, lambda: described(request, *args, **kwargs))


@responses.ROOT
class Root(PublicReads):
    """Every route of the API."""

    permission_classes = [AllowAny]

    def get(self, request: Request) -> HttpResponseBase:
        urls = {name: request.build_absolute_uri(f"/api/{name}/") for name in ROUTES}
        return conditional.of_code(request, lambda: Response(urls))


def _add(video: dict[str, Any], person: User) -> None:
    labels = video.get("labeled") is True
    if labels and not person.has_perm(LABEL_PERMISSION):
        raise PermissionDenied("You may add videos, but not label them.")
    add_video.add_video(
        video["video_id"],
        title=video.get("video_title"),
        description=video.get("video_description"),
        mood=video["moods"] if labels else None,
        who=person.get_username(),
    )
