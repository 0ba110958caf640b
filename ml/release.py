"""Train, evaluate and write the model that ships with the project.

python -m ml.release VIDEOS.csv [--groups GROUPS.csv] [--recipe NAME] [--jobs N]
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.card import write_card
from ml.evaluation.evaluate import Evaluation, evaluate
from ml.evaluation.labelled import TableError, read_groups, read_labelled
from ml.evaluation.learning_curve import learning_curve
from ml.evaluation.report import build
from ml.evaluation.text_report import format_table
from ml.moods.files import ModelFile, dump, save_file
from ml.moods.predict import DEFAULT_RECIPE, RECIPES
from ml.moods.train import TrainingError, train

ROOT = Path(__file__).resolve().parents[1]

_SOURCE = '''\
"""The mood model that ships with the project. Written by ml.release, do not edit."""

SHA256 = "{sha256}"
'''


def release(
    videos: Path,
    groups: Path | None = None,
    *,
    recipe: str = DEFAULT_RECIPE,
    root: Path = ROOT,
    n_jobs: int = 1,
) -> Evaluation:
    """Train a recipe on the labelled rows, and write it with all that shows it.

    The report names no video: rows of the table are not the project's to publish.

    Parameters
    ----------
    videos : Path
        CSV as `ml.evaluation.labelled.read_labelled` takes it.
    groups : Path, optional
        CSV as `ml.evaluation.labelled.read_groups` takes it; found in the texts unless given.
    recipe : str
        A key of `ml.moods.predict.RECIPES`.
    root : Path
        Folder of the project; ``ml/moods/shipped`` and ``docs/models`` in it are written.
    n_jobs : int
        As `ml.evaluation.evaluate.evaluate`.

    Returns
    -------
    Evaluation

    Raises
    ------
    TableError, TrainingError
        Before anything is written.
    """
    labelled = read_labelled(videos)
    group_of = read_groups(groups, labelled.ids) if groups else None
    rows = (labelled.texts, labelled.moods)
    evaluation = evaluate(*rows, group_of, recipe=recipe, n_jobs=n_jobs)
    model = train(*rows, recipe=recipe)
    model = replace(model, sure_from=evaluation.sure.sure_from)
    curve = learning_curve(labelled.texts, evaluation, n_jobs=n_jobs)
    now = datetime.now(UTC)
    file = dump(model, metrics=evaluation.to_dict(), created=now)
    _write(root, file, build(evaluation, curve=curve, created=now))
    return evaluation


def _write(root: Path, file: ModelFile, report: dict[str, Any]) -> None:
    shipped = root / "ml" / "moods" / "shipped"
    source = _SOURCE.format(sha256=file.manifest.sha256)
    save_file(shipped / "mood.joblib", file.data)
    save_file(shipped / "mood.json", _json(file.manifest.to_dict()))
    save_file(shipped / "report.json", _json(report))
    save_file(shipped / "__init__.py", source.encode())
    card = write_card(file.manifest)
    save_file(root / "docs" / "models" / "mood.md", card.encode())


def _json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=1) + "\n").encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.release", description=__doc__)
    parser.add_argument("videos", type=Path, help="CSV in the columns of 2019")
    parser.add_argument("--groups", type=Path, help="CSV with video_id and group")
    parser.add_argument("--recipe", choices=RECIPES, default=DEFAULT_RECIPE)
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    options = parser.parse_args(arguments)
    try:
        evaluation = release(
            options.videos,
            options.groups,
            recipe=options.recipe,
            root=ROOT,
            n_jobs=options.jobs,
        )
    except (TableError, TrainingError) as exc:
        sys.stderr.write(f"nothing was written: {exc}\n")
        return 1
    sys.stdout.write(f"{format_table(evaluation)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
