"""What a button may ask the worker to do. Each may run twice, and be cut off anywhere."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone
from django_tasks import task

from background.locks import AlreadyRunning
from background.queue import enqueue_once, retry_later
from recommenders.answers import artists
from recommenders.answers.lastfm import ArtistInfo, LastfmError
from recommenders.models import Recommender, RecommenderVersion
from recommenders.training import in_progress


@task()
def train_version(version_id: int) -> str:
    """Train a version, and promote it if the rule or a person's reason says so."""
    from recommenders.training import (
        train,  # takes its libraries with it; pages import us
    )

    version = RecommenderVersion.objects.filter(pk=version_id).first()
    if version is None:
        return "Not trained: it was deleted meanwhile."
    try:
        train.train(version)
    except AlreadyRunning as exc:
        return retry_later(train_version, version_id, why=exc)
    except train.TrainingFailed as exc:
        return f"Not trained: {exc}"
    state = "live" if version.live else "not live"
    return f"Trained {version}, {state}: {version.verdict['reason']}."


@task()
def fetch_profiles() -> str:
    """Ask Last.fm about the artists that somebody was shown without their profile."""
    try:
        n_artists = artists.fetch_wanted()
    except AlreadyRunning as exc:
        return str(exc)
    except LastfmError as exc:
        later = artists.open_again(timezone.now())
        enqueue_once(fetch_profiles.using(run_after=later))
        return f"Fetched until Last.fm failed: {exc}"
    n_old = artists.forget_expired(timezone.now())
    if artists.are_wanted():
        enqueue_once(fetch_profiles)
    return f"Fetched {n_artists} profiles, forgot {n_old}."


@task()
def make_sample() -> str:
    """Give a newcomer a table and recommenders to try out."""
    from recommenders.training import sample  # as above

    owner = User.objects.filter(is_superuser=True).order_by("pk").first()
    if owner is None:
        return "No sample: there is no superuser to own it."
    try:
        made = sample.make(owner)
    except AlreadyRunning as exc:
        return retry_later(make_sample, why=exc)
    return f"Sample: {', '.join(recommender.slug for recommender in made)}."


def start_training(
    recommender: Recommender, *, who: str, force: str = ""
) -> RecommenderVersion:
    """Have the worker train a version; raises in_progress.TrainingFailed."""
    version = in_progress.request_training(recommender, who=who, force=force)
    enqueue_once(train_version, version.pk)
    return version


def show_profiles(names: Iterable[str]) -> dict[str, ArtistInfo]:
    """The profiles that are known, by name; the worker fetches the others."""
    known = artists.of(names)
    if artists.are_wanted():
        enqueue_once(fetch_profiles)
    return known
