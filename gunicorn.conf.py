"""The web process; gunicorn reads this file by itself."""

import os

from dotenv import load_dotenv

load_dotenv(".env")
development = os.environ.get("MOODIBEATS_DEV") == "1"

bind = f"{'127.0.0.1' if development else '0.0.0.0'}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1" if development else "2"))
threads = 8  # a slow client, or an idle one that stays connected, holds up no other
graceful_timeout = 3 if development else 30  # seconds
limit_request_line = 8190  # bytes, the most there is: long queries get our own answer
loglevel = "warning" if development else "info"
control_socket_disable = True  # it would be written into the home folder
