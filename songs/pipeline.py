"""Pull, predict, embed: what happens to new videos, for the commands and `make run`.

A step that cannot run now is no failure of the others: the next run catches up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tqdm import tqdm

from background.locks import AlreadyRunning
from songs.ingestion import pull
from songs.ingestion.transport import MeteredTransport
from songs.models import SearchProfile
from songs.predictions import predict
from songs.similar import embeddings, pgvector


@dataclass
class PipelineResult:
    """What the steps did."""

    done: list[str] = field(default_factory=list)
    refused: pull.SearchRefused | None = None  # of some searches; the others were read

    def __str__(self) -> str:
        return "; ".join(self.done)


def pull_videos(
    transport: MeteredTransport,
    profiles: Sequence[SearchProfile] | None = None,
    *,
    query: str | None = None,
    budget: int | None = None,
    limits: pull.Limits = pull.EVERYTHING,
    then_predict: bool = True,
    warn: Callable[[str], object] = lambda problem: None,
) -> PipelineResult:
    """Pull; unless it is a dry run or told otherwise, predict and embed what came.

    What a person should know at once, such as a spent quota, is given to `warn`. See `songs.ingestion.pull.pull` for the options. Raises youtube.YouTubeError and
    AlreadyRunning.
    """
    outcome = PipelineResult()
    try:
        pulled = pull.pull(
            transport, profiles, query=query, budget=budget, limits=limits
        )
    except pull.SearchRefused as exc:
        pulled, outcome.refused = exc.pulled, exc
    dry = "dry run, nothing stored: " if limits.dry_run else ""
    outcome.done.append(f"{dry}{pulled}")
    if pulled.paused:
        warn(pulled.paused)
    if then_predict and not limits.dry_run:
        predict_and_embed(outcome, warn)
    return outcome


def predict_and_embed(outcome: PipelineResult, warn: Callable[[str], object]) -> None:
    """Predict and embed what waits; a step that cannot run is told to `warn`."""
    try:
        outcome.done.append(f"predicted {predict.predict_pending().videos} moods")
    except (predict.NoModel, AlreadyRunning) as exc:
        warn(f"No moods predicted: {exc}")
    try:
        outcome.done.append(str(embeddings.embed_pending()))
    except pgvector.NoPgvector:
        pass  # doctor says so; it is no news each day
    except AlreadyRunning as exc:
        warn(f"No videos compared: {exc}")


def predict_moods(*, everything: bool = False) -> str:
    """Predict behind a progress bar; raises predict.NoModel and AlreadyRunning."""
    with _bar() as bar:
        return str(predict.predict_pending(everything=everything, progress=bar.update))


def predict_with_new_model() -> str:
    """Predict after the live model has changed; if another process is at it, say so."""
    try:
        return predict_moods()
    except AlreadyRunning as exc:
        return f"{exc} Run predict_moods after it: it had begun with the old model."


def embed_videos() -> str:
    """Embed behind a progress bar; raises pgvector.NoPgvector and AlreadyRunning."""
    with _bar() as bar:
        return str(embeddings.embed_pending(progress=bar.update))


def _bar() -> tqdm:
    return tqdm(unit=" videos", disable=None, leave=False)  # on a terminal only
