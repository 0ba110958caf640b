"""May I use this music? `/api/videos/{id}/licence/` and `/api/videos/{id}/claims/`."""

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_200_OK, HTTP_201_CREATED

from accounts.models import Scope
from api.http import conditional
from api.http.auth import Scopes
from api.http.conditional import PublicReads
from api.http.params import parse_body, refuse_unknown_parameters
from api.http.parsers import BoundedJSONParser
from api.http.throttles import ClaimThrottle
from api.licences import schema
from api.licences.serializers import ClaimRequest, ClaimSerializer, PassportSerializer
from songs.licensing import content_claims
from songs.licensing import passport as licences
from songs.models import NewVideo
from web.client_ip import client_address

THANKS = "Thank you. Your report waits until a person has looked at it."
FIRST_STANDS = "You have reported a claim on this video today, and the first report of a day stands."


@schema.PASSPORT
class LicencePassport(PublicReads, GenericAPIView):
    """What was verified about the licence of a video, and how to credit it.

    Videos that are no longer offered have one too.
    """

    queryset = NewVideo.objects.all()
    serializer_class = PassportSerializer

    def get(self, request: Request, video_id: str) -> HttpResponseBase:
        refuse_unknown_parameters(request)
        # Days pass and claims are accepted while the catalogue stays as it is.
        return conditional.of_content(
            request, lambda: self._response(video_id), dated=False
        )

    def _response(self, video_id: str) -> Response:
        passport = licences.passport(video_id, now=timezone.now())
        return Response(PassportSerializer(passport).data)


@schema.CLAIMS
class ContentClaims(GenericAPIView):
    """POST a Content ID claim that you met with when you used the music.

    It lowers the statement of the licence passport once a person has accepted it.
    """

    queryset = NewVideo.objects.all()
    serializer_class = ClaimRequest
    permission_classes = [Scopes]
    scope = Scope.CLAIM
    parser_classes = [BoundedJSONParser]
    throttle_classes = [ClaimThrottle]

    def post(self, request: Request, video_id: str) -> Response:
        refuse_unknown_parameters(request)
        sent = parse_body(request, self.serializer_class)
        claim, new = content_claims.report(
            video_id, **sent, address=client_address(request)
        )
        same = claim.claimant == sent["claimant"]
        claim.detail = THANKS if new or same else FIRST_STANDS
        status = HTTP_201_CREATED if new else HTTP_200_OK
        return Response(ClaimSerializer(claim).data, status)
