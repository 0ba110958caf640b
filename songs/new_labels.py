"""How many labels has no training seen yet?"""

from datetime import datetime

from django.db.models import Max, Q

from ml.modelfile import ModelFileError, read_shipped_manifest
from songs.models import MoodLabel, MoodModel, NewVideo
from songs.releases import Figures

# A second opinion rarely changes the label, and a hundred of them are no new labels.
SAID = Q(labels__action=MoodLabel.Action.LABEL) & ~Q(
    labels__source=MoodLabel.Source.SECOND
)


def count_new_labels() -> int:
    """Labelled videos that neither the live model nor the newest version learned from.

    A video that was labelled anew since then counts, too. Of the shipped model, and of
    a version whose rows are not known, only the number of its labels counts. That the
    newest version is asked as well keeps a schedule from training every night what the
    rule has refused, or what somebody has just taken back.
    """
    versions = MoodModel.objects.only("created", "manifest", "held_out")
    labelled = dict(
        NewVideo.objects.trainable()
        .annotate(said=Max("labels__at", filter=SAID))
        .values_list("video_id", "said")
    )
    bases = [versions.filter(live=True).first(), versions.first()]
    return min(_count_new(labelled, base) for base in bases)


def _count_new(labelled: dict[str, datetime | None], base: MoodModel | None) -> int:
    if base is None or base.held_out is None:
        return max(0, len(labelled) - _count_learned(base))
    return sum(
        video_id not in base.held_out or (said is not None and said > base.created)
        for video_id, said in labelled.items()
    )


def _count_learned(base: MoodModel | None) -> int:
    try:
        if base is None:
            return Figures.of(read_shipped_manifest().to_dict()).n_labels
    except ModelFileError:
        return 0
    return Figures.of(base.manifest).n_labels
