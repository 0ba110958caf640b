import pytest
from django.utils import timezone

from songs.labelling import record, revert
from songs.labelling.agreement import AgreementShare
from songs.labelling.labellers import labellers, with_model
from songs.labelling.record import LabelState
from songs.models import MoodModel


@pytest.fixture
def videos(make_video):
    """Ada labelled three and skipped one; bob and an import said something too."""
    videos = [make_video() for _ in range(4)]
    for video, mood in zip(videos, ["SAD", "SAD", "HAPPY"], strict=False):
        record.label(video.pk, mood, who="ada", source="admin")
    record.set_label(videos[3].pk, record.SKIPPED, who="ada", source="api")
    record.label(videos[3].pk, "ANGRY", who="import", source="import")
    record.add_second_opinion(videos[0].pk, LabelState("HAPPY", True), who="bob")
    record.add_second_opinion(videos[1].pk, LabelState("SAD", True), who="bob")
    return videos


def by_name():
    return {labeller.who: labeller for labeller in labellers()}


def test_labellers_counts_what_each_did(videos):
    ada = by_name()["ada"]

    assert (ada.acts, ada.skips, ada.taken_back) == (4, 1, 0)
    assert ada.sources == {"admin": 3, "api": 1}
    assert ada.moods == {"SAD": 2, "HAPPY": 1}
    times = videos[0].labels.earliest("at").at, videos[3].labels.earliest("at").at
    assert (ada.first, ada.last) == times


def test_labellers_puts_the_last_to_speak_first(videos):
    assert [labeller.who for labeller in labellers()] == ["bob", "import", "ada"]


def test_labellers_agree_with_others(videos):
    people = by_name()

    assert people["ada"].others == people["bob"].others == AgreementShare(1, 2)
    assert people["import"].others is None


def test_labellers_knows_what_was_taken_back_and_who_did_is_no_labeller(videos):
    selection = revert.Selection("ada", source="admin")
    revert.revert(selection, last_act=10**9, who="root")

    people = by_name()

    assert (people["ada"].acts, people["ada"].taken_back) == (4, 3)
    assert "root" not in people


def test_with_model_compares_with_what_it_said_unseen(videos):
    scores = {"SAD": 0.7, "HAPPY": 0.2, "ANGRY": 0.1}
    MoodModel.objects.create(
        version="v1",
        created=timezone.now(),
        live=True,
        manifest={},
        content=b"",
        held_out={video.pk: scores for video in videos[:3]},
    )

    assert with_model() == {"ada": AgreementShare(2, 3), "bob": AgreementShare(1, 2)}


def test_with_model_is_empty_without_a_record(videos):
    assert with_model() == {}
