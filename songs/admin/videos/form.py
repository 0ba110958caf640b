"""One row of the list, or the change form: what a person says about one video."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from songs.labelling.record import SKIPPED, UNSEEN, Judgement
from songs.models import Mood, NewVideo

COLUMNS = ["moods", "labeled"]
YES_NEEDS_A_MOOD = "Labelled “yes” needs a mood: choose one, or say “no” to skip."


def described(judgement: Judgement) -> str:
    if judgement.moods:
        return f"mood {Mood(judgement.moods).label}"
    return "unlabelled" if judgement.labeled is None else "skipped"


class JudgementForm(forms.ModelForm):
    """The two columns people may edit, checked against what the page showed.

    Each field carries a hidden copy of its first value: what the person saw.
    """

    judgement: Judgement  # what the person says, once the form is valid and changed

    class Meta:
        model = NewVideo
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def seen(self) -> Judgement | None:
        """What the page showed; None if the page did not come from us."""
        try:
            return Judgement(*(self._seen(name) for name in COLUMNS))
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        # Without super(): the rules for the pair are below, and in the database.
        if self.errors or not self.has_changed():
            return self.cleaned_data
        current = Judgement.of(self.instance)
        if self.seen == current:
            self.judgement = self._said()
            return self._as_columns(self.judgement)
        self.add_error(None, self.conflict(current))
        self.show(current)
        return self._as_columns(current)

    def conflict(self, current: Judgement) -> str:
        mood, labeled = self.cleaned_data["moods"], self.cleaned_data["labeled"]
        return (
            f"Not saved: somebody else changed this video while you looked. It is now "
            f"{described(current)}; you had chosen {described(Judgement(mood, labeled))}."
        )

    def show(self, judgement: Judgement) -> None:
        """Let the row display `judgement` as if the page had been loaded anew."""
        self.data = self.data.copy()
        for name, value in self._as_columns(judgement).items():
            text = "" if value is None else str(value)
            self.data[self.add_prefix(name)] = text
            self.data[self.add_initial_prefix(name)] = text

    @staticmethod
    def _as_columns(judgement: Judgement) -> dict[str, Any]:
        return {name: getattr(judgement, name) for name in COLUMNS}

    def _seen(self, name: str) -> Any:
        bound = self[name]
        return bound.field.clean(
            bound.field.hidden_widget().value_from_datadict(
                self.data, self.files, bound.html_initial_name
            )
        )

    def _said(self) -> Judgement:
        """The answer about "labelled" decides where it changed, else the mood does."""
        mood, labeled = self.cleaned_data["moods"], self.cleaned_data["labeled"]
        if "labeled" not in self.changed_data and mood:
            labeled = True
        if labeled and not mood:
            raise ValidationError({"moods": YES_NEEDS_A_MOOD})
        if labeled:
            return Judgement(mood, True)
        return UNSEEN if labeled is None else SKIPPED
