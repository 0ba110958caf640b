"""What the full-text index holds besides the words of a video."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, IntegerField


class TitleWords(Func):
    """The words of the title, out of all words of a video: those of weight A."""

    template = "ts_filter(%(expressions)s, '{a}')"
    arity = 1
    output_field = SearchVectorField()


class Months(Func):
    """The array of the month in which a video was published, counted from year 0."""

    template = (
        "ARRAY[(extract(year FROM (%(expressions)s) AT TIME ZONE 'UTC') * 12"
        " + extract(month FROM (%(expressions)s) AT TIME ZONE 'UTC'))::integer]"
    )
    arity = 1
    output_field = ArrayField(IntegerField())
