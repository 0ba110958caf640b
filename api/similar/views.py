"""The videos that are like a video: `/api/videos/{id}/similar/`."""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.conditional import PublicReads
from api.http.params import parse_query
from api.http.throttles import CostlyReadThrottle
from api.similar import schema
from api.similar.serializers import SHOWN_FIELDS, SimilarQuery, SimilarSerializer
from api.videos.serializers import columns
from songs.browse.lookup import offered_video
from songs.models import ListedVideo, NewVideo
from songs.similar import query

DECIMALS = 4


@schema.SIMILAR
class SimilarVideos(PublicReads, GenericAPIView):
    """The videos most like one video, the most similar first, each with why."""

    queryset = NewVideo.objects.all()  # says whose permissions hold
    serializer_class = SimilarSerializer
    throttle_classes = [CostlyReadThrottle]

    def get(self, request: Request, video_id: str) -> HttpResponseBase:
        n = parse_query(request.query_params, SimilarQuery)["n"]
        # Videos are compared while the catalogue stays as it is.
        return conditional.of_content(
            request, lambda: self._response(video_id, n), dated=False
        )

    def _response(self, video_id: str, n: int) -> Response:
        offered_video(video_id, ["video_id"])
        neighbours = query.find(video_id, n=n)
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
