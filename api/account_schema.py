"""The prose of the OpenAPI document about listeners and playlists."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)

from api.account_serializers import (
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
from api.schema_limits import limited
from api.serializers import ErrorSerializer, InvalidSerializer

LISTENERS = ["Listeners and playlists"]
ANYBODY: list[str] = []
HIDDEN = {401: ErrorSerializer, 404: ErrorSerializer}
BODY = {400: InvalidSerializer, 413: ErrorSerializer, 415: ErrorSerializer}
FULL = {409: ErrorSerializer}


def number(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "integer", "minimum": 0}, "path")


def described(operation_id: str, summary: str, description: str, **rest: Any) -> Any:
    return extend_schema(
        tags=LISTENERS,
        operation_id=operation_id,
        summary=summary,
        description=description,
        **rest,
    )


def example(name: str, value: Any, **options: Any) -> OpenApiExample:
    return OpenApiExample(name, value, **options)


A_ROW = {"id": 31, "song_id": "dQw4w9WgXcQ", "playlist_index": 2}
A_USER = {"id": 17, "name": "Mia", "email": "mia@example.org"}

SIGN_IN = extend_schema_view(
    post=described(
        "sign_in",
        "Sign in with Google",
        "Sends the ID token that Google gave the page. The answer's `token` goes into "
        "`Authorization` from now on, for 30 days. Who somebody is, Google's token "
        "says: `email` in the body is ignored. 503 `sign_in_not_configured` where the "
        "operator has set no `GOOGLE_CLIENT_ID`.",
        auth=ANYBODY,
        request=SignInRequest,
        responses={
            200: SignedInSerializer,
            201: SignedInSerializer,
            401: ErrorSerializer,
            429: ErrorSerializer,
            503: ErrorSerializer,
            **BODY,
        },
        parameters=limited(200, 201),
        examples=[
            example(
                "As the page knows it",
                {"name": "Mia", "email": "mia@example.org", "token": "eyJhbGciOi..."},
                request_only=True,
            ),
            example(
                "Signed in",
                {"id": 17, "token": "VVo5d2hKQ3J0..."},
                response_only=True,
                status_codes=["200", "201"],
            ),
        ],
    )
)

USER = extend_schema_view(
    get=described(
        "user",
        "A listener",
        "For its owner only; whether others exist is not said.",
        parameters=[number("user_id")],
        responses={200: AccountSerializer, **HIDDEN},
        examples=[example("Mia", A_USER, response_only=True)],
    ),
    put=described(
        "change_user",
        "Change name and email",
        "Signing in goes on with the same Google account whatever the email.",
        parameters=[number("user_id")],
        request=AccountSerializer,
        responses={200: AccountSerializer, **HIDDEN, **BODY},
        examples=[example("Mia", A_USER)],
    ),
    delete=described(
        "delete_user",
        "Delete a listener",
        "Deletes the account with its playlists and tokens at once and for good. "
        "`export` gives all of it first.",
        parameters=[number("user_id")],
        responses={204: None, **HIDDEN},
    ),
)

EXPORT = extend_schema_view(
    get=described(
        "export_user",
        "All data of a listener",
        "Everything that this service knows about its owner, to keep.",
        parameters=[number("user_id")],
        responses={200: ExportSerializer, **HIDDEN},
    )
)

PLAYLISTS = extend_schema_view(
    post=described(
        "add_playlist",
        "Create a playlist",
        "It belongs to the sender: `user_id` and other fields are ignored. 409 "
        "`limit_reached` at 200 playlists.",
        request=PlaylistSerializer,
        responses={201: PlaylistSerializer, **HIDDEN, **BODY, **FULL},
        examples=[
            example("A playlist", {"name": "Rainy", "user_id": "17"}, request_only=True)
        ],
    )
)

PLAYLISTS_OF_USER = extend_schema_view(
    get=described(
        "playlists",
        "The playlists of a listener",
        "A bare array, oldest first. For their owner only.",
        parameters=[number("user_id")],
        responses={200: PlaylistSerializer(many=True), **HIDDEN},
    )
)

PLAYLIST = extend_schema_view(
    delete=described(
        "delete_playlist",
        "Delete a playlist",
        "With all that is in it.",
        parameters=[number("playlist_id")],
        responses={204: None, **HIDDEN},
    )
)

SONGS = extend_schema_view(
    get=described(
        "playlist_songs",
        "The songs of a playlist",
        "A bare array in the order of `playlist_index`, which is 0, 1, 2, ...",
        parameters=[number("playlist_id")],
        responses={200: PlaylistSongSerializer(many=True), **HIDDEN},
        examples=[example("A place", A_ROW, response_only=True)],
    ),
    put=described(
        "arrange_songs",
        "Put all songs into an order",
        "In one act: of two orders sent at once, one holds whole. 409 `order_outdated` "
        "where the rows are not exactly those of the playlist: ask for them again.",
        parameters=[number("playlist_id")],
        request=ArrangeRequest,
        responses={200: PlaylistSongSerializer(many=True), **HIDDEN, **BODY, **FULL},
        examples=[
            example("An order", {"order": [32, 31]}, request_only=True),
            example("The first place", A_ROW | {"id": 32}, response_only=True),
        ],
    ),
)

ADD_SONG = extend_schema_view(
    post=described(
        "add_song",
        "Add a song",
        "At `playlist_index`, and what stands there and after moves on; at the end "
        "without one, or where the playlist is shorter. 409 `limit_reached` at 500 "
        "songs.",
        parameters=[number("playlist_id")],
        request=AddSongRequest,
        responses={201: PlaylistSongSerializer, **HIDDEN, **BODY, **FULL},
        examples=[
            example(
                "A song",
                {"song_id": "dQw4w9WgXcQ", "playlist_index": 2},
                request_only=True,
            )
        ],
    )
)

SONG = extend_schema_view(
    put=described(
        "move_song",
        "Move a song",
        "The others make room, so that indexes stay 0, 1, 2, ... Whoever sends one "
        "request per song, at once and in any order, gets exactly that order.",
        parameters=[number("playlist_id"), number("row_id")],
        request=ReorderRequest,
        responses={200: PlaylistSongSerializer, **HIDDEN, **BODY},
        examples=[
            example("To the front", {"playlist_index": 0}, request_only=True),
            example("Moved", A_ROW | {"playlist_index": 0}, response_only=True),
        ],
    ),
    delete=described(
        "remove_song",
        "Remove a song from a playlist",
        "The songs after it move up.",
        parameters=[number("playlist_id"), number("row_id")],
        responses={204: None, **HIDDEN},
    ),
)
