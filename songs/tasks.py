"""Tasks that buttons enqueue for the worker. Each may run twice, and be cut off anywhere."""

from django_tasks import task

from background.locks import AlreadyRunning
from background.queue import enqueue_once, retry_later
from ml.moods.predict import DEFAULT_RECIPE
from songs.ingestion import pull, transport
from songs.models import SearchProfile
from songs.predictions import predict

SEARCHES_OF_A_CLICK = 5  # of the 100 that a day has


@task()
def pull_profile(profile_id: int) -> str:
    """Crawl one search a few pages on, then have the moods of what came predicted."""
    profile = SearchProfile.objects.get(pk=profile_id)
    youtube = transport.youtube_transport()
    try:
        pulled = pull.pull(youtube, [profile], budget=SEARCHES_OF_A_CLICK)
    except AlreadyRunning as exc:
        return retry_later(pull_profile, profile_id, why=exc)
    enqueue_once(predict_moods)
    return f"{profile}: {pulled}"


@task()
def predict_moods() -> str:
    """Predict the moods that the live model has not predicted yet."""
    try:
        return str(predict.predict_pending())
    except AlreadyRunning as exc:
        return retry_later(predict_moods, why=exc)


@task()
def retrain_moods(who: str) -> str:
    """Train the default recipe on today's labels; promote it if the rule says so."""
    from songs.predictions import (
        train,  # 150 MB with scikit-learn; the admin imports us
    )

    try:
        row = train.train(DEFAULT_RECIPE)
        decision = train.decision_on(row)
        live = train.promote_as_judged(row.version, decision, who=who)
    except AlreadyRunning as exc:
        return retry_later(retrain_moods, who, why=exc)
    except train.OUR_ERRORS as exc:
        return f"Not trained: {exc}"
    return f"Trained {_decided(row.version, live, decision.reason)}"


@task()
def promote_moods(version: str, who: str) -> str:
    """Promote a stored version if the rule says so, on today's labels."""
    from songs.predictions import train  # as above

    try:
        decision = train.compare_again(version)
        live = train.promote_as_judged(version, decision, who=who)
    except AlreadyRunning as exc:
        return retry_later(promote_moods, version, who, why=exc)
    except train.OUR_ERRORS as exc:
        return f"Not promoted: {exc}"
    return f"Compared {_decided(version, live, decision.reason)}"


def _decided(version: str, live: bool, reason: str) -> str:
    if not live:
        return f"{version}. It was not promoted: {reason}."
    enqueue_once(predict_moods)
    return f"{version}. It is live now: {reason}."
