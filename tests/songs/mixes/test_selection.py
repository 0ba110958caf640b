"""The choice and the order of a mix: what holds for any catalogue, however odd."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from songs.mixes.selection import CHANCE_LEVEL, MixRequest, Track, curve_position, mix

MOODS = ["HAPPY", "IN-LOVE", "SAD", "CONFIDENT-SASSY", "CHILL", "ANGRY"]
CURVE = ("CHILL", "HAPPY")
TWO = MixRequest({"CHILL": 0.7, "HAPPY": 0.3}, 45, "2026-11-21")
ODD = range(60)  # catalogues


def track(number=1, **fields):
    """A chill track of 200 seconds, the only one of its channel."""
    plain = {
        "video_id": f"VIDEO{number:06}",
        "channel_id": f"UC{number}",
        "song": f"song{number}",
        "seconds": 200,
        "mood": "CHILL",
        "by_person": True,
        "scores": {},
    }
    return Track(**plain | fields)


def odd(seed):
    """A request and tracks: few or many, long or short, channels large or small."""
    rng = random.Random(seed)
    moods = rng.sample(MOODS, rng.randint(1, 6))
    parts = [rng.paretovariate(1) for _ in moods]
    shares = {mood: part / sum(parts) for mood, part in zip(moods, parts, strict=True)}
    curve = (
        tuple(rng.sample(moods, 2)) if len(moods) > 1 and rng.random() < 0.5 else None
    )
    others = frozenset(MOODS) - set(moods)
    exclude = others if rng.random() < 0.5 else frozenset()
    minutes = rng.choice([1, 2, 5, 20, 45, 90, 600])
    n_tracks, n_channels = rng.choice([0, 1, 3, 20, 400]), rng.choice([1, 2, 5, 300])
    shape = rng.choice([0.0, 0.3, 1.5])  # of the lengths
    tracks = [any_track(rng, i, moods, n_channels, shape) for i in range(n_tracks)]
    return MixRequest(shares, minutes, str(seed), exclude, curve), tracks


def any_track(rng, number, moods, n_channels, shape):
    parts = [rng.paretovariate(1) for _ in MOODS]
    return track(
        number,
        channel_id=f"UC{rng.randrange(n_channels)}",
        song=rng.choice(["", f"song{rng.randrange(200)}"]),
        seconds=max(1, int(rng.lognormvariate(5.3, shape))),
        mood=rng.choice(moods),
        by_person=rng.random() < 0.3,
        scores={m: p / sum(parts) for m, p in zip(MOODS, parts, strict=True)},
    )


def chosen(made):
    return [slot.track for slot in made.slots]


@pytest.mark.parametrize("seed", ODD)
def test_mix_has_no_track_or_song_twice_and_keeps_channels_apart(seed):
    tracks = chosen(mix(*odd(seed)))
    songs = [t.song for t in tracks if t.song]
    assert len(set(tracks_ids := [t.video_id for t in tracks])) == len(tracks_ids)
    assert len(set(songs)) == len(songs)
    assert max(Counter(t.channel_id for t in tracks).values(), default=0) <= 2
    assert all(a.channel_id != b.channel_id for a, b in pairwise(tracks))


@pytest.mark.parametrize("seed", ODD)
def test_mix_fills_the_time_or_says_what_is_short(seed):
    request, tracks = odd(seed)
    made = mix(request, tracks)
    assert made.seconds <= request.seconds + made.tolerance
    assert made.complete or any(part.short for part in made.parts)
    if made.complete:
        assert abs(made.seconds - request.seconds) <= made.tolerance
    for part in filter(lambda part: part.short, made.parts):
        unused = part.excluded + part.channel_full + part.repeated + part.too_long
        assert len(part.chosen) + unused == part.candidates


@pytest.mark.parametrize("seed", ODD)
def test_mix_has_no_track_that_is_too_long_or_likely_of_an_excluded_mood(seed):
    request, tracks = odd(seed)
    for one in chosen(mix(request, tracks)):
        assert one.seconds <= request.longest
        if not one.by_person:
            most = max((one.scores[mood] for mood in request.exclude), default=0)
            assert most <= CHANCE_LEVEL


@pytest.mark.parametrize("seed", ODD)
def test_mix_is_the_same_in_whatever_order_the_tracks_come(seed):
    request, tracks = odd(seed)
    shuffled = random.Random(seed).sample(tracks, len(tracks))
    assert mix(request, shuffled).slots == mix(request, tracks).slots


@pytest.fixture
def many():
    """Enough of all moods, each track of its own channel."""
    rng = random.Random(1)
    tracks = [any_track(rng, i, MOODS, 10**9, 0.4) for i in range(3000)]
    return [replace(one, song="") for one in tracks if one.mood in TWO.shares]


@pytest.mark.parametrize("minutes", [10, 45, 600])
def test_mix_of_many_tracks_keeps_time_and_shares(many, minutes):
    made = mix(replace(TWO, minutes=minutes), many)
    assert made.complete
    assert abs(made.seconds - 60 * minutes) <= 20
    for part in made.parts:
        assert abs(part.seconds - part.asked) <= made.tolerance


@pytest.mark.parametrize("curve", [CURVE, CURVE[::-1]])
def test_curve_moves_without_a_step_back_from_one_end_to_the_other(many, curve):
    way = [slot.curve_position for slot in mix(replace(TWO, curve=curve), many).slots]
    assert way == sorted(way)
    assert way[0] < 0.15
    assert way[-1] > 0.85
    assert max(b - a for a, b in pairwise(way)) < 0.35


def test_without_a_curve_the_shares_hold_all_along(many):
    tracks = chosen(mix(replace(TWO, minutes=600), many))
    for at in range(0, len(tracks) - 20, 20):
        n_happy = sum(one.mood == "HAPPY" for one in tracks[at : at + 20])
        assert 3 <= n_happy <= 10


def test_another_seed_is_another_list(many):
    first, second = (mix(replace(TWO, seed=seed), many) for seed in "ab")
    shared = set(map(id, chosen(first))) & set(map(id, chosen(second)))
    assert len(shared) < len(first.slots) / 2


def test_surer_tracks_are_likelier(many):
    guesses = [one for one in many if not one.by_person]
    sure = sum(one.scores[one.mood] for one in guesses) / len(guesses)
    lists = [chosen(mix(replace(TWO, seed=str(n)), guesses)) for n in range(20)]
    scores = [one.scores[one.mood] for tracks in lists for one in tracks]
    assert sum(scores) / len(scores) > sure + 0.05


def test_what_a_person_says_stands_against_the_model():
    scores = {"CHILL": 0.1, "HAPPY": 0.4, "ANGRY": 0.5}
    labelled = track(scores=scores)
    guessed = track(2, by_person=False, scores=scores)
    request = replace(
        TWO, shares={"CHILL": 1.0}, exclude=frozenset({"ANGRY"}), minutes=7
    )
    assert chosen(mix(request, [labelled, guessed])) == [labelled]
    assert curve_position(labelled, CURVE) == 0.5
    assert curve_position(guessed, CURVE) == 0.8


@pytest.mark.parametrize(
    ("mood", "expected"), [("CHILL", 0), ("HAPPY", 1), ("SAD", 0.5)]
)
def test_lean_where_the_model_said_nothing(mood, expected):
    assert curve_position(track(mood=mood), CURVE) == expected


def test_two_of_a_channel_are_kept_apart_by_the_third():
    request = replace(TWO, shares={"CHILL": 1.0}, minutes=10)
    tracks = [track(1, channel_id="UC"), track(2, channel_id="UC"), track(3)]
    assert [one.channel_id for one in chosen(mix(request, tracks))] == [
        "UC",
        "UC3",
        "UC",
    ]


def test_parts_count_why_tracks_were_left_out():
    request = replace(TWO, shares={"CHILL": 1.0}, exclude=frozenset({"SAD"}))
    sad = {"CHILL": 0.6, "SAD": 0.4}
    left_out = [
        track(4, channel_id="UC1"),  # the third of its channel
        track(5, channel_id="UC1"),
        track(6, song="song2"),
        track(7, seconds=request.longest + 1),
        track(8, by_person=False, scores=sad),
    ]
    same = [track(1), track(2), track(3, channel_id="UC1")]
    (part,) = mix(request, [*same, *left_out]).parts
    assert part.short
    assert len(part.chosen) == 3
    counts = part.candidates, part.channel_full, part.repeated
    assert (*counts, part.too_long, part.excluded) == (8, 2, 1, 1, 1)
