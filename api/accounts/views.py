"""Listeners and their playlists: `/api/register/`, `/api/users/`, `/api/user/`.

All of it is private: without a token it is a 401, and what belongs to somebody else
does not exist.
"""

from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.decorators.vary import vary_on_headers
from rest_framework.exceptions import APIException
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import (
    HTTP_200_OK,
    HTTP_201_CREATED,
    HTTP_204_NO_CONTENT,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from rest_framework.views import APIView

from accounts import google, listeners, playlists
from accounts.models import Account, Playlist
from api.accounts import schema
from api.accounts.serializers import (
    AccountSerializer,
    AddSongRequest,
    ArrangeRequest,
    ExportSerializer,
    PlaylistSerializer,
    PlaylistSongSerializer,
    ReorderRequest,
    SignedInSerializer,
    SignInRequest,
)
from api.http.auth import ListenerTokens, ProgramTokens, Scopes
from api.http.params import parse_body
from api.http.parsers import BoundedJSONParser
from api.http.throttles import SignInThrottle


class SignInNotConfigured(APIException):
    """The operator has set no GOOGLE_CLIENT_ID."""

    status_code = HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Nobody can sign in here: GOOGLE_CLIENT_ID is not set."
    default_code = "sign_in_not_configured"


@schema.SIGN_IN
@method_decorator(cache_control(no_store=True), "dispatch")
class SignIn(APIView):
    """A Google ID token becomes a token of ours."""

    authentication_classes = [ProgramTokens]  # ignores what an old page sends
    permission_classes = [Scopes]  # of which none is enough here
    parser_classes = [BoundedJSONParser]
    renderer_classes = [JSONRenderer]
    throttle_classes = [SignInThrottle]

    def post(self, request: Request) -> Response:
        if not settings.GOOGLE_CLIENT_ID:
            raise SignInNotConfigured
        sent = parse_body(request, SignInRequest)
        account, token, new = listeners.sign_in(
            google.verify(sent["token"], client_id=settings.GOOGLE_CLIENT_ID),
            called=sent.get("name") or "",
        )
        data = SignedInSerializer({"id": account.pk, "token": token}).data
        return Response(data, HTTP_201_CREATED if new else HTTP_200_OK)


@method_decorator(conditional_page, "dispatch")
@method_decorator(vary_on_headers("Authorization"), "dispatch")
@method_decorator(cache_control(private=True, no_cache=True), "dispatch")
class ListenerView(APIView):
    """Base: for the listener whose token it is, never kept for anybody else."""

    authentication_classes = [ListenerTokens]
    permission_classes = [IsAuthenticated]
    parser_classes = [BoundedJSONParser]
    renderer_classes = [JSONRenderer]


@schema.USER
class User(ListenerView):
    """A listener, for its owner only."""

    def get(self, request: Request, user_id: str) -> Response:
        _own_id(request, user_id)
        return Response(AccountSerializer(request.user).data)

    def put(self, request: Request, user_id: str) -> Response:
        account_id = _own_id(request, user_id)
        sent = parse_body(request, AccountSerializer)
        listeners.rename(account_id, **sent)
        return Response({"id": account_id, **sent})

    def delete(self, request: Request, user_id: str) -> Response:
        listeners.delete(_own_id(request, user_id))
        return Response(status=HTTP_204_NO_CONTENT)


@schema.EXPORT
class UserExport(ListenerView):
    """All that is known about a listener, as one file."""

    def get(self, request: Request, user_id: str) -> Response:
        account = listeners.export(_own_id(request, user_id))
        name = 'attachment; filename="moodibeats-account.json"'
        headers = {"Content-Disposition": name}
        return Response(ExportSerializer(account).data, headers=headers)


@schema.PLAYLISTS
class PlaylistAdding(ListenerView):
    """A new playlist of the listener."""

    def post(self, request: Request) -> Response:
        sent = parse_body(request, PlaylistSerializer)
        playlist = playlists.create(request.user.pk, sent["name"])
        return Response(PlaylistSerializer(playlist).data, HTTP_201_CREATED)


@schema.PLAYLISTS_OF_USER
class PlaylistsOfUser(ListenerView):
    """The playlists of the listener, oldest first."""

    def get(self, request: Request, user_id: str) -> Response:
        rows = Playlist.objects.filter(account=_own_id(request, user_id))
        return Response(rows.order_by("pk").values("id", "name"))


@schema.PLAYLIST
class PlaylistRemoving(ListenerView):
    """A playlist may go with all that is in it."""

    def delete(self, request: Request, playlist_id: str) -> Response:
        playlists.remove(request.user.pk, int(playlist_id))
        return Response(status=HTTP_204_NO_CONTENT)


@schema.SONGS
class PlaylistSongs(ListenerView):
    """The songs of a playlist in their order."""

    def get(self, request: Request, playlist_id: str) -> Response:
        mine = Playlist.objects.filter(account=request.user)
        playlist = mine.only("pk").get(pk=int(playlist_id))
        return _songs(playlist)

    def put(self, request: Request, playlist_id: str) -> Response:
        order = parse_body(request, ArrangeRequest)["order"]
        playlist = playlists.arrange(request.user.pk, int(playlist_id), order)
        return _songs(playlist)


@schema.ADD_SONG
class SongAdding(ListenerView):
    """One more song in a playlist."""

    def post(self, request: Request, playlist_id: str) -> Response:
        sent = parse_body(request, AddSongRequest)
        song = playlists.add_song(
            request.user.pk,
            int(playlist_id),
            sent["song_id"],
            sent.get("playlist_index"),
        )
        return Response(PlaylistSongSerializer(song).data, HTTP_201_CREATED)


@schema.SONG
class Song(ListenerView):
    """A song moves inside its playlist, or leaves it."""

    def put(self, request: Request, playlist_id: str, row_id: str) -> Response:
        sent = parse_body(request, ReorderRequest)
        song = playlists.reorder(
            request.user.pk,
            int(playlist_id),
            int(row_id),
            sent["playlist_index"],
            device=request.auth.pk,
        )
        return Response(PlaylistSongSerializer(song).data)

    def delete(self, request: Request, playlist_id: str, row_id: str) -> Response:
        playlists.remove_song(request.user.pk, int(playlist_id), int(row_id))
        return Response(status=HTTP_204_NO_CONTENT)


def _songs(playlist: Playlist) -> Response:
    rows = playlist.songs.order_by("playlist_index")
    return Response(rows.values("id", "song_id", "playlist_index"))


def _own_id(request: Request, user_id: str) -> int:
    """Return the id if it is the listener's own; else as if there were no such listener."""
    if int(user_id) != request.user.pk:
        raise Account.DoesNotExist(user_id)
    return request.user.pk
