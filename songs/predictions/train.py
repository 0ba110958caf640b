"""Training a version of the mood model on what people labelled, and judging it.

Apart from `songs.predictions.predict`, because it takes 150 MB of libraries with it.
"""

from collections.abc import Callable
from dataclasses import asdict, replace

from django.utils import timezone

from ml.evaluation.evaluate import Evaluation, evaluate
from ml.evaluation.groups import find_groups
from ml.evaluation.labelled import LabelledVideos, TableError
from ml.evaluation.learning_curve import N_SHUFFLES, SHARES, learning_curve
from ml.evaluation.report import build
from ml.moods import files
from ml.moods import train as training
from ml.moods.predict import BASELINE
from ml.moods.recipe import MOODS
from ml.moods.train import TrainingError
from ml.parallel import Progress
from songs.ingestion import runs
from songs.models import IngestRun, MoodModel, NewVideo
from songs.predictions.ledger import ChangeReason, PromotionDecision, PromotionError
from songs.predictions.predict import TEXT_COLUMNS, as_text
from songs.predictions.promotion_rule import decide, incumbent
from songs.predictions.registry import UnknownVersion, mood_ledger
from songs.predictions.releases import Figures

JOB = IngestRun.Job.TRAIN_MOODS
CURVE_STEPS = len(SHARES) * N_SHUFFLES
OUR_ERRORS = (TableError, TrainingError, PromotionError)


def labelled_videos() -> LabelledVideos:
    """What people labelled in the catalogue, in the order of the ids."""
    rows = (
        NewVideo.objects.trainable()
        .order_by("video_id")
        .values_list("video_id", "moods", *TEXT_COLUMNS)
    )
    videos = LabelledVideos([], [], [])
    for video_id, mood, *columns in rows:
        videos.ids.append(video_id)
        videos.texts.append(as_text(*columns))
        videos.moods.append(mood)
    return videos


def train(
    recipe: str,
    read: Callable[[], LabelledVideos] = labelled_videos,
    *,
    n_jobs: int = 1,
) -> MoodModel:
    """Train and judge `recipe` and store the version with the rule's decision, not live.

    Judges in `n_jobs` processes, each of about 200 MB. Cut off anywhere it leaves no
    version. Raises ml.moods.train.TrainingError, ml.evaluation.labelled.TableError and
    AlreadyRunning; nothing is stored then either.
    """
    with runs.exclusive(JOB), runs.recorded(JOB, shown=OUR_ERRORS) as run:
        now = timezone.now()  # before reading: what is labelled meanwhile is new
        videos, against = _grouped(read()), incumbent()
        baselines = [BASELINE, against.recipe or BASELINE]
        judged = _judge(
            run, recipe, videos, baselines, n_jobs=n_jobs, after=CURVE_STEPS
        )
        show = _show_on(run, before=run.found)
        curve = learning_curve(videos.texts, judged, n_jobs=n_jobs, progress=show)
        model = training.train(videos.texts, videos.moods, recipe=recipe)
        model = replace(model, sure_from=judged.sure.sure_from)
        file = files.dump(model, metrics=judged.to_dict(), created=now)
        version = f"{recipe}-{now:%Y%m%d-%H%M%S}-{file.manifest.sha256[:8]}"
        report = build(judged, videos.ids, curve=curve, version=version, created=now)
        decision = decide(report["metrics"], judged.n_videos, against)
        run.updated = 1
        return MoodModel.objects.create(
            version=version,
            recipe=recipe,
            created=now,
            manifest=file.manifest.to_dict(),
            content=file.data,
            report=report | {"verdict": asdict(decision)},
            held_out=_by_video(videos.ids, judged),
        )


def compare_again(version: str) -> PromotionDecision:
    """Ask the rule about a stored version: its recipe on today's labels.

    Raises UnknownVersion, ml.moods.train.TrainingError and AlreadyRunning.
    """
    with runs.exclusive(JOB), runs.recorded(JOB, shown=OUR_ERRORS) as run:
        row = MoodModel.objects.only("recipe", "manifest").filter(pk=version).first()
        if row is None:
            raise UnknownVersion(f"There is no version {version!r}.")
        videos, against = _grouped(labelled_videos()), incumbent()
        judged = _judge(run, row.recipe, videos, [against.recipe or BASELINE])
        n_labels = Figures.of(row.manifest).n_labels
        return decide(judged.to_dict(), n_labels, against)


def decision_on(version: MoodModel) -> PromotionDecision:
    """What the rule said about it when it was trained."""
    return PromotionDecision(**version.report["verdict"])


def promote_as_judged(
    version: str, decision: PromotionDecision, *, who: str, force: str | None = None
) -> bool:
    """Promote a version if the rule says so, or by `force`, a person's reason.

    Returns whether it is live now; raises PromotionError.
    """
    if not (decision.promote or force):
        return False
    reason = ChangeReason(
        who=who,
        reason=force or decision.reason,
        forced=bool(force),
        comparison=decision.comparison,
    )
    mood_ledger.promote(version, reason)
    return True


def _grouped(videos: LabelledVideos) -> LabelledVideos:
    if videos.groups is not None:
        return videos
    return replace(videos, groups=find_groups(videos.texts))


def _judge(
    run: IngestRun,
    recipe: str,
    videos: LabelledVideos,
    baselines: list[str],
    *,
    n_jobs: int = 1,
    after: int = 0,
) -> Evaluation:
    return evaluate(
        videos.texts,
        videos.moods,
        videos.groups,
        recipe=recipe,
        baselines=baselines,
        n_jobs=n_jobs,
        progress=_show_on(run, after=after),
    )


def _show_on(run: IngestRun, *, before: int = 0, after: int = 0) -> Progress:
    """Let others see on the run how far it is, with steps before and after these."""

    def show(done: int, total: int) -> None:
        run.found, run.total = before + done, before + total + after
        run.save(update_fields=["found", "total"])

    return show


def _by_video(video_ids: list[str], judged: Evaluation) -> dict[str, dict[str, float]]:
    """The predictions of models that had not seen a video, mean over the shuffles."""
    means = judged.held_out.mean().round(4).tolist()
    return {
        video_id: dict(zip(MOODS, mean, strict=True))
        for video_id, mean in zip(video_ids, means, strict=True)
    }
