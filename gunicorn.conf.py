"""The web process; gunicorn reads this file by itself."""

import os
import shutil
from typing import Any

from dotenv import load_dotenv
from gunicorn import glogging

from web import log_format as logs
from web.multiproc_dir import counts_folder

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

os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts_folder())


class logger_class(glogging.Logger):  # gunicorn calls the setting so
    """Writes gunicorn's own lines in the form of ours."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        formatter = logs.FORMATTERS.get(log_format, logs.LineFormatter)()
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter)


def when_ready(server: Any) -> None:
    os.chown(counts_folder(), server.cfg.uid, server.cfg.gid)


def child_exit(server: Any, worker: Any) -> None:
    # Once it is imported it no longer asks whether there is a folder.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid, counts_folder())


def on_exit(server: Any) -> None:
    shutil.rmtree(counts_folder(), ignore_errors=True)
