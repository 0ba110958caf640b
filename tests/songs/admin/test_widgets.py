"""Widgets that are written without templates are those of the templates."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from songs.admin.widgets import QuickRenderer
from songs.models import Mood

EVIL = """<a href="?q=1&amp;b">'x'</a>"""
ATTRS = {"id": "id_x", "required": True, "disabled": False, "data-n": 3, EVIL: EVIL}
MOODS = [("", "---------"), *Mood.choices, (EVIL, EVIL), (None, "None")]
WIDGETS = {
    "select": (forms.Select(choices=MOODS), ["", "SAD", None, EVIL, "ANOTHER"]),
    "yes or no": (forms.NullBooleanSelect(), [True, False, None, "unknown"]),
    "groups": (forms.Select(choices=[("A", [(1, "one")]), (2, "two")]), [1, 2]),
    "multiple": (forms.SelectMultiple(choices=MOODS), [[], ["SAD", "HAPPY"]]),
    "hidden": (forms.HiddenInput(), ["", None, 0, 1, EVIL, Mood.SAD]),
    "text": (forms.TextInput(), ["x"]),
}


@pytest.mark.parametrize("attrs", [None, ATTRS], ids=["bare", "attributes"])
@pytest.mark.parametrize("name", WIDGETS)
def test_widget_is_the_same_to_the_character(name, attrs):
    widget, values = WIDGETS[name]
    for value in values:
        quick, usual = (
            widget.render(f"x-{EVIL}", value, attrs, renderer)
            for renderer in (QuickRenderer(), DjangoTemplates())
        )
        assert quick == usual
