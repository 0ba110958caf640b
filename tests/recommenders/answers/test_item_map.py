from itertools import pairwise
from math import dist

import pytest

from recommenders.answers.item_map import GAP, HEIGHT, WIDTH, lay_out

TEN = {key: 50.0 - key for key in range(10)}


def test_lay_out_of_nothing_is_empty():
    assert lay_out({}, {}).points == []


def test_lay_out_is_the_same_each_time():
    near = {1: [2, 5], 3: [9]}
    assert lay_out(TEN, near) == lay_out(dict(TEN), dict(near))


def test_lay_out_puts_the_closest_nearest_to_the_middle():
    places = {place.key: place for place in lay_out(TEN, {}).points}
    away = {
        key: dist((place.x, place.y), (WIDTH / 2, HEIGHT / 2))
        for key, place in places.items()
    }
    assert away[0] == min(away.values())
    assert places[0].size > places[9].size


@pytest.mark.parametrize("closeness", [TEN, dict.fromkeys(range(10), 7.0)])
def test_lay_out_keeps_names_apart_and_inside(closeness):
    places = lay_out(closeness, {}).points
    for left in (True, False):
        ys = sorted(place.y for place in places if place.left is left)
        assert all(b - a >= GAP - 0.2 for a, b in pairwise(ys))
    assert all(0 < place.y < HEIGHT for place in places)


def test_lay_out_joins_those_that_are_close_once():
    links = lay_out(TEN, {1: [2, 77], 2: [1]}).links
    assert len(links) == 1
