"""The credit that a Creative Commons licence asks for: title, author, link, licence.

What uploaders write into a title is text in all three forms: never HTML, never
Markdown, never a second line.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html

LICENCE = "CC BY"
LICENCE_URL = (
    "https://creativecommons.org/licenses/by/3.0/"  # where YouTube's help leads
)
CHANNEL_URL = "https://www.youtube.com/channel/"
NO_WORDS = "a video on YouTube"
NOT_KEPT = (
    "The {missing} not kept here: YouTube's text may be kept for 30 days only, or "
    "never came. Look at the video's page."
)
MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # the characters that may mean something
BLANKS = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+"
)  # or turn text


@dataclass(frozen=True, slots=True)
class Work:
    """What is credited. None is "not kept here"."""

    title: str | None
    author: str | None
    link: str
    author_link: str | None
    verified: datetime | None  # when YouTube last said Creative Commons; None: never


@dataclass(frozen=True, slots=True)
class Attribution:
    """One credit, three times; `note` says what it lacks, None if nothing."""

    text: str
    html: str
    markdown: str
    note: str | None


def attribution(work: Work) -> Attribution:
    """The credit of a work, ready to be pasted."""
    title, author = _line(work.title), _line(work.author)
    return Attribution(
        _text(work, title, author),
        _html(work, title, author),
        _markdown(work, title, author),
        _note(work, title, author),
    )


def channel_link(channel_id: str | None) -> str | None:
    known = channel_id and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", channel_id)
    return CHANNEL_URL + channel_id if known else None


def _text(work: Work, title: str, author: str) -> str:
    name = f'"{title}"' if title else NO_WORDS
    by = f" by {author}" if author else ""
    licence = f", {LICENCE} ({LICENCE_URL})" if work.verified else ""
    return f"{name}{by}, {work.link}{licence}"


def _html(work: Work, title: str, author: str) -> str:
    parts = [format_html('<a href="{}">{}</a>', work.link, title or NO_WORDS)]
    if author and work.author_link:
        parts.append(format_html(' by <a href="{}">{}</a>', work.author_link, author))
    elif author:
        parts.append(format_html(" by {}", author))
    if work.verified:
        link = ', <a rel="license" href="{}">{}</a>'
        parts.append(format_html(link, LICENCE_URL, LICENCE))
    return "".join(parts)


def _markdown(work: Work, title: str, author: str) -> str:
    by = _escaped(author)
    if author and work.author_link:
        by = f"[{by}]({work.author_link})"
    licence = f", [{LICENCE}]({LICENCE_URL})" if work.verified else ""
    name = f"[{_escaped(title or NO_WORDS)}]({work.link})"
    return f"{name}{f' by {by}' if by else ''}{licence}"


def _note(work: Work, title: str, author: str) -> str | None:
    absent = [name for name, word in (("title", title), ("author", author)) if not word]
    missing = f"{' and the '.join(absent)} {'are' if len(absent) > 1 else 'is'}"
    notes = [NOT_KEPT.format(missing=missing)] if absent else []
    if work.verified is None:
        notes.append("The licence was never verified with YouTube, so none is named.")
    return " ".join(notes) or None


def _line(words: str | None) -> str:
    return BLANKS.sub(" ", words or "").strip()


def _escaped(words: str) -> str:
    return MARKDOWN.sub(r"\\\1", words)
