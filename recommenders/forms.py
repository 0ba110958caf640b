"""The form by which a recommender is made of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from ml.recommend.algorithms import ALGORITHMS, find_algorithm
from recommenders.recipes import BadRecipe, Recipe, Roles, presets

OWN = "own"  # no preset
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
    preset = forms.ChoiceField(label="How it learns", widget=forms.Select)
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

    def __init__(self, columns: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role, (label, said) in ROLES.items():
            needed = role in ("who", "what")
            empty = [] if needed else [("", "none")]
            self.fields[role] = forms.ChoiceField(
                choices=[*empty, *((one, one) for one in columns)],
                required=needed,
                initial=_guess(role, columns),
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
        self.fields["preset"].choices = [*known.items(), (OWN, "As I say below")]
        self.fields["algorithm"].choices = [("", "as the preset"), *_algorithms()]

    def recipe(self) -> Recipe:
        """What was chosen; a preset first, and what was said beside it over that."""
        said = self.cleaned_data
        preset = presets().get(said["preset"])
        preparation = dict(preset.preparation) if preset else {}
        settings: Mapping[str, float | str] = preset.settings if preset else {}
        algorithm = said["algorithm"] or (preset.algorithm if preset else "bm25")
        if preset and algorithm != preset.algorithm:
            settings = {}  # they are of the preset's algorithm
        for name in (*ROWS, "at_least"):
            if said[name] is not None:
                preparation[name] = said[name]
        if not said["merge_who"]:
            preparation["merge_who"] = False
        roles = Roles(**{role: said[role] for role in ROLES})
        return Recipe(roles, algorithm, settings, preparation)

    def refuse(self, exc: BadRecipe) -> None:
        """Show what is wrong with a recipe beside the fields that it is about."""
        for field, problem in exc.problems.items():
            self.add_error(field if field in self.fields else None, problem)


def _algorithms() -> list[tuple[str, str]]:
    return [(name, find_algorithm(name).summary) for name in ALGORITHMS]


def _guess(role: str, columns: list[str]) -> str | None:
    """The column whose name says that it is meant; by place where none does."""
    for known in GUESSES.get(role, ()):
        for column in columns:
            if column.lower().replace("-", "_") == known:
                return column
    places = {"who": 0, "what": 1}
    place = places.get(role)
    return columns[place] if place is not None and place < len(columns) else None
