"""Tags as they are searched for: whatever their case."""

from django.db.models import Func, JSONField


class LowerTags(Func):
    """A JSON array of tags, all in lower case."""

    template = "(lower(%(expressions)s::text)::jsonb)"
    arity = 1
    output_field = JSONField()


class LowerTag(Func):
    """The array of one such tag."""

    template = "jsonb_build_array(lower(%(expressions)s))"
    arity = 1
    output_field = JSONField()
