"""A local YouTube: speaks the Data API v3, with a sample catalogue and faults on demand.

Nothing here knows Django. `python -m sandbox --help` says what it can do.
"""

from sandbox.server import Request, Server, serve

__all__ = ["Request", "Server", "serve"]
