from datetime import date

import pytest

from songs.mixes.request import MINUTES, parse_mix_request
from songs.mixes.selection import MixRequest
from songs.models import Mood
from web.parameters import BadParameters

TODAY = date(2026, 11, 21)


def test_parse_mix_request_of_nothing_is_all_moods_in_equal_shares():
    request = parse_mix_request({}, today=TODAY)
    shares = dict.fromkeys(Mood.values, 1 / 6)
    assert request == MixRequest(shares, MINUTES, "2026-11-21")


def test_parse_mix_request_makes_shares_add_up():
    values = {"mood": "chill:0.33,happy:0.66", "minutes": "30", "seed": "x"}
    request = parse_mix_request(values, today=TODAY)
    assert sum(request.shares.values()) == pytest.approx(1)
    assert (request.minutes, request.seed) == (30, "x")


def test_parse_mix_request_reads_a_curve_of_moods_with_dashes():
    request = parse_mix_request({"curve": "in-love-confident-sassy"}, today=TODAY)
    assert request.curve == ("IN-LOVE", "CONFIDENT-SASSY")
    assert set(request.shares) == set(request.curve)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"mood": "CHILL:0.7,HAPPY:0.5", "minutes": "0"}, ["minutes", "mood"]),
        ({"mood": "CHILL:0.7,HAPPY"}, ["mood"]),
        ({"mood": "CHILL:nan,HAPPY:1"}, ["mood"]),
        ({"mood": "CHILL,chill"}, ["mood"]),
        ({"mood": "CHILL", "exclude": "chill"}, ["exclude"]),
        ({"mood": "CHILL", "curve": "chill-sad"}, ["curve"]),
        ({"curve": "sad-sad"}, ["curve"]),
        ({"exclude": ",".join(Mood.values)}, ["exclude"]),
    ],
)
def test_parse_mix_request_names_what_is_wrong(values, named):
    with pytest.raises(BadParameters) as wrong:
        parse_mix_request(values, today=TODAY)
    assert sorted(wrong.value.errors) == named
