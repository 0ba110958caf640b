"""Tables of plays whose answers are known, stored as a dataset stores them."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from datasets.models import Dataset, DatasetVersion

LOUD = ("Anvil Choir", "The Brass Motor", "Cráter", "D/CD", "Ember Saw", "Flint")
LOUD += ("Gravel Tooth", "!!!")
CALM = ("Glass Pond", "Hush", "Inlet", "Juniper", "Kelp", "Low Tide", "Moss", "Nell 🌙")


def two_tastes(n_listeners=60, *, seed=0):
    """Everybody plays 6 of the 8 artists of a taste; the even ones the loud."""
    rng = random.Random(seed)
    rows = [
        (f"listener{number}", artist, ("rock", "ambient")[number % 2])
        for number in range(n_listeners)
        for artist in rng.sample((LOUD, CALM)[number % 2], 6)
    ]
    plays = [rng.randint(1, 50) for _ in rows]
    who, what, genre = map(list, zip(*rows, strict=True))
    return {"listener": who, "artist": what, "genre": genre, "plays": plays}


def make_dataset(columns, *, owner, name="Plays"):
    """A dataset with one version that is ready."""
    number = Dataset.objects.count()
    dataset = Dataset.objects.create(
        name=f"{name} {number}", slug=f"plays-{number}", owner=owner
    )
    add_version(dataset, columns)
    return dataset


def add_version(dataset, columns):
    """The next version of a dataset, ready."""
    table = pa.table(columns)
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=dataset.versions.count() + 1,
        state="ready",
        n_rows=table.num_rows,
        n_columns=table.num_columns,
        columns=[{"name": name} for name in table.column_names],
        refused={"n": 0, "first": []},
        stored=timezone.now(),
        size_bytes=0,
    )
    version.table.parent.mkdir(parents=True)
    pq.write_table(table, version.table)
    return version
