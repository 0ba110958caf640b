"""Moods that anybody may suggest: `/api/new-videos-moods/`."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.status import HTTP_200_OK, HTTP_201_CREATED

from accounts.models import Scope
from api.arrays2019.views import CatalogueList
from api.http.auth import Scopes
from api.http.params import parse_body
from api.http.parsers import BoundedJSONParser
from api.http.throttles import SuggestionThrottle
from api.suggestions import schema
from api.suggestions.serializers import (
    AcceptedSuggestionSerializer,
    SuggestionRequest,
    SuggestionSerializer,
)
from songs.browse.lookup import offered_video
from songs.labelling import suggestions
from songs.models import Mood, MoodSuggestion
from web.client_ip import client_address

THANKS = "Thank you. Your suggestion waits until a person has looked at it."
FIRST_STANDS = (
    "You have suggested {mood} for this video today, and the first suggestion of a day "
    "stands. You may suggest another mood tomorrow."
)


@schema.SUGGESTIONS
@schema.SUGGEST
class MoodSuggestions(CatalogueList):
    """Suggested moods that a person has accepted, the latest first.

    Anybody may POST a suggestion; it changes no mood until a person accepts it.
    """

    serializer_class = AcceptedSuggestionSerializer
    permission_classes = [Scopes]
    scope = Scope.SUGGEST
    parser_classes = [BoundedJSONParser]
    throttle_classes = [SuggestionThrottle]

    def get_queryset(self) -> QuerySet[MoodSuggestion, dict[str, Any]]:
        return suggestions.accepted()

    def get_rows(self) -> Iterator[dict[str, Any]]:
        return self.get_queryset().iterator()

    def get_serializer_class(self) -> type[Serializer]:
        posts = self.request.method == "POST"
        return SuggestionRequest if posts else AcceptedSuggestionSerializer

    def post(self, request: Request) -> Response:
        sent = parse_body(request, SuggestionRequest)
        video_id = sent["video_id"]
        mood = sent["correct_moods"]
        video = offered_video(video_id, ["video_id", "video_title"])
        suggestion, new = suggestions.suggest(
            video_id, mood, address=client_address(request)
        )
        video["correct_moods"] = suggestion.mood
        video["detail"] = _detail(Mood(suggestion.mood), suggested=mood)
        status = HTTP_201_CREATED if new else HTTP_200_OK
        return Response(SuggestionSerializer(video).data, status)


def _detail(standing: Mood, *, suggested: Mood) -> str:
    return THANKS if standing == suggested else FIRST_STANDS.format(mood=standing.label)
