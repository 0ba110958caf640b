"""The answers that the labelling page posts: parsed, then recorded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from songs.labelling import assignments, record
from songs.labelling.queue import QueueOrder
from songs.labelling.record import SKIPPED, UNLABELLED, LabelConflict, LabelState
from songs.models import Mood, MoodLabel, NewVideo

# A label in one word, for forms and scripts.
WORDS = {"none": UNLABELLED, "skip": SKIPPED} | {
    mood.value: LabelState(mood.value, True) for mood in Mood
}


class BadAnswer(ValueError):
    """This is no answer that the page could have sent."""


def to_word(label: LabelState) -> str:
    return next(word for word, each in WORDS.items() if each == label)


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """One answer about one video, and the label that the page showed."""

    video_id: str
    label: LabelState
    seen: LabelState
    order: str
    undo: bool  # the label is what stood before the person's last answer

    @property
    def only_passes(self) -> bool:
        """Whoever is not sure that a label is wrong leaves it to others."""
        return self.order == QueueOrder.MISLABELLED and self.label == SKIPPED

    @classmethod
    def of(cls, fields: Mapping[str, str], order: str) -> "SubmittedAnswer":
        """Read the fields of the form; raises BadAnswer."""
        video_id = fields.get("video", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{11}", video_id):
            raise BadAnswer("video: not an id of YouTube")
        try:
            label, seen = (WORDS[fields.get(name, "")] for name in ("say", "seen"))
        except KeyError as exc:
            raise BadAnswer(f"say, seen: one of {', '.join(WORDS)}") from exc
        return cls(video_id, label, seen, order, undo=fields.get("undo") == "1")


def save_answer(answer: SubmittedAnswer, *, who: str) -> None:
    """Write an answer into the history, and give up the claim on its video.

    An answer that came twice, because its receipt was lost, counts once. Raises
    LabelConflict if somebody else was quicker, and NewVideo.DoesNotExist.
    """
    if answer.order == QueueOrder.SECOND:
        record.add_second_opinion(answer.video_id, answer.label, who=who)
    elif not answer.only_passes:
        _decide(answer, who)
    if answer.undo:
        assignments.claim([answer.video_id], who=who)  # it is on the screen again
    else:
        assignments.release(who, [answer.video_id])
    assignments.renew(who)


def _decide(answer: SubmittedAnswer, who: str) -> None:
    try:
        record.set_label(
            answer.video_id,
            answer.label,
            who=who,
            source=MoodLabel.Source.ADMIN,
            expected=answer.seen,
            confirm=answer.order == QueueOrder.MISLABELLED and not answer.undo,
        )
    except LabelConflict:
        if LabelState.of(NewVideo.objects.get(pk=answer.video_id)) != answer.label:
            raise
