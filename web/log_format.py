"""How log lines look: the same for Django, gunicorn and our own; with the request's id.

A record may carry the names of its arguments (`arg_names`), which JSON then shows beside
the message. Knows no Django, so that gunicorn's own process can use it.
"""

import json
import logging
import random
import re
import time
from collections.abc import Sequence
from contextvars import ContextVar

REQUEST_ID_HEADER = "X-Request-ID"
NO_REQUEST = "-"  # a command, the worker, the web process before its first request
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
MIN_SECRET_LENGTH = 8  # what is shorter is in innocent words too

_request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)


def begin_request(requested: str) -> str:
    """Set and return this request's id: what a proxy asked for, if it is well-formed.

    It stays after the response is made: its body may still be streamed. The next request
    of the thread brings its own.
    """
    known = WELL_FORMED.fullmatch(requested)
    request_id = requested if known else f"{random.getrandbits(64):016x}"  # no secret
    _request_id.set(request_id)
    return request_id


def current_request_id() -> str:
    """The id of the request that this thread answers, or NO_REQUEST."""
    return _request_id.get()


class LineFormatter(logging.Formatter):
    """A line for people. `secrets` are never in it, whatever an error says."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(id)s]: %(message)s")
        self.secrets = [text for text in secrets if len(text) >= MIN_SECRET_LENGTH]

    def format(self, record: logging.LogRecord) -> str:
        record.id = current_request_id()
        return self.without_secrets(super().format(record))

    def without_secrets(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "[secret]")
        return text


class JsonFormatter(LineFormatter):
    """A line for programs: one JSON object, also where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        names = getattr(record, "arg_names", ())
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": current_request_id(),
            "message": self.without_secrets(record.getMessage()),
            **dict(zip(names, record.args or (), strict=False)),
        }
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line["exception"] = self.without_secrets(trace)
        return json.dumps(line)


FORMATTERS = {"LINE": LineFormatter, "JSON": JsonFormatter}
