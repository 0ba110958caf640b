"""How log lines look: the same for Django, gunicorn and our own.

A record may carry the names of its arguments (`arg_names`), which JSON then shows beside
the message. Knows no Django, so that gunicorn's own process can use it.
"""

import json
import logging
import time
from collections.abc import Sequence

from web import request_id

MIN_SECRET_LENGTH = 8  # what is shorter is in innocent words too


class LineFormatter(logging.Formatter):
    """A line for people. `secrets` are never in it, whatever an error says."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(id)s]: %(message)s")
        self.secrets = [text for text in secrets if len(text) >= MIN_SECRET_LENGTH]

    def format(self, record: logging.LogRecord) -> str:
        record.id = request_id.current()
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
            "request_id": request_id.current(),
            "message": self.without_secrets(record.getMessage()),
            **dict(zip(names, record.args or (), strict=False)),
        }
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line["exception"] = self.without_secrets(trace)
        return json.dumps(line)


FORMATTERS = {"LINE": LineFormatter, "JSON": JsonFormatter}
