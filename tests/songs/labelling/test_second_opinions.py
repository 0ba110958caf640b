import pytest

from songs.labelling import record, revert
from songs.labelling.record import SKIPPED, UNLABELLED, LabelConflict, LabelState

SAD, HAPPY = LabelState("SAD", True), LabelState("HAPPY", True)
ADMIN = {"source": "admin"}


@pytest.fixture
def video(make_video):
    """Ada says it is sad."""
    video = make_video()
    record.label(video.pk, "SAD", who="ada", **ADMIN)
    return video


def current(video):
    video.refresh_from_db()
    return LabelState.of(video)


def asked(who):
    return [(v.pk, v.disputed) for v in record.awaiting_second_opinion(who)]


def test_opine_outvotes_the_decision_with_a_majority(video):
    assert record.add_second_opinion(video.pk, HAPPY, who="bob")
    assert current(video) == SAD

    assert record.add_second_opinion(video.pk, HAPPY, who="cy")

    assert current(video) == HAPPY
    assert record.differing_from_history() == []


def test_opine_is_recorded_as_a_second_opinion(video):
    record.add_second_opinion(video.pk, SKIPPED, who="bob")

    act = video.labels.latest("id")
    assert (act.who, act.action, act.mood, act.source) == (
        "bob",
        "skip",
        None,
        "second",
    )


def test_opine_twice_writes_once(video):
    record.add_second_opinion(video.pk, HAPPY, who="bob")

    assert not record.add_second_opinion(video.pk, HAPPY, who="bob")

    assert video.labels.count() == 2


def test_opine_takes_back_what_counts_and_nothing_else(video):
    record.add_second_opinion(video.pk, HAPPY, who="bob")
    record.add_second_opinion(video.pk, HAPPY, who="cy")

    assert record.add_second_opinion(video.pk, UNLABELLED, who="bob")
    assert current(video) == SAD
    assert not record.add_second_opinion(video.pk, UNLABELLED, who="bob")
    assert not record.add_second_opinion(video.pk, UNLABELLED, who="dee")


def test_opine_is_refused_without_a_label(video):
    record.set_label(video.pk, record.UNLABELLED, who="ada", **ADMIN)

    with pytest.raises(LabelConflict, match="no label"):
        record.add_second_opinion(video.pk, HAPPY, who="bob")


def test_opine_is_refused_to_the_one_who_decided(video):
    with pytest.raises(LabelConflict, match="your own"):
        record.add_second_opinion(video.pk, HAPPY, who="ada")


def test_opinions_are_what_counts_oldest_first(video):
    record.add_second_opinion(video.pk, HAPPY, who="bob")
    record.add_second_opinion(video.pk, SKIPPED, who="bob")

    decision, opinion = record.opinions(video.pk)

    assert (decision.who, decision.mood, decision.blind) == ("ada", "SAD", False)
    assert (opinion.who, opinion.action, opinion.blind) == ("bob", "skip", True)


def test_judge_settles_a_dispute_with_the_mood_that_led(video):
    record.add_second_opinion(video.pk, HAPPY, who="bob")

    assert record.label(video.pk, "SAD", who="dee", **ADMIN)
    assert not record.label(video.pk, "SAD", who="dee", **ADMIN)

    assert [opinion.who for opinion in record.opinions(video.pk)] == ["dee"]


def test_awaiting_opinion_offers_disputed_videos_first(video, make_video):
    disputed, agreed, skipped = make_video(), make_video(), make_video()
    record.label(disputed.pk, "SAD", who="ada", **ADMIN)
    record.add_second_opinion(disputed.pk, HAPPY, who="bob")
    record.label(agreed.pk, "SAD", who="ada", **ADMIN)
    record.add_second_opinion(agreed.pk, SAD, who="bob")
    record.set_label(skipped.pk, record.SKIPPED, who="ada", **ADMIN)

    assert asked("cy") == [(disputed.pk, True), (video.pk, False)]
    assert asked("bob") == [(video.pk, False)]
    assert asked("ada") == []


def test_awaiting_opinion_leaves_out_what_one_could_not_say(video):
    record.add_second_opinion(video.pk, SKIPPED, who="bob")
    assert asked("bob") == []

    record.add_second_opinion(video.pk, UNLABELLED, who="bob")
    assert asked("bob") == [(video.pk, False)]


def test_awaiting_opinion_knows_nothing_of_acts_taken_back(video):
    record.add_second_opinion(video.pk, HAPPY, who="bob")
    record.add_second_opinion(video.pk, HAPPY, who="cy")
    bobs = revert.Selection("bob")

    revert.revert(bobs, last_act=10**9, who="root")

    assert video.labels.latest("id").who == "root"  # the label is SAD again
    assert asked("bob") == asked("root") == [(video.pk, True)]
