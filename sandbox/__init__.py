"""Local stand-ins for YouTube and Last.fm, with invented content and faults on demand.

Nothing here knows Django. `python -m sandbox --help` says what it can do.
"""

from sandbox.youtube.server import Request, Server, serve

__all__ = ["Request", "Server", "serve"]
