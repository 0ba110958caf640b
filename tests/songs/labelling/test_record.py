from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from songs.labelling import record
from songs.labelling.record import SKIPPED, LabelConflict, LabelState
from songs.models import MoodLabel, NewVideo
from tests.threads import at_once

WHO = {"who": "ada", "source": "admin"}


def current(video):
    video.refresh_from_db()
    return video.moods, video.labeled


def test_label_sets_the_mood_and_appends_to_the_history(make_video):
    video = make_video()

    assert record.label(video.pk, "SAD", **WHO)

    assert current(video) == ("SAD", True)
    act = video.labels.get()
    assert (act.action, act.mood, act.who, act.source) == (
        "label",
        "SAD",
        "ada",
        "admin",
    )


def test_skip_and_clear_leave_no_mood(make_video):
    video = make_video()
    record.label(video.pk, "SAD", **WHO)

    record.set_label(video.pk, record.SKIPPED, **WHO)
    assert current(video) == (None, False)
    record.set_label(video.pk, record.UNLABELLED, **WHO)
    assert current(video) == (None, None)

    actions = list(video.labels.order_by("id").values_list("action", flat=True))
    assert actions == ["label", "skip", "clear"]


def test_saying_the_same_again_writes_nothing(make_video):
    video = make_video()
    record.label(video.pk, "SAD", **WHO)

    assert not record.label(video.pk, "SAD", **WHO)

    assert video.labels.count() == 1


def test_confirming_writes_that_somebody_found_it_right(make_video):
    video = make_video()
    record.label(video.pk, "SAD", **WHO)

    sad = LabelState("SAD", True)
    assert record.set_label(video.pk, sad, who="bob", source="admin", confirm=True)

    assert video.labels.latest("id").who == "bob"
    assert current(video) == ("SAD", True)


def test_judge_refuses_when_the_row_changed_meanwhile(make_video):
    video = make_video()
    seen = LabelState.of(video)
    record.label(video.pk, "SAD", who="bob", source="admin")

    with pytest.raises(LabelConflict):
        record.set_label(video.pk, SKIPPED, expected=seen, **WHO)

    assert current(video) == ("SAD", True)


def test_label_refuses_an_unknown_mood_and_stores_nothing(make_video):
    video = make_video()

    with pytest.raises(IntegrityError), transaction.atomic():
        record.label(video.pk, "SLEEPY", **WHO)

    assert current(video) == (None, None)
    assert not video.labels.exists()


def test_label_of_an_unknown_video_is_refused(db):
    with pytest.raises(NewVideo.DoesNotExist):
        record.label("NOSUCHVIDEO", "SAD", **WHO)


def test_history_refuses_update_and_delete(make_video):
    video = make_video()
    record.label(video.pk, "SAD", **WHO)

    with pytest.raises(IntegrityError), transaction.atomic():
        MoodLabel.objects.update(mood="HAPPY")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        MoodLabel.objects.all().delete()

    assert video.labels.get().mood == "SAD"


def test_unfaithful_names_labels_that_do_not_follow_the_history(make_video):
    faithful, forged = make_video(), make_video()
    record.label(faithful.pk, "SAD", **WHO)
    assert record.differing_from_history() == []

    NewVideo.objects.filter(pk=forged.pk).update(moods="HAPPY", labeled=True)

    assert record.differing_from_history() == [forged.pk]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_the_fold_of_the_history(make_video):
    video = make_video()
    label = partial(record.label, video.pk, source="admin")
    at_once(*(partial(label, mood, who=mood) for mood in ("SAD", "CHILL")))

    assert video.labels.count() == 2
    assert record.differing_from_history() == []
