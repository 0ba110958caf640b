"""A small table of invented plays, and recommenders that learn from it, for newcomers.

No listener and no artist of it exists. The same rows each time.
"""

import csv
import io
import random
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from datasets.models import Dataset
from datasets.storage import build
from datasets.upload import receive
from recommenders.models import Recommender
from recommenders.training import edit, in_progress, train
from recommenders.training.config import Roles, TrainingConfig

DATASET = "Sample plays"
DESCRIPTION = (
    "Invented listeners of invented artists, made up by MoodiBeats to try it out."
)
LICENCE = "Made up by this project: do with it what you like."
COLUMNS = ("listener", "artist", "genre", "plays")
N_LISTENERS = 300
N_ARTISTS = 14  # of a listener
SEED = 2026
OWN_TASTE, NEXT_TASTE = 0.7, 0.9  # of a listener's artists; the rest from anywhere
BETWEEN = 3  # each third artist of a genre is filed under the one beside it, too
NAMES = {  # in the order of a circle: who likes one likes the ones beside it
    "ambient": (
        ("Quiet", "Pale", "Slow", "Hollow"),
        ("Isotope", "Estuary", "Lantern Room"),
    ),
    "electronic": (
        ("Velvet", "Neon", "Static", "Copper"),
        ("Turbine", "Arcade Nine", "Flux Garden"),
    ),
    "rock": (
        ("Rust", "Iron", "Gravel", "Thunder"),
        ("Choir", "Lullaby", "Semaphore"),
    ),
    "soul": (
        ("Honey", "Ruby", "Sunday", "Silk"),
        ("Telegraph", "Weathervane", "Parlour Club"),
    ),
    "jazz": (
        ("Midnight", "Brass", "Indigo", "Amber"),
        ("Parallel", "Quartet of Owls", "Stairwell"),
    ),
    "folk": (
        ("Willow", "Barley", "Fern", "Juniper"),
        ("Postcards", "Kettle Band", "& Thimble"),
    ),
}
GENRES = tuple(NAMES)
ARTISTS_OF_A_GENRE = 12
RECOMMENDERS = (
    (
        "Sample",
        "Artists that the same listeners play.",
        TrainingConfig(Roles("listener", "artist", "plays"), "bm25"),
    ),
    (
        "Sample genres",
        "Artists for a genre, from the genres that listeners file them under.",
        TrainingConfig(Roles("genre", "artist", "plays"), "bm25"),
    ),
)


def make(owner: User) -> list[Recommender]:
    """Store the table and train the recommenders, all shared; what is there stays."""
    dataset = Dataset.objects.filter(owner=owner, name=DATASET).first()
    if dataset is None or dataset.current is None:
        file = ContentFile(as_csv(), name="sample.csv")
        words = {"description": DESCRIPTION, "licence_note": LICENCE}
        version = build.store(receive.receive(owner, DATASET, file, **words))
        dataset = version.dataset
        dataset.shared = True
        dataset.save(update_fields=["shared"])
    return [
        _recommender(name, description, recipe, dataset)
        for name, description, recipe in RECOMMENDERS
    ]


def as_csv() -> bytes:
    """The table, about 4,200 rows."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows()])
    return text.getvalue().encode()


def rows() -> Iterator[tuple[str, str, str, int]]:
    """Listener, artist, genre and plays; a listener has an artist once."""
    draw = random.Random(SEED)
    for number in range(N_LISTENERS):
        taste, artists = draw.randrange(len(GENRES)), dict[str, int]()
        while len(artists) < N_ARTISTS:
            genre = _near(draw, taste, draw.random())
            rank = min(int(draw.expovariate(0.25)), ARTISTS_OF_A_GENRE - 1)
            artists.setdefault(_artist(genre, rank), _filed(draw, genre, rank))
        for artist, genre in artists.items():
            plays = 1 + int(draw.lognormvariate(2.5, 1))
            yield f"listener-{number:03}", artist, genre, plays


def _artist(genre: int, rank: int) -> str:
    """The artist of a rank, from 0, in a genre; the first are much better known."""
    firsts, seconds = NAMES[GENRES[genre]]
    return f"{firsts[rank % len(firsts)]} {seconds[rank // len(firsts)]}"


def _filed(draw: random.Random, genre: int, rank: int) -> str:
    """The genre that a listener files an artist under."""
    beside = rank % BETWEEN == 0 and draw.random() < 0.5
    return GENRES[(genre + beside) % len(GENRES)]


def _near(draw: random.Random, genre: int, chance: float) -> int:
    """The genre itself, or one beside it, or any."""
    if chance < OWN_TASTE:
        return genre
    if chance < NEXT_TASTE:
        return (genre + draw.choice((-1, 1))) % len(GENRES)
    return draw.randrange(len(GENRES))


def _recommender(
    name: str, description: str, recipe: TrainingConfig, dataset: Dataset
) -> Recommender:
    found = dataset.recommenders.filter(name=name, owner=dataset.owner).first()
    if found is None:
        words = {"owner": dataset.owner, "description": description}
        found = edit.make(name, dataset, recipe, **words)
    if not found.versions.filter(live=True).exists():
        train.train(in_progress.request_training(found, who="sample"))
        found.shared = True  # once it answers
        found.save(update_fields=["shared"])
    return found
