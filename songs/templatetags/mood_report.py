"""How the report on a mood model writes its figures."""

from django import template

from ml.evaluation import wording

register = template.Library()
for write in (
    wording.of_ten,
    wording.percent,
    wording.resamples,
    wording.signed,
    wording.signed_span,
    wording.span,
):
    register.filter(write)


@register.filter
def label(mood: str) -> str:
    """A mood as people read it."""
    return wording.LABELS[mood]
