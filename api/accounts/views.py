"""Listeners and their playlists: `/api/register/`, `/api/users/`, `/api/user/`.

All of it is private: without a token it is a 401, and what belongs to somebody else
does not exist.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import re_path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.decorators.vary import vary_on_headers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.status import (
    HTTP_200_OK,
    HTTP_201_CREATED,
    HTTP_204_NO_CONTENT,
)
from rest_framework.views import APIView

from accounts import google, listeners, playlists
from accounts.models import Playlist
from api.accounts import schema
from api.accounts.errors import (
    GoogleTokenRefused,
    GoogleUnreachable,
    LimitReached,
    OrderOutdated,
    SignInNotConfigured,
)
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
from api.http.parsers import BoundedJSONParser
from api.http.throttles import SignInThrottle

NOT_YOURS = "You have nothing of this id."
USER = r"(?P<user_id>\d{1,18})"
PLAYLIST = r"(?P<playlist_id>\d{1,18})"
ROW = r"(?P<row_id>\d{1,18})"


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
        sent = _sent(SignInRequest, request)
        account, token, new = listeners.sign_in(
            _identity(sent["token"]), called=sent.get("name") or ""
        )
        data = SignedInSerializer({"id": account.pk, "token": token}).data
        return Response(data, HTTP_201_CREATED if new else HTTP_200_OK)


@method_decorator(conditional_page, "dispatch")
@method_decorator(vary_on_headers("Authorization"), "dispatch")
@method_decorator(cache_control(private=True, no_cache=True), "dispatch")
class Private(APIView):
    """Base: for the listener whose token it is, never kept for anybody else."""

    authentication_classes = [ListenerTokens]
    permission_classes = [IsAuthenticated]
    parser_classes = [BoundedJSONParser]
    renderer_classes = [JSONRenderer]


@schema.USER
class User(Private):
    """A listener, for its owner only."""

    def get(self, request: Request, user_id: str) -> Response:
        _own_id(request, user_id)
        return Response(AccountSerializer(request.user).data)

    def put(self, request: Request, user_id: str) -> Response:
        account_id = _own_id(request, user_id)
        sent = _sent(AccountSerializer, request)
        with _or_errors():
            listeners.rename(account_id, **sent)
        return Response({"id": account_id, **sent})

    def delete(self, request: Request, user_id: str) -> Response:
        with _or_errors():
            listeners.delete(_own_id(request, user_id))
        return Response(status=HTTP_204_NO_CONTENT)


@schema.EXPORT
class UserExport(Private):
    """All that is known about a listener, as one file."""

    def get(self, request: Request, user_id: str) -> Response:
        with _or_errors():
            account = listeners.export(_own_id(request, user_id))
        name = 'attachment; filename="moodibeats-account.json"'
        headers = {"Content-Disposition": name}
        return Response(ExportSerializer(account).data, headers=headers)


@schema.PLAYLISTS
class PlaylistAdding(Private):
    """A new playlist of the listener."""

    def post(self, request: Request) -> Response:
        sent = _sent(PlaylistSerializer, request)
        with _or_errors():
            playlist = playlists.create(request.user.pk, sent["name"])
        return Response(PlaylistSerializer(playlist).data, HTTP_201_CREATED)


@schema.PLAYLISTS_OF_USER
class PlaylistsOfUser(Private):
    """The playlists of the listener, oldest first."""

    def get(self, request: Request, user_id: str) -> Response:
        rows = Playlist.objects.filter(account=_own_id(request, user_id))
        return Response(rows.order_by("pk").values("id", "name"))


@schema.PLAYLIST
class PlaylistRemoving(Private):
    """A playlist may go with all that is in it."""

    def delete(self, request: Request, playlist_id: str) -> Response:
        with _or_errors():
            playlists.remove(request.user.pk, int(playlist_id))
        return Response(status=HTTP_204_NO_CONTENT)


@schema.SONGS
class PlaylistSongs(Private):
    """The songs of a playlist in their order."""

    def get(self, request: Request, playlist_id: str) -> Response:
        mine = Playlist.objects.filter(account=request.user)
        with _or_errors():
            playlist = mine.only("pk").get(pk=int(playlist_id))
        return _songs(playlist)

    def put(self, request: Request, playlist_id: str) -> Response:
        order = _sent(ArrangeRequest, request)["order"]
        with _or_errors():
            playlist = playlists.arrange(request.user.pk, int(playlist_id), order)
        return _songs(playlist)


@schema.ADD_SONG
class SongAdding(Private):
    """One more song in a playlist."""

    def post(self, request: Request, playlist_id: str) -> Response:
        sent = _sent(AddSongRequest, request)
        with _or_errors():
            song = playlists.add_song(
                request.user.pk,
                int(playlist_id),
                sent["song_id"],
                sent.get("playlist_index"),
            )
        return Response(PlaylistSongSerializer(song).data, HTTP_201_CREATED)


@schema.SONG
class Song(Private):
    """A song moves inside its playlist, or leaves it."""

    def put(self, request: Request, playlist_id: str, row_id: str) -> Response:
        sent = _sent(ReorderRequest, request)
        with _or_errors():
            song = playlists.reorder(
                request.user.pk,
                int(playlist_id),
                int(row_id),
                sent["playlist_index"],
                device=request.auth.pk,
            )
        return Response(PlaylistSongSerializer(song).data)

    def delete(self, request: Request, playlist_id: str, row_id: str) -> Response:
        with _or_errors():
            playlists.remove_song(request.user.pk, int(playlist_id), int(row_id))
        return Response(status=HTTP_204_NO_CONTENT)


def _songs(playlist: Playlist) -> Response:
    rows = playlist.songs.order_by("playlist_index")
    return Response(rows.values("id", "song_id", "playlist_index"))


def _sent(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent.validated_data


def _identity(token: str) -> google.Identity:
    try:
        return google.verify(token, client_id=settings.GOOGLE_CLIENT_ID)
    except google.GoogleTokenRefused as exc:
        raise GoogleTokenRefused(str(exc)) from exc
    except google.GoogleUnreachable as exc:
        raise GoogleUnreachable from exc


def _own_id(request: Request, user_id: str) -> int:
    """The id, if it is that of the listener who asks; whether others exist is not said."""
    if int(user_id) != request.user.pk:
        raise NotFound(NOT_YOURS)
    return request.user.pk


@contextmanager
def _or_errors() -> Iterator[None]:
    try:
        yield
    except ObjectDoesNotExist as exc:  # or gone since the request began
        raise NotFound(NOT_YOURS) from exc
    except playlists.PlaylistFull as exc:
        raise LimitReached(str(exc)) from exc
    except playlists.OrderOutdated as exc:
        raise OrderOutdated(str(exc)) from exc


urlpatterns = [
    re_path(r"^register/oauth/?$", SignIn.as_view()),
    re_path(rf"^users/{USER}/?$", User.as_view()),
    re_path(rf"^users/{USER}/export/?$", UserExport.as_view()),
    re_path(r"^user/playlists/?$", PlaylistAdding.as_view()),
    re_path(rf"^user/playlists/{USER}/playlists/?$", PlaylistsOfUser.as_view()),
    re_path(rf"^user/playlists/{PLAYLIST}/?$", PlaylistRemoving.as_view()),
    re_path(rf"^user/playlists/{PLAYLIST}/songs/?$", PlaylistSongs.as_view()),
    re_path(rf"^user/playlists/{PLAYLIST}/song/?$", SongAdding.as_view()),
    re_path(rf"^user/playlists/{PLAYLIST}/song/{ROW}/?$", Song.as_view()),
]
