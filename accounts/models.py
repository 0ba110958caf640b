"""Listeners, the tokens they carry, and their playlists."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class Account(models.Model):
    """A listener. Not a user of the admin: it has no password and no rights there."""

    google_sub = models.CharField(max_length=255, unique=True)  # who it is, to Google
    name = models.CharField(max_length=200)
    email = models.EmailField()
    created = models.DateTimeField(auto_now_add=True)

    is_authenticated = True  # the REST framework asks whoever made a request

    def __str__(self) -> str:
        return self.email


class TokenQuerySet(models.QuerySet["Token"]):
    def valid(self, now: datetime) -> TokenQuerySet:
        """Tokens that open something at this moment."""
        return self.filter(revoked=None, expires__gt=now)


class Token(models.Model):
    """A signed-in device of a listener. Only the hash of the token itself is known."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="tokens"
    )
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"token {self.pk}"


class Playlist(models.Model):
    """Songs in the order that their listener wants."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="playlists"
    )
    name = models.CharField(max_length=100)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class PlaylistSong(models.Model):
    """One place in a playlist. The same song may have several."""

    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="songs", db_index=False
    )
    song_id = models.CharField(max_length=11)  # YouTube's, in the catalogue or not
    playlist_index = models.IntegerField()

    class Meta:
        constraints = [
            # also read by the list of songs. Deferred: one statement moves many rows.
            models.UniqueConstraint(
                name="one_song_at_each_index",
                fields=["playlist", "playlist_index"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="playlist_index_counts_from_0",
                condition=Q(playlist_index__gte=0),
            ),
            models.CheckConstraint(
                name="song_is_a_youtube_id",
                condition=Q(song_id__regex=r"^[A-Za-z0-9_-]{11}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playlist_index}: {self.song_id}"


class AskedIndex(models.Model):
    """Where one device lately wanted a song to be; see `accounts.playlists.reorder`."""

    song = models.ForeignKey(
        PlaylistSong, on_delete=models.CASCADE, related_name="asked", db_index=False
    )
    device = models.BigIntegerField()  # a Token; it may expire meanwhile
    index = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # also read by the cascade of a song that is removed
            models.UniqueConstraint(
                name="one_wish_per_song_and_device", fields=["song", "device"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.song_id} at {self.index}"
