"""Vectors of videos in a space that is fitted on them."""

import numpy as np
import pytest

from ml.moods.text import VideoText
from ml.similar.space import N_DIMS, WordSpace, embed, fit_space
from ml.similar.words import weigh_words

PIANO = [VideoText(f"Rain {n}", "slow piano", ("piano", "rain")) for n in "abc"]
METAL = [VideoText(f"Fury {n}", "fast metal", ("metal", "guitar")) for n in "abc"]


def vectors(texts, moods=None):
    weighed = [weigh_words(text) for text in texts]
    space = fit_space([weighed], seed=0)
    return embed(space, weighed, np.zeros((len(texts), 6)) if moods is None else moods)


def test_embed_puts_videos_with_the_same_words_together():
    placed = vectors(PIANO + METAL)
    near = placed @ placed.T
    assert placed.shape == (6, N_DIMS)
    assert np.linalg.norm(placed, axis=1) == pytest.approx(np.ones(6))
    assert near[:3, :3].min() > near[:3, 3:].max() + 0.5


def test_embed_puts_videos_with_the_same_moods_together():
    moods = np.eye(6)[[0, 0, 5]]
    placed = vectors([PIANO[0], PIANO[1], PIANO[2]], moods)
    near = placed @ placed.T
    assert near[0, 1] > near[0, 2] + 0.3


def test_embed_of_nothing_known_is_zeros():
    weighed = [weigh_words(PIANO[0]), weigh_words(VideoText("zzz"))]
    space = fit_space([weighed[:1]], seed=0)
    placed = embed(space, weighed, np.zeros((2, 6)))
    assert placed[0].any()
    assert not placed[1].any()
    assert embed(space, [], np.zeros((0, 6))).shape == (0, N_DIMS)


def test_space_is_the_same_after_bytes_and_for_the_same_seed():
    weighed = [weigh_words(text) for text in PIANO + METAL]
    space = fit_space([weighed], seed=0)
    again = WordSpace.from_bytes(space.to_bytes())
    assert np.array_equal(again.directions, space.directions)
    pages = [weighed[:2], weighed[2:]]
    assert np.array_equal(fit_space(pages, seed=0).directions, space.directions)


def test_space_of_nothing_has_no_directions():
    assert fit_space([], seed=0).directions.shape[1] == 0
    assert fit_space([[{}]], seed=0).directions.shape[1] == 0


def test_space_finds_the_directions_of_an_exact_decomposition():
    rng = np.random.default_rng(1)
    words = [f"word{n}" for n in range(300)]
    weighed = [
        dict(zip(rng.choice(words, 12, replace=False), rng.random(12), strict=True))
        for _ in range(200)
    ]
    found = fit_space([weighed], seed=0).directions.astype(float)[:, :10]
    assert found.T @ found == pytest.approx(np.eye(10), abs=0.01)
