from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songs.labelling import record
from songs.labelling import revert as reverting
from songs.labelling.record import UNLABELLED, LabelState
from songs.labelling.revert import LabelTransition, Selection
from songs.models import LabelRevert, MoodLabel, NewVideo

SAD, HAPPY = LabelState("SAD", True), LabelState("HAPPY", True)


def said(video, *codes):
    """`ada SAD` decides, `ada? SAD` is an opinion."""
    for code in codes:
        who, mood = code.split()
        if who.endswith("?"):
            record.add_second_opinion(video.pk, LabelState(mood, True), who=who[:-1])
        else:
            record.label(video.pk, mood, who=who, source="admin")


def take_back(whose, **choice):
    selection = Selection(whose, **choice)
    seen = reverting.preview(selection)
    return reverting.revert(selection, last_act=seen.last_act, who="root")


def undo():
    return reverting.undo(LabelRevert.objects.first(), who="root")


def mood(video):
    """Its mood, of a catalogue whose labels all follow their history."""
    video.refresh_from_db()
    assert record.differing_from_history() == []
    return video.moods


def test_take_back_leaves_what_the_others_said(make_video):
    ours, theirs = make_video(), make_video()
    said(ours, "ada SAD", "bob HAPPY")
    said(theirs, "bob HAPPY")

    assert take_back("bob") == 2

    assert (mood(ours), mood(theirs)) == ("SAD", None)
    assert theirs.labeled is None


def test_take_back_deletes_nothing_and_notes_each_change(make_video):
    video, settled = make_video(), make_video()
    said(video, "ada SAD", "bob HAPPY")
    said(settled, "bob HAPPY", "ada SAD")

    take_back("bob")

    assert settled.labels.count() == 2
    *_, note = video.labels.order_by("at", "id")
    assert (note.action, note.mood, note.who, note.source) == (
        "label",
        "SAD",
        "root",
        "revert",
    )
    assert LabelRevert.objects.get().acts.count() == 2


def test_take_back_twice_does_nothing_more(make_video):
    said(make_video(), "ada SAD", "bob HAPPY")
    take_back("bob")
    acts = MoodLabel.objects.count()

    assert take_back("bob") == 0

    assert (MoodLabel.objects.count(), LabelRevert.objects.count()) == (acts, 1)


@pytest.mark.parametrize("order", [("ada", "bob"), ("bob", "ada")])
def test_take_back_of_one_brings_nobody_else_back(make_video, order):
    video = make_video()
    said(video, "ada SAD", "bob HAPPY")

    for whose in order:
        take_back(whose)

    assert mood(video) is None


def test_take_back_takes_the_vote_also_where_the_label_stays(make_video):
    video = make_video()
    said(video, "ada SAD", "bob? HAPPY")
    take_back("bob")
    assert mood(video) == "SAD"

    said(video, "cy? HAPPY")

    assert mood(video) == "SAD"


def test_take_back_keeps_the_votes_of_the_others(make_video):
    video = make_video()
    said(video, "ada SAD", "bob? HAPPY", "cy? HAPPY", "dee? HAPPY")

    take_back("bob")

    assert mood(video) == "HAPPY"


def test_take_back_leaves_acts_after_the_preview(make_video):
    seen_video, late = make_video(), make_video()
    said(seen_video, "bob HAPPY")
    selection = Selection("bob")
    seen = reverting.preview(selection)
    said(late, "bob HAPPY")
    said(seen_video, "ada SAD")

    reverting.revert(selection, last_act=seen.last_act, who="root")

    assert (mood(late), mood(seen_video)) == ("HAPPY", "SAD")


def test_take_back_by_source(make_video):
    first, second = make_video(), make_video()
    record.label(first.pk, "SAD", who="ada", source="suggestion")
    record.label(second.pk, "SAD", who="ada", source="admin")

    assert take_back("ada", source="suggestion") == 1

    assert (mood(first), mood(second)) == (None, "SAD")


def test_take_back_by_time_includes_both_ends(make_video):
    now = timezone.now()
    for hours in range(4):
        at = now + timedelta(hours=hours)
        video = make_video(moods="SAD", labeled=True)
        act = {"action": "label", "mood": "SAD", "who": "bob", "source": "admin"}
        MoodLabel.objects.create(video=video, at=at, **act)

    choice = {"since": now + timedelta(hours=1), "until": now + timedelta(hours=2)}
    assert take_back("bob", **choice) == 2

    left = NewVideo.objects.labelled().order_by("pk").values_list("pk", flat=True)
    assert list(left) == ["VIDEO000001", "VIDEO000004"]


def test_preview_says_what_take_back_then_does(make_video):
    for codes in (["ada SAD", "bob HAPPY"], ["bob HAPPY"], ["bob HAPPY", "ada SAD"]):
        said(make_video(), *codes)

    preview = reverting.preview(Selection("bob"))

    assert (preview.acts, preview.videos) == (3, 3)
    assert (preview.changed, preview.unchanged) == (2, 1)
    assert preview.moves == [
        LabelTransition(HAPPY, SAD, 1),
        LabelTransition(HAPPY, UNLABELLED, 1),
    ]
    assert [change.after for change in preview.first] == [SAD, UNLABELLED]
    assert LabelRevert.objects.count() == 0


def test_undo_brings_acts_and_votes_back(make_video):
    video, settled = make_video(), make_video()
    said(video, "ada SAD", "bob HAPPY")
    said(settled, "bob HAPPY")
    take_back("bob")
    said(settled, "ada SAD")

    preview = reverting.preview_undo(LabelRevert.objects.get())
    assert undo()

    assert preview.moves == [LabelTransition(SAD, HAPPY, 1)]
    assert (mood(video), mood(settled)) == ("HAPPY", "SAD")
    assert not undo()


def test_take_back_again_after_undo(make_video):
    video = make_video()
    said(video, "bob HAPPY")
    take_back("bob")
    undo()

    assert take_back("bob") == 1

    assert mood(video) is None
    assert LabelRevert.objects.filter(undone_at=None).count() == 1


def test_a_revert_is_undone_by_somebody_at_some_time(make_video):
    said(make_video(), "bob HAPPY")
    take_back("bob")

    with pytest.raises(IntegrityError), transaction.atomic():
        LabelRevert.objects.update(undone_by="ada")


def test_a_person_takes_back_of_another_once_in_one_moment(make_video):
    said(make_video(), "bob HAPPY")
    take_back("bob")
    revert = LabelRevert.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LabelRevert.objects.create(who="root", at=revert.at, whose="bob")
