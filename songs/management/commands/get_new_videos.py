from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, whole_number
from background.locks import AlreadyRunning
from songs.ingestion import pull
from songs.predictions import predict
from songs.similar import embeddings, pgvector
from songs.youtube.client import YouTubeError


class Command(BaseCommand):
    help = (
        "Pull Creative Commons music videos from YouTube, predict their moods and "
        "compare them, so that similar ones are found. "
        "Without options it walks the enabled search profiles on from where the last "
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
        what("--profile", metavar="NAME", help="walk this one only, enabled or not")
        add("--max-results", type=page, default=50, help="videos a page (default: 50)")
        add("--pages", metavar="N", type=many, help="pages of each search, at most")
        add("--budget", metavar="N", type=many, help="searches (default: all left)")
        add("--no-predict", action="store_true", help="moods and similar videos wait")
        add("--dry-run", action="store_true", help="store nothing; spends quota too")

    def handle(self, *, no_predict: bool, dry_run: bool, **options: Any) -> None:
        limits = pull.Limits(options["pages"], options["max_results"], dry_run)
        with explained(self, YouTubeError, pull.UnknownProfile):
            profiles = pull.chosen_profiles(options["query"], options["profile"])
            transport = pull.youtube_transport()
            self.stdout.write("Pulling data from YouTube API and saving")
            refused = None
            try:
                pulled = pull.pull(
                    transport, profiles, budget=options["budget"], limits=limits
                )
            except pull.SearchRefused as exc:
                pulled, refused = exc.pulled, exc
            if pulled.paused:
                self.stderr.write(self.style.WARNING(pulled.paused))
            predicted = "" if no_predict or dry_run else self._predict()
            compared = "" if no_predict or dry_run else self._compare()
            dry = "dry run, nothing stored: " if dry_run else ""
            self.stdout.write(f"{dry}{pulled}{predicted}{compared}")
            if refused:
                raise refused

    def _predict(self) -> str:
        try:
            return f"; predicted {predict.predict_pending().videos} moods"
        except (predict.NoModel, AlreadyRunning) as exc:
            self.stderr.write(self.style.WARNING(f"No moods predicted: {exc}"))
            return ""

    def _compare(self) -> str:
        try:
            return f"; {embeddings.embed_pending()}"
        except pgvector.NoPgvector:  # doctor says so; it is no news each day
            return ""
        except AlreadyRunning as exc:
            self.stderr.write(self.style.WARNING(f"No videos compared: {exc}"))
            return ""
