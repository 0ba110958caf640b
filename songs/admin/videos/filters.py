"""What the list of videos can be narrowed to, each by an index or a cheap scan."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from songs.models import Mood, Origin
from songs.models.video import Gone, NewVideoQuerySet
from web.admin import ChoiceFilter

CREATIVE_COMMONS = "creativeCommon"


class MoodFilter(ChoiceFilter):
    title, parameter_name = "mood", "mood"
    # "labeled" is implied, and named so that the partial index serves
    conditions = {
        value: (label, Q(moods=value, labeled=True)) for value, label in Mood.choices
    }


class PredictedMoodFilter(ChoiceFilter):
    title, parameter_name = "predicted mood", "predicted"
    conditions = {
        value: (label, Q(predicted_moods=value)) for value, label in Mood.choices
    } | {"none": ("Not predicted", Q(predicted_moods=None))}


class LabelledFilter(ChoiceFilter):
    title, parameter_name = "labelled", "labelled"
    conditions = {
        "yes": ("Yes", Q(labeled=True)),
        "no": ("No: skipped", Q(labeled=False)),
        "unknown": ("Unknown: nobody has looked", Q(labeled=None)),
    }


class LicenceFilter(ChoiceFilter):
    title, parameter_name = "licence", "licence"
    conditions = {
        "cc": ("Creative Commons", Q(licence=CREATIVE_COMMONS)),
        "other": ("Another", Q(licence__isnull=False) & ~Q(licence=CREATIVE_COMMONS)),
        "unknown": ("Unknown", Q(licence=None)),
    }


class GoneFilter(ChoiceFilter):
    title, parameter_name = "gone", "gone"
    conditions = {"no": ("Still there", Q(gone_since=None))} | {
        value: (label.capitalize(), Q(gone_why=value)) for value, label in Gone.choices
    }


class OriginFilter(ChoiceFilter):
    title, parameter_name = "origin", "origin"
    conditions = {value: (label, Q(origin=value)) for value, label in Origin.choices}


class ChannelFilter(admin.SimpleListFilter):
    """A box to type in: ten thousand channels are no list."""

    title, parameter_name = "channel", "channel"
    template = "admin/songs/newvideo/channel_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]  # an empty list would hide the filter

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        others = changelist.get_filters_params()
        others.pop(self.parameter_name, None)
        yield {
            "value": self.value() or "",
            "others": [
                (name, value) for name, values in others.items() for value in values
            ],
            "query": changelist.query,
        }

    def queryset(
        self, request: HttpRequest, queryset: NewVideoQuerySet
    ) -> NewVideoQuerySet:
        if not (text := (self.value() or "").strip()):
            return queryset
        return queryset.filter(Q(channel_id=text) | Q(channel_title__istartswith=text))


VIDEO_FILTERS = [
    LabelledFilter,
    MoodFilter,
    PredictedMoodFilter,
    ChannelFilter,
    LicenceFilter,
    GoneFilter,
    OriginFilter,
]
