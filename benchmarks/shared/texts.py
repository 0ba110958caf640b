"""Titles and descriptions like the real ones, for as many videos as are wanted."""

import csv
import random
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from benchmarks.shared.scratch import ROOT, video_texts

REAL = ROOT.parent / "shared" / "data" / "moodibeats" / "videos.csv"
LONGEST_RUN = 12  # lines that follow each other in a real description, too
N_NAMES = 200_000  # of artists and tracks: few are frequent, most are rare
LETTERS = "etaoinshrdlu"
Text = tuple[str, str, str]  # video_id, title, description


def texts(n_videos: int, *, seed: int = 0) -> Iterator[Text]:
    """Resample the real catalogue; without it words as frequent as in speech."""
    if REAL.exists():
        return _resampled(_read(REAL), n_videos, random.Random(seed))
    return video_texts(n_videos, seed=seed)


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return [(r["video_title"], r["video_description"]) for r in rows]


def _resampled(
    real: list[tuple[str, str]], n_videos: int, rng: random.Random
) -> Iterator[Text]:
    """Halves of two titles, runs of lines of several descriptions, invented names."""
    titles = [title.split() for title, _ in real]
    lines = [line for _, text in real for line in text.splitlines()]
    lengths = [len(text) for _, text in real]
    names = ["".join(rng.choices(LETTERS, k=rng.randint(4, 9))) for _ in range(N_NAMES)]
    shares = list(accumulate(1 / (rank + 1) for rank in range(N_NAMES)))
    for number in range(n_videos):
        artist, track = (
            names[bisect(shares, rng.random() * shares[-1])].capitalize()
            for _ in range(2)
        )
        begin, end = titles[rng.randrange(len(real))], titles[rng.randrange(len(real))]
        half = begin[: len(begin) // 2] + end[len(end) // 2 :]
        about = _some_lines(lines, lengths[rng.randrange(len(real))], rng)
        title = f"{artist} - {track} {' '.join(half)}"[:100]
        yield f"B{number:010}", title, f"{track} by {artist}\n\n{about}"


def _some_lines(lines: list[str], length: int, rng: random.Random) -> str:
    """Runs of lines from here and there, together about `length` characters."""
    text = ""
    while len(text) < length:
        at = rng.randrange(len(lines))
        text += "\n".join(lines[at : at + rng.randint(1, LONGEST_RUN)]) + "\n"
    return text[:5000]
