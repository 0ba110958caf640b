"""The form by which a recommender is made of a dataset, and changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms

from ml.recommend.algorithms.registry import ALGORITHMS, find_algorithm
from recommenders.models import Recommender
from recommenders.training.config import (
    BadConfig,
    Preset,
    Roles,
    TrainingConfig,
    presets,
)

OWN = "own"  # no preset
MAX_OPTIONS = 100  # columns that are chosen from a menu; of more the name is typed
GUESSES = {  # by what columns are often called
    "who": ("user", "usersha1", "userid", "user_id", "listener", "genre", "playlist"),
    "what": (
        "artist",
        "artist_name",
        "artistid",
        "artistmbid",
        "track_name",
        "artname",
    ),
    "name_column": ("name", "artname", "artist_name", "track_name"),
    "how_much": ("plays", "weight", "count", "rating", "popularity", "playcount"),
}
ROLES = {
    "who": ("Who", "A listener, a genre, a playlist."),
    "what": ("What", "What they like: an artist, a track. A name or an id."),
    "how_much": ("How much", "Plays, a rating; summed where a pair is there twice."),
    "name_column": ("The name of what", "Where “what” is an id."),
    "when": ("When", "A time: then it is judged by the latest likes of each."),
}
ROWS = {
    "min_rows_per_what": (
        "Rows that each “what” has at least",
        "Rarer ones are left out.",
    ),
    "min_rows_per_who": ("Rows that each “who” has at least", ""),
}


class RecommenderForm(forms.Form):
    """Roles of columns, a preset or own choices, in words for people."""

    name = forms.CharField(max_length=100, label="Name")
    description = forms.CharField(
        max_length=2000, required=False, label="What it is for", widget=forms.TextInput
    )
    preset = forms.ChoiceField(label="How it learns", widget=forms.RadioSelect)
    algorithm = forms.ChoiceField(required=False, label="Algorithm")
    ask_lastfm = forms.BooleanField(
        required=False,
        label="Ask Last.fm about artists",
        help_text="Their names are then sent to Last.fm, for profiles.",
    )
    at_least = forms.FloatField(
        required=False,
        label="Counts as liked from",
        help_text="A pair with less is known, and not liked.",
    )
    merge_who = forms.BooleanField(
        required=False, initial=True, label="Merge spellings of “who”, too"
    )

    def __init__(
        self,
        columns: list[str],
        *args: Any,
        was: TrainingConfig | None = None,
        **kwargs: Any,
    ) -> None:
        """`was` is the recipe that is being changed."""
        super().__init__(*args, **kwargs)
        self.was, self.is_short = was, len(columns) <= MAX_OPTIONS
        guessed = _guess_roles(columns)
        for role, (label, said) in ROLES.items():
            self.fields[role] = self._column(
                columns,
                required=role in ("who", "what"),
                initial=guessed.get(role),
                label=label,
                help_text=said,
            )
        for name, (label, said) in ROWS.items():
            self.fields[name] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=1_000_000,
                label=label,
                help_text=said,
            )
        known = {name: one.summary for name, one in presets().items()}
        self.fields["preset"].choices = [
            *known.items(),
            (OWN, "By the algorithm that I choose."),
        ]
        self.fields["preset"].initial = next(iter(known))
        usual = "as the preset, or as it was" if was else "as the preset"
        self.fields["algorithm"].choices = [("", usual), *_algorithms()]

    def _column(self, columns: list[str], **about: Any) -> forms.Field:
        """A menu of the columns, or a field that offers names as they are typed."""
        if not self.is_short:
            typed = forms.TextInput(attrs={"list": "columns", "autocomplete": "off"})
            return forms.CharField(max_length=500, strip=False, widget=typed, **about)
        empty = [] if about["required"] else [("", "none")]
        choices = [*empty, *((one, one) for one in columns)]
        return forms.ChoiceField(choices=choices, **about)

    def recipe(self) -> TrainingConfig:
        """What was chosen: a preset or what it was, and what was said beside over that."""
        said = self.cleaned_data
        base: Preset | TrainingConfig | None = presets().get(said["preset"], self.was)
        settings: Mapping[str, float | str] = base.settings if base else {}
        algorithm = said["algorithm"] or (base.algorithm if base else "bm25")
        if base and algorithm != base.algorithm:
            settings = {}  # they are of the other algorithm
        roles = Roles(**{role: said[role] for role in ROLES})
        return TrainingConfig(roles, algorithm, settings, self._preparation(base))

    def _preparation(self, base: Preset | TrainingConfig | None) -> dict[str, Any]:
        """The base's; what the form shows of it counts as it was left there."""
        said, preparation = self.cleaned_data, dict(base.preparation) if base else {}
        for name in (*ROWS, "at_least", "merge_who"):
            if base is self.was:
                preparation.pop(name, None)
            if said[name] is not None and said[name] is not True:  # True is usual
                preparation[name] = said[name]
        return preparation

    def refuse(self, exc: BadConfig) -> None:
        """Show what is wrong with a recipe beside the fields that it is about."""
        for field, problem in exc.problems.items():
            self.add_error(field if field in self.fields else None, problem)


def initial_of(recommender: Recommender) -> dict[str, Any]:
    """What the form shows of a recommender that is to be changed."""
    names = ("name", "description", "ask_lastfm", *ROLES)
    shown = {name: getattr(recommender, name) for name in names}
    prepared = {"merge_who": True} | recommender.preparation
    return {"preset": OWN} | prepared | shown


def _algorithms() -> list[tuple[str, str]]:
    return [(name, find_algorithm(name).summary) for name in ALGORITHMS]


def _guess_roles(columns: list[str]) -> dict[str, str]:
    """The columns whose names say what they are, each once; who and what else by place."""
    found: dict[str, str] = {}
    left = list(columns)

    def take(role: str, some: Iterable[str]) -> None:
        if role not in found and (column := next(iter(some), None)) is not None:
            found[role] = column
            left.remove(column)

    for role in ("who", "what", "how_much"):
        take(role, _called(GUESSES[role], left))
    for role in ("who", "what"):
        take(role, left)
    if _is_id(found.get("what", "")):
        take("name_column", _called(GUESSES["name_column"], left))
    return found


def _called(names: Iterable[str], columns: list[str]) -> Iterator[str]:
    """The columns of these names, the likeliest first."""
    for name in names:
        for column in columns:
            if column.lower().replace("-", "_") == name:
                yield column


def _is_id(column: str) -> bool:
    """Whether a column is called as ids are, not names; “what” as in published tables."""
    called = column.lower()
    return called == "what" or called.endswith("id")
