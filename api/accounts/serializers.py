"""What the routes of listeners read and write."""

from typing import Any

from django.db import models
from rest_framework import serializers

from accounts.models import Account, Playlist, PlaylistSong, Token
from accounts.playlists import MAX_SONGS
from api.http.fields import TextField, VideoIdField

STRICT = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.CharField: TextField,
}


class SignInRequest(serializers.Serializer):
    """What Google gave the page; who it is, the token alone says."""

    token = TextField(max_length=5000, help_text="Google's ID token.")
    name = TextField(
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=200,
        help_text="Taken where the token names nobody.",
    )


class SignedInSerializer(serializers.Serializer):
    """Who the listener is here, and the token to send from now on."""

    id = serializers.IntegerField()
    token = serializers.CharField()


class AccountSerializer(serializers.ModelSerializer):
    """A listener, as its owner sees and may change it."""

    serializer_field_mapping = STRICT

    class Meta:
        model = Account
        fields = ("id", "name", "email")
        read_only_fields = ("id",)


class PlaylistSerializer(serializers.ModelSerializer):
    """A playlist; `user_id` and other fields are ignored: it is the sender's."""

    serializer_field_mapping = STRICT

    class Meta:
        model = Playlist
        fields = ("id", "name")
        read_only_fields = ("id",)


class PlaylistSongSerializer(serializers.ModelSerializer):
    """One place in a playlist; `id` names it, for the same song may have several."""

    class Meta:
        model = PlaylistSong
        fields = read_only_fields = ("id", "song_id", "playlist_index")


class IndexField(serializers.IntegerField):
    """A place in the order; one outside means the nearest end."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class AddSongRequest(serializers.Serializer):
    """A song and where to put it; without an index it is the end."""

    song_id = VideoIdField(help_text="A YouTube video, in the catalogue or not.")
    playlist_index = IndexField(required=False, allow_null=True)


class ReorderRequest(serializers.Serializer):
    """The new place of a song, counted from 0."""

    playlist_index = IndexField()


class ArrangeRequest(serializers.Serializer):
    """The `id` of every row of a playlist, in the new order."""

    order = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MAX_SONGS,
    )


class ExportedTokenSerializer(serializers.ModelSerializer):
    """A sign-in; the token itself is not known here."""

    class Meta:
        model = Token
        fields = read_only_fields = ("created", "expires", "revoked")


class ExportedPlaylistSerializer(serializers.ModelSerializer):
    """A playlist with its songs, in order."""

    songs = PlaylistSongSerializer(many=True, read_only=True)

    class Meta:
        model = Playlist
        fields = read_only_fields = ("id", "name", "created", "songs")


class ExportSerializer(serializers.ModelSerializer):
    """All that this service knows about a listener."""

    playlists = ExportedPlaylistSerializer(many=True, read_only=True)
    tokens = ExportedTokenSerializer(many=True, read_only=True)

    class Meta:
        model = Account
        fields = read_only_fields = (
            "id",
            "google_sub",
            "name",
            "email",
            "created",
            "playlists",
            "tokens",
        )
