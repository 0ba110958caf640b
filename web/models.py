"""How often people without an account, and programs, have asked."""

from django.db import models


class RequestCount(models.Model):
    """How often somebody asked for one thing in the latest window of time."""

    pk = models.CompositePrimaryKey("what", "address", "seconds")
    what = models.CharField(max_length=20)
    # The keyed digest of an address, of no use to others, or the key of a token.
    address = models.CharField(max_length=64)
    seconds = models.IntegerField()  # how long the window is
    started = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "songs_requestcount"  # where it was before it had an app of its own

    def __str__(self) -> str:
        return f"{self.what}: {self.count} in {self.seconds} s from {self.started}"
