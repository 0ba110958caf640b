"""The mood mixer: `/api/mix/`."""

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.conditional import PublicReads
from api.http.params import parse_query
from api.http.renderers import CSVRenderer, NamedNegotiation, table
from api.http.throttles import CostlyReadThrottle
from api.mix import schema
from api.mix.query import MixQuery
from api.mix.serializers import TRACK_FIELDS, MixSerializer, mix_body, tracks_of
from songs.mixes import build, formats
from songs.mixes.selection import MixRequest
from songs.models import NewVideo


@schema.MIX
class MoodMix(PublicReads, GenericAPIView):
    """A list of tracks that fills a time with moods, with a credit for each."""

    queryset = NewVideo.objects.all()  # says whose permissions hold
    serializer_class = MixSerializer
    content_negotiation_class = NamedNegotiation
    throttle_classes = [CostlyReadThrottle]
    renderer_classes = [
        JSONRenderer,
        BrowsableAPIRenderer,
        formats.M3URenderer,
        formats.JSPFRenderer,
        CSVRenderer,
    ]

    def get_renderers(self) -> list[BaseRenderer]:
        """Playlists are of tracks; what else there is to say (OPTIONS) is JSON."""
        renderers = super().get_renderers()
        reads = self.request is None or self.request.method in conditional.READS
        return renderers if reads else renderers[:2]

    def get(self, request: Request) -> HttpResponseBase:
        today = timezone.now().date()  # UTC
        mix_request = parse_query(request.query_params, MixQuery, today=today)
        return conditional.of_day(request, lambda: self._made(mix_request), today=today)

    def _made(self, mix_request: MixRequest) -> HttpResponseBase:
        made = build.make(mix_request)
        match self.request.accepted_renderer.format:
            case "m3u":
                return formats.m3u(made)
            case "jspf":
                return formats.jspf(made)
            case "csv":
                tracks = tracks_of(self.request, made)
                rows = [tuple(track.values()) for track in tracks]
                return table("csv", TRACK_FIELDS, rows, name="mix")
        return Response(mix_body(self.request, made))
