"""The web process; gunicorn reads this file by itself, on SIGHUP once more."""

import os
import shutil
from tempfile import mkdtemp
from typing import Any

from dotenv import load_dotenv
from gunicorn import glogging

from web import log_format as formats

load_dotenv(".env")
development = os.environ.get("MOODIBEATS_DEV") == "1"
log_format = os.environ.get("LOG_FORMAT", "").strip().upper()

bind = f"{'127.0.0.1' if development else '0.0.0.0'}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1" if development else "2"))
threads = 8  # a slow client, or an idle one that stays connected, holds up no other
graceful_timeout = 3 if development else 30  # seconds
limit_request_line = 8190  # bytes, the most there is: long queries get our own answer
loglevel = "warning" if development else "info"
control_socket_disable = True  # it would be written into the home folder

# prometheus_client's multiprocess mode: the workers count requests in files there.
# An operator's own folder is used and left; a master that another one started anew
# (USR2) inherits the environment, and makes a folder for itself.
MULTIPROC_DIR = "PROMETHEUS_MULTIPROC_DIR"
MADE_BY = "MOODIBEATS_MULTIPROC_MADE_BY"  # the process id of a master
if MULTIPROC_DIR not in os.environ or os.environ.get(MADE_BY, "") not in (
    "",
    str(os.getpid()),
):
    os.environ[MULTIPROC_DIR] = mkdtemp(prefix="moodibeats-metrics-")
    os.environ[MADE_BY] = str(os.getpid())


class logger_class(glogging.Logger):  # gunicorn calls the setting so
    """Writes gunicorn's own lines in the form of ours."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        formatter = formats.FORMATTERS.get(log_format, formats.LineFormatter)()
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter)


def when_ready(server: Any) -> None:
    if MADE_BY in os.environ:
        os.chown(os.environ[MULTIPROC_DIR], server.cfg.uid, server.cfg.gid)


def child_exit(server: Any, worker: Any) -> None:
    # Once it is imported it no longer asks whether there is a folder.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if MADE_BY in os.environ:
        shutil.rmtree(os.environ[MULTIPROC_DIR], ignore_errors=True)
