"""The widgets of which a list has hundreds, without a template for each option."""

from collections.abc import Iterator
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
OPTION = f"{FOLDER}select_option.html"


class QuickRenderer(DjangoTemplates):
    """Writes selects and hidden inputs as Django's templates do, and asks them else."""

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        """The text of a widget or a form."""
        if template_name == f"{FOLDER}hidden.html":
            return _input(context["widget"])
        if template_name == f"{FOLDER}select.html" and _plain(context["widget"]):
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    given = widget["value"]
    value = "" if given is None else format_html(' value="{}"', str(given))
    kind, name, attributes = widget["type"], widget["name"], _attributes(widget)
    return format_html('<input type="{}" name="{}"{}{}>', kind, name, value, attributes)


def _select(widget: dict[str, Any]) -> SafeString:
    options = mark_safe("".join(map(_option, _options(widget))))
    name, attributes = widget["name"], _attributes(widget)
    return format_html('<select name="{}"{}>{}\n</select>', name, attributes, options)


def _option(option: dict[str, Any]) -> SafeString:
    value, attributes = str(option["value"]), _attributes(option)
    text = '\n  <option value="{}"{}>{}</option>\n'
    return format_html(text, value, attributes, option["label"])


def _options(widget: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _, options, _ in widget["optgroups"]:
        yield from options


def _plain(widget: dict[str, Any]) -> bool:
    """Whether the options stand in no groups, and none has a template of its own."""
    return all(group is None for group, _, _ in widget["optgroups"]) and all(
        option["template_name"] == OPTION for option in _options(widget)
    )


def _attributes(widget: dict[str, Any]) -> SafeString:
    texts = [
        format_html(" {}", name)
        if value is True
        else format_html(' {}="{}"', name, str(value))
        for name, value in widget["attrs"].items()
        if value is not False
    ]
    return mark_safe("".join(texts))
