"""How log lines look: the same for Django, gunicorn and our own.

A record may carry the names of its arguments (`arg_names`), which JSON then shows beside
the message. Knows no Django, so that gunicorn's own process can use it.
"""

import json
import logging
import time
from collections.abc import Sequence
from functools import lru_cache

from web import request_id

SHORTEST_SECRET = 8  # what is shorter is in innocent words too


class LineFormatter(logging.Formatter):
    """A line for people. `secrets` are never in it, whatever an error says."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self.secrets = [text for text in secrets if len(text) >= SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        line = (
            f"{_time(record)} {record.levelname} {record.name} "
            f"[{request_id.current()}]: {record.getMessage()}"
        )
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return self.without_secrets(line)

    def without_secrets(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "[secret]")
        return text


class JsonFormatter(LineFormatter):
    """A line for programs: one JSON object, also where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        names = getattr(record, "arg_names", ())
        line = {
            "time": _time(record),
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


def _time(record: logging.LogRecord) -> str:
    return f"{_second(int(record.created))}.{int(record.msecs):03}Z"


@lru_cache(maxsize=1)
def _second(timestamp: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(timestamp))


FORMATTERS = {"LINE": LineFormatter, "JSON": JsonFormatter}
