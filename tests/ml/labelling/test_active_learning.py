import numpy as np
import pytest

from ml.labelling.active_learning import (
    LabelledCounts,
    disagreement,
    most_useful,
    title_words,
    uncertainty,
    weakness,
)
from ml.moods.recipe import MOODS

SURE = [0.9, 0.1, 0, 0, 0, 0]
TORN = [0.5, 0.5, 0, 0, 0, 0]
NONE = np.zeros((0, 6))


def choose(words, channels=None, *, unsure=None, known=None, n=2):
    return most_useful(
        np.ones(len(words)) if unsure is None else np.array(unsure),
        [title_words([text]) for text in words],
        channels or [""] * len(words),
        known=known or LabelledCounts(),
        n=n,
    )


def test_uncertainty_is_one_between_two_equals_and_none_on_certainty():
    certain = [1, 0, 0, 0, 0, 0]
    scores = uncertainty(np.array([TORN, SURE, certain]))
    assert scores == pytest.approx([1, 0.2, 0])


def test_weakness_prefers_moods_that_the_model_misses():
    scores = weakness(np.array([SURE, TORN]), {MOODS[0]: 1.0})
    assert scores == pytest.approx([0.1, 0.5])


def test_disagreement_is_above_zero_where_another_mood_is_likelier():
    scores = disagreement(np.array([SURE, SURE, TORN]), np.array([0, 1, 0]))
    assert scores == pytest.approx([-0.8, 0.8, 0])


def test_scores_of_no_videos_are_empty():
    assert len(uncertainty(NONE)) == len(weakness(NONE, {})) == 0
    assert len(disagreement(NONE, np.zeros(0, dtype=int))) == 0


def test_title_words_ignore_case_and_join_title_and_tags():
    assert title_words(["Calm PIANO", "piano", "nuit d'été"]) == {
        "calm",
        "piano",
        "nuit",
        "d",
        "été",
    }


def test_most_useful_chooses_the_unsure_among_the_equally_new():
    assert choose(["a", "b", "c"], unsure=[0.1, 0.9, 0.5]) == [1, 2]


def test_most_useful_chooses_what_is_unlike_the_labelled():
    known = LabelledCounts()
    known.add({"calm", "piano"}, "")
    assert choose(["calm piano", "angry punk"], known=known, n=1) == [1]


def test_most_useful_counts_what_it_has_chosen_as_labelled():
    assert choose(["calm piano", "calm piano", "angry punk"]) == [0, 2]


def test_most_useful_spreads_over_channels():
    titles = [f"word{i}" for i in range(20)]
    channels = ["flood"] * 15 + list("abcde")

    chosen = choose(titles, channels, n=6)

    assert [channels[i] for i in chosen].count("flood") == 1


def test_most_useful_prefers_channels_without_labels():
    known = LabelledCounts()
    known.add(set(), "known")
    assert choose(["a", "b"], ["known", "new"], known=known, n=1) == [1]


def test_most_useful_takes_unknown_channels_for_different_ones():
    assert choose(["a", "b", "c"], ["", "", "x"], n=3) == [0, 1, 2]


def test_most_useful_gives_no_more_than_there_are():
    assert choose(["a", ""], n=5) == [0, 1]
    assert choose([], n=5) == []


def test_most_useful_equals_the_plain_greedy_choice():
    rng = np.random.default_rng(0)
    words = [" ".join(rng.choice(list("abcdefgh"), 3)) for _ in range(40)]
    channels = rng.choice(["x", "y", "z", ""], 40).tolist()
    unsure = rng.random(40)

    lazily = choose(words, channels, unsure=unsure, n=10)

    in_videos = [title_words([text]) for text in words]
    assert lazily == plainly(unsure, in_videos, channels, n=10)


def plainly(unsure, words, channels, *, n):
    """The same choice, with the worth of all computed anew at each step."""
    known, chosen = LabelledCounts(), []
    count = {w: sum(w in each for each in words) for each in words for w in each}
    rarity = {w: np.log1p(len(words) / k) for w, k in count.items()}

    def worth(i):
        new = sum(rarity[w] / (1 + known.words[w]) for w in words[i])
        weights = sum(rarity[w] for w in words[i])
        return unsure[i] * new / weights / (1 + known.channels[channels[i]])

    while len(chosen) < n:
        left = [i for i in range(len(words)) if i not in chosen]
        chosen.append(max(left, key=worth))
        known.add(words[chosen[-1]], channels[chosen[-1]])
    return chosen
