"""`/api/videos/`: the catalogue by filters and words, and everything about a video."""

from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from django.http import HttpResponseBase
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.conditional import PublicReads
from api.http.formats import CSVRenderer, InFormats, NDJSONRenderer, table
from api.http.params import parse_query, refuse_unknown_parameters
from api.http.renderers import OrjsonRenderer
from api.http.throttles import VideosThrottle
from api.videos import schema
from api.videos.query import DEFAULT_LIMIT, VideoParameters, VideoQuery
from api.videos.serializers import (
    ALL_FIELDS,
    LabelActSerializer,
    LicenceChangeSerializer,
    VideoDetailSerializer,
    VideoPageSerializer,
    columns,
)
from songs.browse import counts, cursors, search
from songs.browse.filter import FACETS
from songs.browse.lookup import offered_video
from songs.browse.queries import VideoFilter
from songs.models import LicenceChange, ListedVideo, MoodLabel, NewVideo

MAX_ACTS = 100  # of a history; the latest
RELATIONS = {"next": "next", "previous": "prev"}
Source = MoodLabel.Source
STREAMS = ("csv", "ndjson")
ONLY_JSON = "Only with JSON."
Made = TypeVar("Made")


@schema.VIDEOS
class VideoList(PublicReads, InFormats):
    """Offered videos by filters and words, a page at a time."""

    queryset = NewVideo.objects.all()  # says whose permissions hold
    serializer_class = VideoPageSerializer
    pagination_class = None
    throttle_classes = [VideosThrottle]
    renderer_classes = [
        OrjsonRenderer,
        BrowsableAPIRenderer,
        CSVRenderer,
        NDJSONRenderer,
    ]

    def get(self, request: Request) -> HttpResponseBase:
        format_ = request.accepted_renderer.format
        query = parse_query(request.query_params, VideoParameters)
        if format_ in STREAMS and query.facets:
            raise ValidationError({"facets": [ONLY_JSON]})
        return conditional.of_catalogue(request, lambda: self._response(query, format_))

    def _response(self, query: VideoQuery, format_: str) -> HttpResponseBase:
        if format_ in STREAMS and query.limit is None:
            rows = search.rows(
                query.filters, columns(query.fields), cursor=query.cursor
            )
            return table(format_, query.fields, rows)
        page = _read(query)
        links = _links(self.request, query.filters, page)
        if format_ in STREAMS:
            response = table(format_, query.fields, page.rows)
        else:
            response = Response(_body(query, page) | links)
        if targets := [
            f'<{url}>; rel="{RELATIONS[n]}"' for n, url in links.items() if url
        ]:
            response["Link"] = ", ".join(targets)  # RFC 8288
        return response


@schema.VIDEO
class VideoDetail(PublicReads, GenericAPIView):
    """Everything about one video, with what became of its label and its licence."""

    queryset = NewVideo.objects.all()
    serializer_class = VideoDetailSerializer

    def get(self, request: Request, video_id: str) -> Response:
        refuse_unknown_parameters(request)
        return conditional.of_content(request, lambda: self._response(video_id))

    def _response(self, video_id: str) -> Response:
        offered_video(video_id, ["video_id"])
        read = ListedVideo.objects.filter(pk=video_id).values_list(*columns(ALL_FIELDS))
        video = dict(zip(ALL_FIELDS, read.get(), strict=True))
        video["label_history"] = _label_history(video_id)
        video["licence_history"] = _licence_history(video_id)
        video["links"] = _links_of(self.request, video)
        return Response(video)


def _read(query: VideoQuery) -> search.VideoPage:
    return search.page(
        query.filters,
        columns(query.fields),
        size=query.limit or DEFAULT_LIMIT,
        cursor=query.cursor,
    )


def _body(query: VideoQuery, page: search.VideoPage) -> dict[str, Any]:
    results = [dict(zip(query.fields, row, strict=True)) for row in page.rows]
    body: dict[str, Any] = {"results": results}
    if query.facets:
        chosen = {facet: FACETS[facet] for facet in query.facets}
        counted, most = counts.count_facets(query.filters, chosen)
        body["facets"] = {
            facet: [_count(value, n, most) for value, n in of_values.items()]
            for facet, of_values in counted.items()
        }
    return body


def _count(value: str, n_videos: int, most: int | None) -> dict[str, Any]:
    if most is not None and n_videos > most:
        return {"value": value, "count": most, "more": True}
    return {"value": value, "count": n_videos, "more": False}


def _links(
    request: Request, filters: VideoFilter, page: search.VideoPage
) -> dict[str, str | None]:
    """Links to the next and the previous page."""
    links: dict[str, str | None] = {}
    for name, key in (("next", page.next), ("previous", page.previous)):
        links[name] = key and _address(
            request,
            request.query_params.dict()
            | {"cursor": cursors.encode(key, filters, backwards=name == "previous")},
        )
    return links


def _address(request: Request, params: dict[str, str]) -> str:
    return request.build_absolute_uri(f"/api/videos/?{urlencode(params)}")


def _links_of(request: Request, video: dict[str, Any]) -> dict[str, str | None]:
    video_id, channel = video["video_id"], video["channel_id"]
    mood, here = video["moods"], f"/api/videos/{video_id}/"
    below = {
        name: request.build_absolute_uri(f"{here}{name}/")
        for name in ("similar", "licence", "claims")
    }
    return below | {
        "self": request.build_absolute_uri(here),
        "watch": NewVideo(video_id=video_id).watch_url,
        "channel": channel and f"https://www.youtube.com/channel/{quote(channel)}",
        "same_channel": channel and _address(request, {"channel": channel}),
        "same_mood": mood and _address(request, {"mood": mood}),
    }


def _label_history(video_id: str) -> list[dict[str, Any]]:
    """Labels by people, never by whom; the notes of reverts are no labels."""
    acts = MoodLabel.objects.filter(video=video_id).exclude(source=Source.REVERT)
    columns = LabelActSerializer().fields
    latest = acts.with_taken_back().order_by("-at", "-id").values(*columns)
    return list(latest[:MAX_ACTS])


def _licence_history(video_id: str) -> list[dict[str, Any]]:
    changes = LicenceChange.objects.filter(video=video_id).order_by("-at", "-id")
    return list(changes.values(*LicenceChangeSerializer().fields)[:MAX_ACTS])
