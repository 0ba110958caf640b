from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import EXIT_STATUS, explained, reason, whole_number
from ml.evaluation.labelled import TableError
from ml.moods.predict import DEFAULT_RECIPE, RECIPES
from ml.moods.train import TrainingError
from songs import pipeline
from songs.management.options import add_labelled_options, read_labelled_options
from songs.predictions import train
from songs.predictions.ledger import PromotionError
from songs.predictions.releases import count_new_labels

AS_IT_WAS = "the live model stays as it was"


class Command(BaseCommand):
    help = (
        "Train a mood model on the videos that people labelled, judge it beside the "
        "baselines and store it as a new version. It predicts only once it is promoted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        add = parser.add_argument
        add("--recipe", choices=RECIPES, default=DEFAULT_RECIPE)
        add_labelled_options(parser)
        add("--promote", action="store_true", help="make it live if the rule allows it")
        add("--force", metavar="REASON", type=reason, help="make it live, rule or not")
        add(
            "--jobs",
            metavar="N",
            type=whole_number(1, 64),
            default=1,
            help="processes that judge, each of about 200 MB (default: 1)",
        )
        add(
            "--if-new-labels",
            metavar="N",
            type=whole_number(1, 1_000_000),
            help="do nothing unless N labels are new since the last training",
        )

    def handle(self, *, recipe: str, if_new_labels: int | None, **options: Any) -> None:
        with explained(self, stopped=f"Stopped; {AS_IT_WAS}."):
            if if_new_labels and options["file"]:
                raise CommandError("--if-new-labels is about the catalogue: no --from")
            new = count_new_labels() if if_new_labels else 0
            if if_new_labels and new < if_new_labels:
                self.stdout.write(f"{new} new labels, not {if_new_labels}: not trained")
                return
            try:
                self.stdout.write(self._train(recipe, **options))
            except (TableError, TrainingError, PromotionError) as exc:
                raise CommandError(f"{exc} ({AS_IT_WAS})") from exc

    def _train(
        self,
        recipe: str,
        *,
        jobs: int,
        file: Path | None,
        groups: Path | None,
        promote: bool,
        force: str | None,
        **options: Any,
    ) -> str:
        read = partial(read_labelled_options, file, groups)
        row = train.train(recipe, read, n_jobs=jobs)
        decision = train.decision_on(row)
        if not (promote or force):
            return f"trained {row}, not live"
        live = train.promote_as_judged(
            row.version, decision, who="train_moods", force=force
        )
        if not live:
            return f"trained {row}; not promoted: {decision.reason}"
        return f"trained {row}, now live: {force or decision.reason}; {pipeline.predict_with_new_model()}"
