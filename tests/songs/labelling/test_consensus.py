"""The rule of the label in SQL, against the same rule told a second time in Python."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from songs.labelling import consensus
from songs.models import LabelRevert, MoodLabel, NewVideo

PEOPLE = ["ada", "bob", "cy", "dee"]
SOURCES = ["admin", "import", "second", "second", "second", "revert"]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {video_id: tuple(columns) for video_id, *columns in cursor.fetchall()}


def act(video, code, minute=0):
    """`ada SAD` decides, `ada? SAD` is an opinion; `-` skips and `x` clears."""
    who, said = code.split()
    return MoodLabel(
        video=video,
        who=who.removesuffix("?"),
        source="second" if who.endswith("?") else "admin",
        action={"-": "skip", "x": "clear"}.get(said, "label"),
        mood=None if said in "-x" else said,
        at=BEGIN + timedelta(minutes=minute),
    )


def votes_of(acts):
    """The moods that count, oldest first, and what is left if there are none."""
    left, opinions, decided = (None, None), {}, []
    for a in sorted(acts, key=lambda a: (a.at, a.id)):
        if a.source != "second":
            decided, opinions = [a], {}
        elif not decided or (decided[0].mood and decided[0].who != a.who):
            opinions.pop(a.who, None)  # the last word of a person, at its time
            opinions[a.who] = a
    if decided and decided[0].action == "skip":
        left = (None, False)
    return [a.mood for a in [*decided, *opinions.values()] if a.mood], left


def folded(acts):
    votes, left = votes_of(acts)
    return (Counter(votes).most_common(1)[0][0], True) if votes else left


def is_disputed(acts):
    counts = Counter(votes_of(acts)[0]).most_common(2)
    return len(counts) == 2 and counts[0][1] == counts[1][1]


def random_acts(video, chance):
    for _ in range(chance.randint(1, 9)):
        said = chance.choice(["SAD", "SAD", "HAPPY", "CHILL", "-", "x"])
        new = act(video, f"{chance.choice(PEOPLE)} {said}", chance.randint(0, 5))
        new.source = chance.choice(SOURCES)
        yield new


def revert(acts, chance, **undone):
    """Take some acts back at random; returns them."""
    made = LabelRevert.objects.create(
        who="root", at=BEGIN, whose=str(chance.random()), **undone
    )
    taken = chance.sample(acts, len(acts) // 5)
    made.acts.set(taken)
    return taken


@pytest.fixture
def history(db):
    """Acts of 300 videos at random, several at the same time; a fifth is taken back."""
    chance = random.Random(6)
    videos = NewVideo.objects.bulk_create(
        NewVideo(video_id=f"VIDEO{n:06}", origin="import") for n in range(300)
    )
    acts = [act for video in videos for act in random_acts(video, chance)]
    chance.shuffle(acts)
    acts = MoodLabel.objects.bulk_create(acts)
    revert(acts, chance, undone_by="root", undone_at=BEGIN)
    taken = {act.pk for act in revert(acts, chance)}
    by_video = defaultdict(list)
    for stored in acts:
        if stored.pk not in taken and stored.source != "revert":
            by_video[stored.video_id].append(stored)
    return by_video


def test_fold_is_the_rule_told_in_python(history):
    expected = {video_id: folded(acts) for video_id, acts in history.items()}

    assert rows(consensus.fold()) == expected
    assert len(set(expected.values())) == 5  # three moods, skipped and unseen


def test_tally_counts_the_votes_and_finds_the_disputed(history):
    expected = {
        video_id: (len(votes), is_disputed(acts))
        for video_id, acts in history.items()
        if (votes := votes_of(acts)[0])
    }

    assert rows(consensus.tally("true")) == expected
    assert len(set(expected.values())) > 5


@pytest.mark.parametrize(
    ("codes", "label"),
    [
        ("ada SAD, bob? HAPPY", ("SAD", True)),
        ("ada SAD, bob? HAPPY, cy? HAPPY", ("HAPPY", True)),
        ("ada SAD, ada? HAPPY, cy? HAPPY", ("SAD", True)),  # a person has one vote
        ("ada SAD, bob? HAPPY, cy? CHILL, bob? CHILL", ("CHILL", True)),
        ("ada SAD, bob? HAPPY, cy? HAPPY, ada SAD", ("SAD", True)),  # decided anew
        ("ada SAD, bob? HAPPY, cy? HAPPY, bob? x", ("SAD", True)),
        ("ada SAD, bob? -, cy? -", ("SAD", True)),
        ("ada -, bob? HAPPY", (None, False)),
        ("ada SAD, ada x, bob? HAPPY", (None, None)),
        ("bob? HAPPY, cy? SAD, dee? SAD", ("SAD", True)),
        ("bob? -", (None, None)),
    ],
)
def test_fold_of(make_video, codes, label):
    video = make_video()
    MoodLabel.objects.bulk_create(
        act(video, code, minute) for minute, code in enumerate(codes.split(", "))
    )

    assert rows(consensus.fold()) == {video.pk: label}
