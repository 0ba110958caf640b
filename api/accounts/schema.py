"""The prose of the OpenAPI document about listeners and playlists."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

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
from api.openapi.errors import BODY, PRIVATE, SCOPE, errors
from api.openapi.responses import request_example, response_example

LISTENERS = ["Listeners and playlists"]
GOOGLE = {401: "google_token_refused", 503: "sign_in_not_configured google_unreachable"}
FULL = {409: "limit_reached"}
OUTDATED = {409: "order_outdated"}


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


A_ROW = {"id": 30031, "song_id": "dQw4w9WgXcQ", "playlist_index": 0}
A_USER = {"id": 1017, "name": "Mia", "email": "mia@example.org"}
A_PLAYLIST = {"id": 20005, "name": "Rainy"}
SINCE = "2026-11-20T09:30:00Z"
ALL_OF_A_USER = A_USER | {
    "google_sub": "108254",
    "created": SINCE,
    "playlists": [A_PLAYLIST | {"created": SINCE, "songs": [A_ROW]}],
    "tokens": [{"created": SINCE, "expires": "2026-12-20T09:30:00Z", "revoked": None}],
}

SIGN_IN = extend_schema_view(
    post=described(
        "sign_in",
        "Sign in with Google",
        "Sends the ID token that Google gave the page. The answer's `token` goes into "
        "`Authorization` from now on, for 30 days. Who somebody is, Google's token "
        "says: `email` in the body is ignored. 503 `sign_in_not_configured` where the "
        "operator has set no `GOOGLE_CLIENT_ID`.",
        auth=[],
        request=SignInRequest,
        responses={
            200: SignedInSerializer,
            201: SignedInSerializer,
            **errors(BODY, GOOGLE, SCOPE),
        },
        examples=[
            request_example(
                "As the page knows it",
                {"name": "Mia", "email": "mia@example.org", "token": "eyJhbGciOi..."},
            ),
            response_example(
                "Signed in", {"id": 1017, "token": "VVo5d2hKQ3J0..."}, "200", "201"
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
        responses={200: AccountSerializer, **errors(PRIVATE)},
        examples=[response_example("Mia", A_USER)],
    ),
    put=described(
        "change_user",
        "Change name and email",
        "Signing in goes on with the same Google account whatever the email.",
        parameters=[number("user_id")],
        request=AccountSerializer,
        responses={200: AccountSerializer, **errors(PRIVATE, BODY)},
        examples=[
            request_example("Mia", {"name": "Mia", "email": "mia@example.org"}),
            response_example("Mia", A_USER),
        ],
    ),
    delete=described(
        "delete_user",
        "Delete a listener",
        "Deletes the account with its playlists and tokens at once and for good. "
        "`export` gives all of it first.",
        parameters=[number("user_id")],
        responses={204: None, **errors(PRIVATE)},
    ),
)

EXPORT = extend_schema_view(
    get=described(
        "export_user",
        "All data of a listener",
        "Everything that this service knows about its owner, to keep.",
        parameters=[number("user_id")],
        responses={200: ExportSerializer, **errors(PRIVATE)},
        examples=[response_example("All of Mia", ALL_OF_A_USER)],
    )
)

PLAYLISTS = extend_schema_view(
    post=described(
        "add_playlist",
        "Create a playlist",
        "It belongs to the sender: `user_id` and other fields are ignored. 409 "
        "`limit_reached` at 200 playlists.",
        request=PlaylistSerializer,
        responses={201: PlaylistSerializer, **errors(PRIVATE, BODY, FULL)},
        examples=[
            request_example("A playlist", {"name": "Rainy"}),
            response_example("It is there", A_PLAYLIST, "201"),
        ],
    )
)

PLAYLISTS_OF_USER = extend_schema_view(
    get=described(
        "playlists",
        "The playlists of a listener",
        "A bare array, oldest first. For their owner only.",
        parameters=[number("user_id")],
        responses={200: PlaylistSerializer(many=True), **errors(PRIVATE)},
        examples=[response_example("A playlist", A_PLAYLIST)],
    )
)

PLAYLIST = extend_schema_view(
    delete=described(
        "delete_playlist",
        "Delete a playlist",
        "With all that is in it.",
        parameters=[number("playlist_id")],
        responses={204: None, **errors(PRIVATE)},
    )
)

SONGS = extend_schema_view(
    get=described(
        "playlist_songs",
        "The songs of a playlist",
        "A bare array in the order of `playlist_index`, which is 0, 1, 2, ...",
        parameters=[number("playlist_id")],
        responses={200: PlaylistSongSerializer(many=True), **errors(PRIVATE)},
        examples=[response_example("A place", A_ROW)],
    ),
    put=described(
        "arrange_songs",
        "Put all songs into an order",
        "In one act: of two orders sent at once, one holds whole. 409 `order_outdated` "
        "where the rows are not exactly those of the playlist: ask for them again.",
        parameters=[number("playlist_id")],
        request=ArrangeRequest,
        responses={
            200: PlaylistSongSerializer(many=True),
            **errors(PRIVATE, BODY, OUTDATED),
        },
        examples=[
            request_example("An order", {"order": [30032, 30031]}),
            response_example("The first place", A_ROW | {"id": 30032}),
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
        responses={201: PlaylistSongSerializer, **errors(PRIVATE, BODY, FULL)},
        examples=[
            request_example("A song", {"song_id": "dQw4w9WgXcQ", "playlist_index": 0}),
            response_example("Its place", A_ROW, "201"),
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
        responses={200: PlaylistSongSerializer, **errors(PRIVATE, BODY)},
        examples=[
            request_example("To the front", {"playlist_index": 0}),
            response_example("Moved", A_ROW),
        ],
    ),
    delete=described(
        "remove_song",
        "Remove a song from a playlist",
        "The songs after it move up.",
        parameters=[number("playlist_id"), number("row_id")],
        responses={204: None, **errors(PRIVATE)},
    ),
)
