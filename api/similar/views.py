"""The videos that are like a video: `/api/videos/{id}/similar/`."""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT, HTTP_503_SERVICE_UNAVAILABLE

from api.http import conditional
from api.http.conditional import PublicReads
from api.http.offered import TooSlow, offered_video
from api.http.throttles import CostlyReadThrottle
from api.similar import schema
from api.similar.serializers import SHOWN_FIELDS, SimilarSerializer, understand
from api.videos.serializers import columns
from songs.browse import queries
from songs.models import ListedVideo, NewVideo
from songs.similar import pgvector, query

DECIMALS = 4


class NotCompared(APIException):
    """The video is offered, and nothing is known yet of what is like it."""

    status_code = HTTP_409_CONFLICT
    default_detail = (
        "This video has not been compared with the others yet, or nothing is known of "
        "it to compare by. New videos are compared once a day."
    )
    default_code = "not_compared"


class SimilarUnavailable(APIException):
    """The database has no pgvector; its operator reads in `doctor` what to do."""

    status_code = HTTP_503_SERVICE_UNAVAILABLE
    default_detail = (
        "This server cannot search for similar videos; its operator can see why."
    )
    default_code = "similar_unavailable"


@schema.SIMILAR
class SimilarVideos(PublicReads, GenericAPIView):
    """The videos most like one video, the most similar first, each with why."""

    queryset = NewVideo.objects.all()  # says whose permissions hold
    serializer_class = SimilarSerializer
    throttle_classes = [CostlyReadThrottle]

    def get(self, request: Request, video_id: str) -> HttpResponseBase:
        n = understand(request.query_params)
        # Videos are compared while the catalogue stays as it is.
        return conditional.of_content(
            request, lambda: self._found(video_id, n), dated=False
        )

    def _found(self, video_id: str, n: int) -> Response:
        offered_video(video_id, ["video_id"])
        try:
            neighbours = query.find(video_id, n=n)
        except pgvector.NoPgvector as exc:
            raise SimilarUnavailable from exc
        except query.NotEmbedded as exc:
            raise NotCompared from exc
        except queries.QueryTooSlow as exc:
            raise TooSlow from exc
        return Response({"video_id": video_id, "results": _shown(neighbours)})


def _shown(neighbours: list[query.Neighbour]) -> list[dict[str, Any]]:
    """The neighbours with what they are; those that went a moment ago are left out."""
    ids = [neighbour.video_id for neighbour in neighbours]
    rows = ListedVideo.objects.filter(pk__in=ids).values_list(*columns(SHOWN_FIELDS))
    videos = {row[0]: dict(zip(SHOWN_FIELDS, row, strict=True)) for row in rows}
    return [
        videos[neighbour.video_id] | _why(neighbour)
        for neighbour in neighbours
        if neighbour.video_id in videos
    ]


def _why(neighbour: query.Neighbour) -> dict[str, Any]:
    closeness = neighbour.mood_closeness
    return {
        "similarity": round(neighbour.similarity, DECIMALS),
        "why": {
            "words": neighbour.words,
            "mood_closeness": None if closeness is None else round(closeness, DECIMALS),
        },
    }
