from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, whole_number
from songs import pipeline
from songs.ingestion import pull, transport
from songs.youtube.client import YouTubeError


class Command(BaseCommand):
    help = (
        "Pull Creative Commons music videos from YouTube, predict their moods and "
        "compare them, so that similar ones are found. "
        "Without options it crawls the enabled search profiles on from where the last "
        "run stopped, within the day's quota: the plain search page by page, then "
        "year by year, then what was uploaded since. It may run, be stopped and run "
        "again at any time: known videos get YouTube's new text and keep their labels."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        many, page = whole_number(1, 1_000_000), whole_number(1, 50)
        add = parser.add_argument
        what = parser.add_mutually_exclusive_group().add_argument
        what("--query", metavar="WORDS", help="search for this once; no profile")
        what("--profile", metavar="NAME", help="crawl this one only, enabled or not")
        add("--max-results", type=page, default=50, help="videos a page (default: 50)")
        add("--pages", metavar="N", type=many, help="pages of each search, at most")
        add("--budget", metavar="N", type=many, help="searches (default: all left)")
        add("--no-predict", action="store_true", help="moods and similar videos wait")
        add("--dry-run", action="store_true", help="store nothing; spends quota too")

    def handle(
        self,
        *,
        query: str | None,
        profile: str | None,
        no_predict: bool,
        **options: Any,
    ) -> None:
        limits = pull.Limits(
            options["pages"], options["max_results"], options["dry_run"]
        )
        with explained(self, YouTubeError, pull.UnknownProfile):
            profiles = [pull.profile_named(profile)] if profile else None
            youtube = transport.youtube_transport()
            self.stdout.write("Pulling data from YouTube API and saving")
            outcome = pipeline.pull_videos(
                youtube,
                profiles,
                query=query,
                budget=options["budget"],
                limits=limits,
                then_predict=not no_predict,
                warn=lambda problem: self.stderr.write(self.style.WARNING(problem)),
            )
            self.stdout.write(str(outcome))
            if outcome.refused:
                raise outcome.refused
