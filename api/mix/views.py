"""The mood mixer: `/api/mix/`."""

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.conditional import PublicReads
from api.http.formats import CSVRenderer, InFormats
from api.http.params import parse_query
from api.http.throttles import CostlyReadThrottle
from api.mix import schema
from api.mix.query import MixParameters
from api.mix.serializers import MixSerializer, mix_body
from songs.mixes import build, formats
from songs.mixes.selection import MixRequest
from songs.models import NewVideo


class M3URenderer(BaseRenderer):
    """Stands for M3U where a format is chosen; the view writes it."""

    media_type, format = "audio/x-mpegurl", "m3u"


class JSPFRenderer(BaseRenderer):
    """Stands for JSPF where a format is chosen; the view writes it."""

    media_type, format = "application/jspf+json", "jspf"


@schema.MIX
class MoodMix(PublicReads, InFormats):
    """A list of tracks that fills a time with moods, with a credit for each."""

    queryset = NewVideo.objects.all()  # says whose permissions hold
    serializer_class = MixSerializer
    throttle_classes = [CostlyReadThrottle]
    renderer_classes = [
        JSONRenderer,
        BrowsableAPIRenderer,
        M3URenderer,
        JSPFRenderer,
        CSVRenderer,
    ]

    def get(self, request: Request) -> HttpResponseBase:
        today = timezone.now().date()  # UTC
        mix_request = parse_query(request.query_params, MixParameters, today=today)
        return conditional.of_day(
            request, lambda: self._response(mix_request), today=today
        )

    def _response(self, mix_request: MixRequest) -> HttpResponseBase:
        made = build.make(mix_request)
        match self.request.accepted_renderer.format:
            case "m3u":
                return self._file(formats.m3u(made))
            case "jspf":
                return self._file(formats.jspf(made))
            case "csv":
                return self._file(formats.csv(made, self.request.build_absolute_uri))
        return Response(mix_body(self.request, made))

    def _file(self, content: str | bytes) -> HttpResponse:
        renderer = self.request.accepted_renderer
        return HttpResponse(
            content,
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="mix.{renderer.format}"'
            },
        )
