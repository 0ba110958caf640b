"""Listeners with tokens and playlists; tokens of programs; failed sign-ins of staff."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
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

    class Meta:
        verbose_name = "token of a listener"
        verbose_name_plural = "tokens of listeners"

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


class Scope(models.TextChoices):
    """What a program's token may do beside reading what everybody may read."""

    PREDICT = "predict", "ask the models: of moods, and recommenders (predict)"
    SUGGEST = "suggest", "suggest moods (suggest)"
    CLAIM = "claim", "report Content ID claims (claim)"
    ADD_VIDEOS = "videos:add", "add videos, without a judgement (videos:add)"


NAME_TAKEN = "There is a token of this name: revoke it first."


class ProgramTokenQuerySet(models.QuerySet["ProgramToken"]):
    def valid(self, now: datetime) -> ProgramTokenQuerySet:
        """Tokens that open something at this moment."""
        return self.filter(Q(expires=None) | Q(expires__gt=now), revoked=None)


class ProgramToken(models.Model):
    """What a program sends instead of a person. Only the hash of the token is known."""

    name = models.CharField(max_length=100, help_text="Which program this is.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices), default=list, blank=True
    )
    per_minute = models.PositiveIntegerField(
        "requests a minute", default=300, validators=[MinValueValidator(1)]
    )
    per_day = models.PositiveIntegerField(
        "requests a day", default=20_000, validators=[MinValueValidator(1)]
    )
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked = models.DateTimeField(null=True, editable=False)
    last_used = models.DateTimeField(null=True, editable=False)  # to the hour

    objects = ProgramTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        constraints = [
            models.UniqueConstraint(
                name="one_token_of_each_name",
                fields=["name"],
                condition=Q(revoked=None),
                violation_error_message=NAME_TAKEN,
            ),
            models.CheckConstraint(
                name="token_may_ask_at_all",
                condition=Q(per_minute__gte=1, per_day__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> dict[int, int]:
        """How many requests each window may hold, by its length in seconds."""
        return {60: self.per_minute, 86_400: self.per_day}


class FailedSignIns(models.Model):
    """Passwords that were tried for one name from one network, lately."""

    who = models.CharField(max_length=64, unique=True)  # keyed digest of both
    user = models.ForeignKey(  # null: nobody here has the name, which is not kept
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True
    )
    failures = models.PositiveIntegerField()
    latest = models.DateTimeField(db_index=True)  # read where old ones are forgotten

    class Meta:
        verbose_name = verbose_name_plural = "failed sign-ins"

    def __str__(self) -> str:
        return f"{self.failures} of {self.user or 'a name that nobody has'}"
