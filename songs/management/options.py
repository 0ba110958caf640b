"""Which labelled videos a command learns from or judges on: --from and --groups."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from ml.evaluation.labelled import LabelledVideos, read_groups, read_labelled
from songs.predictions.train import labelled_videos


def add_labelled_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="the labelled videos of a CSV in the columns of 2019, not the catalogue's",
    )
    parser.add_argument(
        "--groups",
        type=Path,
        metavar="FILE",
        help="CSV with video_id and group; near-duplicates are found unless given",
    )


def read_labelled_options(file: Path | None, groups: Path | None) -> LabelledVideos:
    """Read what the options name; raises ml.evaluation.labelled.TableError."""
    videos = read_labelled(file) if file else labelled_videos()
    return replace(videos, groups=read_groups(groups, videos.ids)) if groups else videos
