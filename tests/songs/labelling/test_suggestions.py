"""Suggestions: kept once a day, reviewed, and a label only when accepted."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from songs.labelling import record, suggestions
from songs.labelling.record import UNLABELLED, LabelConflict, LabelState
from songs.models import Mood, MoodLabel, MoodSuggestion, NewVideo
from songs.models.video import Gone

NOW = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
EVERYTHING = 10**9  # a reviewer who was shown all suggestions
REVIEW = {"who": "ada", "expected": UNLABELLED, "shown": EVERYTHING}


def suggest(video, mood, number=1, *, now=NOW):
    return suggestions.suggest(video.pk, mood, address=f"192.0.2.{number}", now=now)


def said(video):
    return LabelState.of(NewVideo.objects.get(pk=video.pk))


def verdicts(video):
    rows = video.suggestions.order_by("id").values_list("mood", "verdict")
    return [(mood, verdict) for mood, verdict in rows]


def test_suggest_keeps_the_digest_and_changes_no_label(make_video):
    video = make_video()
    suggestion, new = suggest(video, Mood.SAD)

    kept = MoodSuggestion.objects.get()
    assert new
    assert (kept, kept.verdict, kept.day) == (suggestion, None, NOW.date())
    assert re.fullmatch("[0-9a-f]{64}", kept.address)
    assert said(video) == UNLABELLED
    assert not MoodLabel.objects.exists()


def test_suggest_keeps_the_first_of_a_day(make_video):
    video = make_video()
    suggest(video, Mood.SAD)

    suggestion, new = suggest(video, Mood.ANGRY)

    assert (suggestion.mood, new) == (Mood.SAD, False)
    assert suggest(video, Mood.ANGRY, now=NOW + timedelta(seconds=1))[1]
    assert suggest(video, Mood.ANGRY, number=2)[1]
    assert suggest(make_video(), Mood.ANGRY)[1]


@pytest.mark.django_db(transaction=True)
def test_suggest_many_times_at_once_is_one_suggestion(make_video):
    video = make_video()

    def at_once(mood):
        try:
            return suggest(video, mood)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(at_once, [*Mood] * 5))
    kept = MoodSuggestion.objects.get()
    assert sum(new for _, new in answers) == 1
    assert {suggestion.mood for suggestion, _ in answers} == {kept.mood}


@pytest.mark.django_db(transaction=True)
def test_suggest_for_a_video_that_is_not_there_keeps_nothing():
    with pytest.raises(NewVideo.DoesNotExist):
        suggestions.suggest("NOSUCHVIDEO", Mood.SAD, address="192.0.2.1")
    assert not MoodSuggestion.objects.exists()


@pytest.mark.parametrize(
    "columns",
    [
        {"address": "a"},
        {"mood": "SLEEPY"},
        {"verdict": "accepted"},
        {"verdict": "perhaps", "reviewed_by": "ada", "reviewed_at": NOW},
        {"reviewed_by": "ada"},
    ],
)
def test_database_refuses_a_suggestion_that_is_none(make_video, columns):
    row = {"video": make_video(), "mood": "SAD", "address": "b", "day": NOW, "at": NOW}
    MoodSuggestion.objects.create(**row | {"address": "a"})
    with pytest.raises(IntegrityError), transaction.atomic():
        MoodSuggestion.objects.create(**row | columns)


def test_accept_labels_and_settles_what_was_suggested(make_video):
    video = make_video()
    for number, mood in enumerate([Mood.SAD, Mood.CHILL, Mood.SAD]):
        suggest(video, mood, number)

    assert suggestions.accept(video.pk, Mood.SAD, **REVIEW) == 3

    label = video.labels.get()
    assert (label.mood, label.who, label.source) == ("SAD", "ada", "suggestion")
    assert said(video) == LabelState("SAD", True)
    assert verdicts(video) == [
        ("SAD", "accepted"),
        ("CHILL", "rejected"),
        ("SAD", "accepted"),
    ]
    assert {row.reviewed_by for row in video.suggestions.all()} == {"ada"}
    assert record.differing_from_history() == []


def test_accept_of_the_label_it_has_settles_too(make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")
    suggest(video, Mood.SAD)

    suggestions.accept(video.pk, Mood.SAD, **REVIEW | {"expected": said(video)})

    assert verdicts(video) == [("SAD", "accepted")]
    assert said(video) == LabelState("SAD", True)


def test_reject_settles_one_mood_and_labels_nothing(make_video):
    video = make_video()
    suggest(video, Mood.SAD)
    suggest(video, Mood.CHILL, 2)

    assert suggestions.reject(video.pk, Mood.SAD, **REVIEW) == 1

    assert verdicts(video) == [("SAD", "rejected"), ("CHILL", None)]
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize("review", [suggestions.accept, suggestions.reject])
def test_review_of_a_label_that_changed_meanwhile_is_a_conflict(make_video, review):
    video = make_video()
    suggest(video, Mood.SAD)
    record.label(video.pk, "HAPPY", who="bob", source="admin")

    with pytest.raises(LabelConflict):
        review(video.pk, Mood.SAD, **REVIEW)

    assert verdicts(video) == [("SAD", None)]
    assert said(video) == LabelState("HAPPY", True)


@pytest.mark.parametrize("review", [suggestions.accept, suggestions.reject])
def test_review_of_what_somebody_reviewed_changes_nothing(make_video, review):
    video = make_video()
    suggest(video, Mood.SAD)
    suggestions.reject(video.pk, Mood.SAD, **REVIEW | {"who": "bob"})

    with pytest.raises(suggestions.AlreadyReviewed):
        review(video.pk, Mood.SAD, **REVIEW)

    assert said(video) == UNLABELLED
    assert video.suggestions.get().reviewed_by == "bob"


@pytest.mark.parametrize("mood", [Mood.SAD, Mood.CHILL])
def test_accept_leaves_what_came_after_the_page_waiting(make_video, mood):
    video = make_video()
    shown = suggest(video, Mood.SAD)[0].pk
    suggest(video, mood, 2)

    suggestions.accept(video.pk, Mood.SAD, **REVIEW | {"shown": shown})

    assert verdicts(video) == [("SAD", "accepted"), (mood, None)]


def test_accepted_is_each_mood_of_an_offered_video_once(make_video):
    first, second, gone = (make_video() for _ in range(3))
    for video in (first, first, second, gone):
        suggest(video, Mood.SAD, number=MoodSuggestion.objects.count())
        state = {"expected": said(video)}
        suggestions.accept(video.pk, Mood.SAD, **REVIEW | state)
    NewVideo.objects.filter(pk=gone.pk).update(gone_since=NOW, gone_why=Gone.LICENCE)

    titles = [
        (row["video_title"], row["correct_moods"]) for row in suggestions.accepted()
    ]
    assert titles == [("Song 2", "SAD"), ("Song 1", "SAD")]
