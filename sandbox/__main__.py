"""`python -m sandbox`: run it until Ctrl-C."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from sandbox import Server, serve
from sandbox.http import run
from sandbox.youtube.catalogue import BadCatalogue
from sandbox.youtube.faults import BadFault
from sandbox.youtube.kinds import KINDS

PORT = 8099
HELP = """\
faults: KIND[@WHERE][:WHEN]
  WHERE  a method (search, videos, commentThreads) or, for kinds marked *, the id of
         a video; without it the kind strikes wherever it can
  WHEN   which of those calls, counted from 1: 2, 2-4, 3+ or all (the default)
  e.g.   --fault quotaExceeded@search:2 --fault 503:1-3 --fault private@SAMPLE-0007

kinds:
"""


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 told to stop, 1 the catalogue or port cannot be used, 2 usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    serving = serve(
        port=options.port, catalogue=options.catalogue, faults=options.fault
    )
    try:
        return run(serving, _text, port=options.port)
    except BadFault as exc:
        parser.error(str(exc))
    except BadCatalogue as exc:
        sys.stderr.write(f"{exc}\n")
        return 1


def _text(server: Server) -> str:
    return (
        f"{server.url} ({len(server)} videos); give it to MoodiBeats as "
        "YOUTUBE_API_ENDPOINT. Any API key will do."
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m sandbox",
        description="A local YouTube: speaks the Data API v3 on 127.0.0.1.",
        epilog=HELP + "\n".join(_kind_lines()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=PORT, help="0: any that is free")
    parser.add_argument(
        "--catalogue",
        type=Path,
        metavar="FILE.csv",
        help="videos with the columns video_id, video_title, video_description; "
        "without it the sample of the project",
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="SPEC", help="may be repeated"
    )
    return parser


def _kind_lines() -> list[str]:
    return [
        f"  {kind.name + ('*' if kind.about_videos else ''):20} {kind.help}"
        for kind in KINDS.values()
    ]


if __name__ == "__main__":
    sys.exit(main())
