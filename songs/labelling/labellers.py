"""Who has labelled videos, how, and how often others and the model agree."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from songs.labelling import agreement
from songs.labelling.agreement import AgreementShare
from songs.models import Mood, MoodLabel, MoodModel

Action, Source = MoodLabel.Action, MoodLabel.Source
MOST = 500  # people; more than that fit on no page


@dataclass
class Labeller:
    """One name in the history of labels: a person, or an import."""

    who: str
    acts: int = 0
    sources: Counter[Source] = field(default_factory=Counter)  # the way events came
    moods: Counter[str] = field(default_factory=Counter)  # labels by mood
    skips: int = 0
    first: datetime | None = None
    last: datetime | None = None
    taken_back: int = 0
    others: AgreementShare | None = None
    model: AgreementShare | None = None

    @property
    def by_source(self) -> list[tuple[Source, int]]:
        return self.sources.most_common()

    @property
    def by_mood(self) -> list[tuple[Mood, int]]:
        return [(mood, self.moods[mood]) for mood in Mood]


def labellers() -> list[Labeller]:
    """Everybody who labelled a video, the last to do so first; at most MOST."""
    people: dict[str, Labeller] = {}
    for row in _acts():
        _add(people.setdefault(row["who"], Labeller(row["who"])), row)
    found = sorted(people.values(), key=lambda labeller: labeller.last, reverse=True)
    others, model = agreement.with_others(agreement.ratings()), with_model()
    for labeller in found[:MOST]:
        labeller.others = others.get(labeller.who)
        labeller.model = model.get(labeller.who)
    return found[:MOST]


def with_model() -> dict[str, AgreementShare]:
    """How often each person's last label of a video is what the live model predicted.

    Only of videos that the model was tested on, by its held-out predictions. Empty where the live model has no such record.
    """
    live = MoodModel.objects.filter(live=True).values_list("held_out", flat=True)
    unseen = {
        video_id: max(scores, key=scores.__getitem__)
        for video_id, scores in (live.first() or {}).items()
    }
    labels = (
        MoodLabel.objects.standing()
        .filter(action=Action.LABEL, video__in=unseen)
        .order_by("who", "video", "-at", "-id")
        .distinct("who", "video")
        .values_list("who", "video_id", "mood")
    )
    agreed: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for who, video_id, mood in labels:
        agreed[who] += mood == unseen[video_id]
        compared[who] += 1
    return {who: AgreementShare(agreed[who], n) for who, n in compared.items()}


def _acts() -> QuerySet[MoodLabel, dict[str, Any]]:
    """Acts counted by who, the way they came, what they do and their mood."""
    return (
        MoodLabel.objects.exclude(source=Source.REVERT)
        .with_taken_back()
        .values("who", "source", "action", "mood", "taken_back")
        .annotate(count=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("who", "source")
    )


def _add(labeller: Labeller, row: dict[str, Any]) -> None:
    count = row["count"]
    labeller.acts += count
    labeller.sources[Source(row["source"])] += count
    labeller.taken_back += count * row["taken_back"]
    if row["action"] == Action.LABEL:
        labeller.moods[row["mood"]] += count
    elif row["action"] == Action.SKIP:
        labeller.skips += count
    labeller.first = min(labeller.first or row["first"], row["first"])
    labeller.last = max(labeller.last or row["last"], row["last"])
