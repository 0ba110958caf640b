"""What brings two videos together, and what must not."""

import numpy as np
import pytest

from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.similar.words import mood_closeness, mood_mix, shared_words, weigh_words

NOTHING = np.zeros(len(MOODS))


def test_weigh_words_reads_neither_links_nor_boilerplate():
    text = VideoText(
        "Rain (No Copyright Music)",
        "Subscribe to my channel!\nPiano by https://piano.example/me\nmail@rain.example",
    )
    assert weigh_words(text) == {"rain": 1.0}


@pytest.mark.parametrize("mark", ["ftp://x", "www.x", "x.com", "@x"])
def test_weigh_words_leaves_out_lines_with_any_mark_of_a_link(mark):
    text = VideoText(description=f"piano wwwhisper sitcom\nguitar {mark}\nrain")
    assert list(weigh_words(text)) == ["piano", "wwwhisper", "sitcom", "rain"]


def test_weigh_words_of_nothing_is_nothing():
    assert weigh_words(VideoText()) == {}


def test_weigh_words_is_of_length_1_and_says_most_of_the_title():
    weights = weigh_words(VideoText("Rain", "slow piano", ("wet",)))
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(1)
    assert max(weights, key=weights.get) == "rain"


def test_mood_mix_shares_1_out_between_model_and_person():
    scores = {"SAD": 0.6, "CHILL": 0.4}
    assert mood_mix(scores, None)[MOODS.index("SAD")] == pytest.approx(0.6)
    mixed = mood_mix(scores, "CHILL")
    assert mixed[MOODS.index("CHILL")] == pytest.approx(0.7)
    assert mixed.sum() == pytest.approx(1)
    assert mood_mix(None, "CHILL")[MOODS.index("CHILL")] == 1
    assert not mood_mix(None, None).any()


def test_mood_closeness_is_what_both_have():
    sad, mixed = mood_mix({"SAD": 1}, None), mood_mix({"SAD": 0.3, "CHILL": 0.7}, None)
    assert mood_closeness(sad, sad) == 1
    assert mood_closeness(sad, mixed) == pytest.approx(0.3)
    assert mood_closeness(sad, NOTHING) is None


def test_shared_words_are_the_strongest_of_both():
    left = {"rain": 0.9, "piano": 0.4, "slow": 0.1}
    right = {"piano": 0.9, "slow": 0.3, "night": 0.3}
    assert shared_words(left, right, most=5) == ["piano", "slow"]
    assert shared_words(left, right, most=1) == ["piano"]
