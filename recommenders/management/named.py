"""What the commands about one recommender share: finding it, showing progress."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from tqdm import tqdm

from recommenders.models import Recommender
from recommenders.training.train import Show

MAX_NAMED = 10


def find_recommender(slug: str) -> Recommender:
    """The recommender; raises CommandError naming those there are."""
    found = Recommender.objects.select_related("dataset").filter(slug=slug).first()
    if found is None:
        slugs = Recommender.objects.order_by("-pk").values_list("slug", flat=True)
        known = ", ".join(slugs[:MAX_NAMED]) or "none yet"
        raise CommandError(f"There is no recommender {slug!r}; there is: {known}.")
    return found


@contextmanager
def steps() -> Iterator[Show]:
    """A bar on a terminal for each step, nothing elsewhere."""
    with tqdm(disable=None, leave=False) as bar:

        def show(step: str, done: int, total: int) -> None:
            bar.set_description(step, refresh=False)
            bar.total, bar.n = total or None, done
            bar.refresh()

        yield show
