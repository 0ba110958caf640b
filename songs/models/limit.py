"""How often people without an account have asked."""

from django.db import models


class RequestCount(models.Model):
    """How often one address asked for one thing in its latest window of time."""

    pk = models.CompositePrimaryKey("what", "address", "seconds")
    what = models.CharField(max_length=20)
    address = models.CharField(max_length=64)  # keyed digest, of no use to others
    seconds = models.IntegerField()  # how long the window is
    started = models.DateTimeField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.what}: {self.count} in {self.seconds} s from {self.started}"
