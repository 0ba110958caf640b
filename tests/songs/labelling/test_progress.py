from datetime import timedelta

import pytest
from django.utils import timezone

from songs.labelling import record
from songs.labelling.progress import progress
from songs.labelling.revert import Selection, revert
from songs.models import Mood, MoodLabel

ADMIN = {"who": "ada", "source": "admin"}


@pytest.fixture
def make_guessed(make_video, predicted):
    return lambda mood=Mood.SAD: make_video(**predicted(mood, 0.6))


def test_progress_counts_todays_labels_of_one_person(make_guessed):
    for mood in ("SAD", "SAD", "CHILL"):
        record.label(make_guessed().pk, mood, **ADMIN)
    record.set_label(make_guessed().pk, record.SKIPPED, **ADMIN)
    record.label(make_guessed().pk, "SAD", who="bob", source="admin")

    found = progress("ada")

    assert {m: n for m, n in found.today.items() if n} == {"SAD": 2, "CHILL": 1}
    assert {m: n for m, n in found.total.items() if n} == {"SAD": 3, "CHILL": 1}
    assert list(found.total) == list(found.today) == Mood.values


def test_progress_counts_each_video_once_and_none_taken_back(make_guessed):
    twice, undone = make_guessed(), make_guessed()
    record.label(twice.pk, "CHILL", **ADMIN)
    record.label(twice.pk, "SAD", **ADMIN)
    record.label(undone.pk, "SAD", **ADMIN)
    record.set_label(undone.pk, record.UNLABELLED, **ADMIN)

    found = progress("ada")

    assert found.today["SAD"] == 1
    assert found.agreed == [True]


def test_progress_counts_no_act_that_somebody_took_back(make_guessed):
    record.label(make_guessed().pk, "SAD", **ADMIN)

    revert(Selection(whose="ada"), last_act=MoodLabel.objects.last().pk, who="root")

    assert sum(progress("ada").today.values()) == 0


def test_progress_of_today_ends_at_midnight(make_guessed):
    record.label(make_guessed().pk, "SAD", **ADMIN)

    tomorrow = progress("ada", now=timezone.now() + timedelta(days=1))

    assert sum(tomorrow.today.values()) == 0
    assert tomorrow.total["SAD"] == 1


def test_progress_leaves_imported_labels_out_of_today(make_guessed):
    record.label(make_guessed().pk, "SAD", who="ada", source="import")
    assert sum(progress("ada").today.values()) == 0


def test_agreement_is_in_the_order_of_the_labels(make_guessed):
    videos = [make_guessed() for _ in range(3)]
    for video, mood in zip(videos[::-1], ("SAD", "CHILL", "SAD"), strict=True):
        record.label(video.pk, mood, **ADMIN)

    assert progress("ada").agreed == [True, False, True]


def test_agreement_needs_a_prediction_that_the_person_could_see(
    make_video, make_guessed
):
    record.label(make_video().pk, "SAD", **ADMIN)
    other = make_guessed()
    record.label(other.pk, "SAD", who="bob", source="admin")
    record.add_second_opinion(other.pk, record.LabelState("SAD", True), who="ada")

    found = progress("ada")

    assert found.agreed == []
    assert found.today["SAD"] == 2


def test_progress_takes_two_queries(make_guessed, django_assert_num_queries):
    for _ in range(3):
        record.label(make_guessed().pk, "SAD", **ADMIN)
    assert MoodLabel.objects.count() == 3
    with django_assert_num_queries(2):
        progress("ada")
