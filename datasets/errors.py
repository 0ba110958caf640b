"""Errors of uploads and row queries, in words for the person who sent them."""

from django.core.exceptions import SuspiciousOperation


class UploadRefused(Exception):
    """The file was not taken; nothing of it is stored."""


class NoRoom(UploadRefused, SuspiciousOperation):
    """The disk is full. Where no view says so, Django answers with 400."""

    def __init__(self) -> None:
        super().__init__("The disk of this site is full: nothing of it was kept.")


class BadQuestion(Exception):
    """A row query names what a table does not have, or too much of it."""


class FilesGone(BadQuestion):
    """The dataset was deleted meanwhile."""


class QuestionTooSlow(BadQuestion):
    """The answer takes too long: ask for fewer columns, or with a narrower filter."""
