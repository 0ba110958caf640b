"""Forms: files to upload, the description of a dataset, the dialect of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from datasets.models import Dataset, DatasetVersion
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable

MAX_FILES = 20
DELIMITERS = {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |"}
OTHER = "other"
QUOTES = {'"': 'double "', "'": "single '", "": "none: quotes are data"}


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ManyFiles(forms.FileField):
    """One or several files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > MAX_FILES:
            raise forms.ValidationError(f"At most {MAX_FILES} files at once.")
        if not files:
            raise forms.ValidationError(self.error_messages["required"])
        return files


class UploadForm(forms.Form):
    """Files, and what their owner says of them."""

    files = ManyFiles(error_messages={"required": "Choose a file."})
    name = forms.CharField(max_length=100, required=False)
    description = forms.CharField(max_length=5000, required=False)
    licence_note = forms.CharField(max_length=500, required=False)

    def clean(self) -> None:
        if (
            self.cleaned_data.get("name")
            and len(self.cleaned_data.get("files", [])) > 1
        ):
            self.add_error(
                "name", "Several files keep their own names: leave it empty."
            )


class DescriptionForm(forms.ModelForm):
    """What the owner says of a dataset."""

    description = forms.CharField(max_length=5000, required=False)
    licence_note = forms.CharField(max_length=500, required=False)

    class Meta:
        model = Dataset
        fields = ["description", "licence_note"]


class DialectForm(forms.Form):
    """How a text file is read."""

    encoding = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"list": "encodings"})
    )
    delimiter = forms.ChoiceField(
        choices=[*DELIMITERS.items(), (OTHER, "something else")],
        label="Between columns",
    )
    other = forms.CharField(max_length=4, required=False, strip=False, label="… namely")
    quote = forms.ChoiceField(choices=list(QUOTES.items()), required=False)
    skip = forms.IntegerField(
        min_value=0, max_value=100_000, required=False, label="Lines to skip"
    )
    header = forms.BooleanField(
        required=False, label="The first line names the columns"
    )
    names = forms.CharField(
        max_length=10_000,
        required=False,
        label="Names of the columns",
        help_text="Separated by commas; instead of those in the file.",
    )

    @classmethod
    def of(cls, version: DatasetVersion, data: Any = None) -> DialectForm | None:
        """Return the form for a version; None for Parquet, which has no dialect."""
        if version.kind.startswith("parquet"):
            return None
        form = cls(data or None, initial=_initial(Dialect.of(version.dialect)))
        if not version.kind.startswith("csv"):
            for name in list(form.fields):
                if name != "encoding":
                    del form.fields[name]
        return form

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("delimiter") == OTHER and not data.get("other"):
            self.add_error("other", "Say what is between the columns.")
        if not self.errors:
            try:
                self.dialect = _dialect(data)
            except NotATable as exc:
                raise forms.ValidationError(str(exc)) from exc


def _initial(dialect: Dialect) -> dict[str, Any]:
    known = dialect.delimiter in DELIMITERS
    return {
        "encoding": dialect.encoding,
        "delimiter": dialect.delimiter if known else OTHER,
        "other": "" if known else dialect.delimiter,
        "quote": dialect.quote,
        "skip": dialect.skip,
        "header": dialect.header,
        "names": ", ".join(dialect.names),
    }


def _dialect(data: dict[str, Any]) -> Dialect:
    if "delimiter" not in data:  # of JSON
        return Dialect(encoding=data["encoding"])
    names = [name.strip() for name in data["names"].split(",")]
    return Dialect(
        encoding=data["encoding"],
        delimiter=data["other"] if data["delimiter"] == OTHER else data["delimiter"],
        quote=data["quote"],
        header=data["header"],
        skip=data["skip"] or 0,
        names=tuple(name for name in names if name),
    )
