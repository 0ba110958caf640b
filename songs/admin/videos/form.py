"""The label of one video: a row of the list, or the change form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from songs.labelling.record import SKIPPED, UNLABELLED, LabelState
from songs.models import Mood, NewVideo

COLUMNS = ["moods", "labeled"]
YES_NEEDS_A_MOOD = "Labelled “yes” needs a mood: choose one, or say “no” to skip."


def described(label: LabelState) -> str:
    if label.moods:
        return f"mood {Mood(label.moods).label}"
    return "unlabelled" if label.labeled is None else "skipped"


class LabelForm(forms.ModelForm):
    """The two columns people may edit, checked against what the page showed.

    Each field carries a hidden copy of its first value: what the person saw.
    """

    label: LabelState  # what the person chose, once the form is valid and changed

    class Meta:
        model = NewVideo
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def seen(self) -> LabelState | None:
        """What the page showed; None if the page did not come from us."""
        try:
            return LabelState(*(self._seen(name) for name in COLUMNS))
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        # Without super(): the rules for the pair are below, and in the database.
        if self.errors or not self.has_changed():
            return self.cleaned_data
        current = LabelState.of(self.instance)
        if self.seen == current:
            self.label = self._chosen()
            return self._as_columns(self.label)
        self.add_error(None, self.conflict(current))
        self.show(current)
        return self._as_columns(current)

    def conflict(self, current: LabelState) -> str:
        mood, labeled = self.cleaned_data["moods"], self.cleaned_data["labeled"]
        return (
            f"Not saved: somebody else changed this video while you looked. It is now "
            f"{described(current)}; you had chosen {described(LabelState(mood, labeled))}."
        )

    def show(self, label: LabelState) -> None:
        """Let the row display `label` as if the page had been reloaded."""
        self.data = self.data.copy()
        for name, value in self._as_columns(label).items():
            text = "" if value is None else str(value)
            self.data[self.add_prefix(name)] = text
            self.data[self.add_initial_prefix(name)] = text

    @staticmethod
    def _as_columns(label: LabelState) -> dict[str, Any]:
        return {name: getattr(label, name) for name in COLUMNS}

    def _seen(self, name: str) -> Any:
        bound = self[name]
        return bound.field.clean(
            bound.field.hidden_widget().value_from_datadict(
                self.data, self.files, bound.html_initial_name
            )
        )

    def _chosen(self) -> LabelState:
        """The answer about "labelled" decides where it changed, else the mood does."""
        mood, labeled = self.cleaned_data["moods"], self.cleaned_data["labeled"]
        if "labeled" not in self.changed_data and mood:
            labeled = True
        if labeled and not mood:
            raise ValidationError({"moods": YES_NEEDS_A_MOOD})
        if labeled:
            return LabelState(mood, True)
        return UNLABELLED if labeled is None else SKIPPED
