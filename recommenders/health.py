"""Health checks: damaged or left-over files, trainings that were cut off, Last.fm."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from background.registry import Finding
from recommenders.answers import artists
from recommenders.models import (
    ArtistProfile,
    Recommender,
    RecommenderVersion,
    TrainingState,
)
from recommenders.training import in_progress
from recommenders.versions import loading, paths


def state() -> str:
    """ "ok", or "damaged": a file of a live version is missing or has another size."""
    return "damaged" if any(map(_is_incomplete, _live())) else "ok"


def examine(now: datetime) -> list[Finding]:
    """What `doctor` says: every file of the live versions is read and compared."""
    return [_trained(), *_files(), *_damaged(), *_cut_off(), *_lastfm(now)]


def _live() -> QuerySet[RecommenderVersion]:
    live = RecommenderVersion.objects.filter(live=True).select_related("recommender")
    return live.defer("report", "evaluation")


def _is_incomplete(version: RecommenderVersion) -> bool:
    try:
        return any(
            (version.folder / name).stat().st_size != entry["n_bytes"]
            for name, entry in version.manifest["files"].items()
        )
    except OSError:
        return True


def _trained() -> Finding:
    n_all, n_live = Recommender.objects.count(), _live().count()
    text = f"{n_live} of {n_all} are trained and answer"
    return Finding("recommenders", text)


def _files() -> Iterator[Finding]:
    """Where files lie that no row knows: the next start of a worker removes them."""
    n_left = sum(1 for _ in paths.without_rows())
    if n_left:
        text = (
            f"{n_left} folders of what was deleted; a worker removes them as it starts"
        )
        yield Finding("recommenders' files", text)


def _damaged() -> Iterator[Finding]:
    for version in _live():
        if wrong := loading.check(version):
            slug = version.recommender.slug
            text = f"version {version.number}: {wrong}: train_recommender {slug}"
            yield Finding(f"recommender {slug}"[:18], text, act=True)


def _cut_off() -> Iterator[Finding]:
    begun = RecommenderVersion.objects.filter(state=TrainingState.RUNNING)
    for version in begun.select_related("recommender"):
        slug = version.recommender.slug
        if not in_progress.is_running(version.recommender):
            text = f"version {version.number} was cut off: train_recommender {slug}"
            yield Finding(f"recommender {slug}"[:18], text, act=True)


def _lastfm(now: datetime) -> Iterator[Finding]:
    if not artists.is_on():
        return
    n_fresh = ArtistProfile.objects.fresh(now).count()
    n_wanted = ArtistProfile.objects.filter(wanted__isnull=False).count()
    text = f"{n_fresh} profiles are kept, {n_wanted} are wanted"
    if (again := artists.open_again(now)) > now:
        text += f"; it failed, and is asked again at {again:%H:%M} UTC"
    yield Finding("Last.fm", text)
