import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from songs.labelling import agreement, record, revert
from songs.labelling.agreement import ENOUGH, AgreementShare
from songs.labelling.record import SKIPPED, LabelState

MOODS = ["SAD", "HAPPY", "CHILL"]


def decide(video, mood, who="ada", source="admin"):
    record.label(video.pk, mood, who=who, source=source)


def opine(video, mood, who="bob"):
    record.add_second_opinion(video.pk, LabelState(mood, True), who=who)


def said(moods, who):
    """The ratings of one person, video by video; None where there is none."""
    return [(f"V{n}", who, mood) for n, mood in enumerate(moods) if mood]


@pytest.fixture
def two_people():
    """What two people say of 60 videos, alike two times of three."""
    chance = np.random.default_rng(2)
    one = chance.choice(MOODS, size=60)
    other = np.where(chance.random(60) < 2 / 3, one, chance.choice(MOODS, size=60))
    return one.tolist(), other.tolist()


def test_ratings_are_a_decision_and_the_blind_opinions_on_it(make_video):
    video, alone = make_video(), make_video()
    decide(video, "SAD")
    decide(alone, "SAD")
    opine(video, "HAPPY", "bob")
    opine(video, "CHILL", "bob")
    record.add_second_opinion(video.pk, SKIPPED, who="cy")

    assert agreement.ratings() == [(video.pk, "ada", "SAD"), (video.pk, "bob", "CHILL")]


def test_ratings_leave_out_decisions_that_knew_another(make_video):
    video = make_video()
    decide(video, "CHILL")
    decide(video, "SAD")  # she corrects herself
    opine(video, "HAPPY")
    decide(video, "HAPPY")  # she has heard of the dispute
    decide(video, "HAPPY", who="dee")

    assert agreement.ratings() == [(video.pk, "ada", "SAD"), (video.pk, "bob", "HAPPY")]


def test_ratings_leave_out_accepted_suggestions(make_video):
    video = make_video()
    decide(video, "SAD", source="suggestion")
    opine(video, "HAPPY")

    assert agreement.ratings() == [(video.pk, "bob", "HAPPY")]


def test_ratings_leave_out_what_was_taken_back(make_video):
    video = make_video()
    decide(video, "SAD")
    opine(video, "HAPPY", "bob")
    opine(video, "HAPPY", "cy")
    bobs = revert.Selection("bob")
    revert.revert(bobs, last_act=10**9, who="root")

    assert [who for _, who, _ in agreement.ratings()] == ["ada", "cy"]


def test_measure_is_kappa_for_a_pair(two_people):
    one, other = two_people
    measured = agreement.measure(said(one, "ada") + said(other, "bob"))

    (pair,) = measured.pairs
    assert pair.people == ("ada", "bob")
    assert pair.observed == np.mean([a == b for a, b in zip(one, other, strict=True)])
    assert pair.kappa.value == pytest.approx(cohen_kappa_score(one, other))
    assert pair.kappa.interval.low < pair.kappa.value < pair.kappa.interval.high
    sad = pair.by_mood[agreement.MOODS.index("SAD")]
    is_sad = [[mood == "SAD" for mood in moods] for moods in two_people]
    assert sad.value == pytest.approx(cohen_kappa_score(*is_sad))


def test_measure_by_mood_tells_one_mood_from_the_rest(two_people):
    one, other = two_people
    measured = agreement.measure(said(one, "ada") + said(other, "bob"))

    by_mood = {of.mood: of for of in measured.moods}
    sad, angry = by_mood["SAD"], by_mood["ANGRY"]
    both = sum(a == b == "SAD" for a, b in zip(one, other, strict=True))
    assert sad.observed == pytest.approx(2 * both / (one + other).count("SAD"))
    assert 0 < sad.alpha.value < 1
    assert (angry.observed, angry.alpha.value, angry.alpha.missing) == (None, None, 20)


def test_measure_counts_videos_with_two_ratings(two_people):
    one, other = two_people
    other[:10] = [None] * 10

    measured = agreement.measure(said(one, "ada") + said(other, "bob"))

    assert measured.alpha.videos == measured.pairs[0].kappa.videos == 50


def test_measure_gives_no_coefficient_for_too_few():
    few = ["SAD", "HAPPY"] * (ENOUGH // 2 - 1)

    measured = agreement.measure(said(few, "ada") + said(few, "bob"))

    assert measured.observed == 1
    assert (measured.alpha.value, measured.alpha.missing) == (None, 2)
    assert measured.pairs[0].kappa.value is None


def test_measure_puts_pairs_that_share_most_first():
    rated = said(["SAD"] * 3, "ada") + said(["SAD"], "bob") + said(["SAD"] * 2, "cy")

    pairs = [pair.people for pair in agreement.measure(rated).pairs]

    assert pairs == [("ada", "cy"), ("ada", "bob"), ("bob", "cy")]


def test_measure_nothing():
    measured = agreement.measure([])

    assert (measured.observed, measured.alpha.videos, measured.pairs) == (None, 0, [])


def test_with_others_compares_each_person_with_every_other():
    rated = said(["SAD", "SAD", "SAD"], "ada") + said(["SAD", "CHILL"], "bob")
    rated += said(["SAD"], "cy")

    assert agreement.with_others(rated) == {
        "ada": AgreementShare(2, 3),
        "bob": AgreementShare(2, 3),
        "cy": AgreementShare(2, 2),
    }


def test_disputed_are_those_without_a_majority(make_video):
    video, settled = make_video(), make_video()
    for each in (video, settled):
        decide(each, "SAD")
        opine(each, "HAPPY")
    opine(settled, "HAPPY", "cy")

    assert agreement.disputed() == {video.pk: {"SAD": 1, "HAPPY": 1}}


def test_disputed_names_the_label_first(make_video):
    video = make_video()
    decide(video, "CHILL")
    for who, mood in [("a", "SAD"), ("b", "HAPPY"), ("c", "HAPPY"), ("d", "SAD")]:
        opine(video, mood, who)

    (votes,) = agreement.disputed().values()

    video.refresh_from_db()
    assert list(votes) == [video.moods, "HAPPY", "CHILL"]
