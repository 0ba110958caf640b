"""What a person does on the labelling page: understood, then recorded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from songs.labelling import assignments
from songs.labelling import record as labelling
from songs.labelling.queue import Order
from songs.labelling.record import SKIPPED, UNSEEN, Judgement, LabelConflict
from songs.models import Mood, MoodLabel, NewVideo

# A judgement in one word, for forms and scripts.
WORDS = {"none": UNSEEN, "skip": SKIPPED} | {
    mood.value: Judgement(mood.value, True) for mood in Mood
}


class NotUnderstood(ValueError):
    """This is no answer that the page could have sent."""


def as_word(judgement: Judgement) -> str:
    return next(word for word, said in WORDS.items() if said == judgement)


@dataclass(frozen=True, slots=True)
class Act:
    """One answer about one video, beside what the page showed of its label."""

    video_id: str
    judgement: Judgement
    seen: Judgement
    order: str
    undo: bool  # the judgement is what stood before the person's last answer

    @property
    def only_passes(self) -> bool:
        """Whoever is not sure that a label is wrong leaves it to others."""
        return self.order == Order.MISLABELLED and self.judgement == SKIPPED

    @classmethod
    def of(cls, fields: Mapping[str, str], order: str) -> "Act":
        """Read the fields of the form; raises NotUnderstood."""
        video_id = fields.get("video", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{11}", video_id):
            raise NotUnderstood("video: not an id of YouTube")
        try:
            said, seen = (WORDS[fields.get(name, "")] for name in ("say", "seen"))
        except KeyError as exc:
            raise NotUnderstood(f"say, seen: one of {', '.join(WORDS)}") from exc
        return cls(video_id, said, seen, order, undo=fields.get("undo") == "1")


def record(act: Act, *, who: str) -> None:
    """Write an act into the history, and give up the claim on its video.

    An answer that came twice, because its receipt was lost, counts once. Raises
    LabelConflict if somebody else was quicker, and NewVideo.DoesNotExist.
    """
    if act.order == Order.SECOND:
        labelling.opine(act.video_id, act.judgement, who=who)
    elif not act.only_passes:
        _decide(act, who)
    if act.undo:
        assignments.claim([act.video_id], who=who)  # it is on the screen again
    else:
        assignments.release(who, [act.video_id])
    assignments.renew(who)


def _decide(act: Act, who: str) -> None:
    try:
        labelling.judge(
            act.video_id,
            act.judgement,
            who=who,
            source=MoodLabel.Source.ADMIN,
            expected=act.seen,
            confirm=act.order == Order.MISLABELLED and not act.undo,
        )
    except LabelConflict:
        if Judgement.of(NewVideo.objects.get(pk=act.video_id)) != act.judgement:
            raise
