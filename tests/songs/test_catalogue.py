import pytest
from django.db import IntegrityError

from songs import catalogue
from songs.models import Mood, NewVideo

VIDEO = {"title": "Rain", "description": None, "who": "mia"}


def test_add_video_stores_the_video_and_the_judgement(db):
    catalogue.add_video("abcDEF_-123", mood="CHILL", **VIDEO)
    video = NewVideo.objects.get()
    assert (video.video_title, video.moods, video.labeled) == ("Rain", "CHILL", True)


def test_add_video_stores_both_or_neither(db):
    with pytest.raises(IntegrityError):
        catalogue.add_video("abcDEF_-123", mood="NO-MOOD", **VIDEO)
    assert not NewVideo.objects.exists()


def test_add_video_leaves_the_one_that_is_there(make_video):
    make_video(video_title="Mine")
    with pytest.raises(catalogue.AlreadyThere):
        catalogue.add_video("VIDEO000001", mood="SAD", **VIDEO)
    video = NewVideo.objects.get()
    assert (video.video_title, video.moods) == ("Mine", None)


def test_counts_of_an_empty_catalogue_are_zero(db):
    counts = catalogue.counts()
    assert (counts.videos, counts.by_people, counts.by_model) == (0, 0, 0)
    assert [(m.by_people, m.by_model) for m in counts.moods] == [(0, 0)] * len(Mood)


def test_counts_tell_people_and_model_apart(make_video, predicted):
    make_video(moods="SAD", labeled=True, **predicted("HAPPY", 0.5))
    make_video(labeled=False, **predicted("HAPPY", 0.5))
    make_video()
    counts = catalogue.counts()
    by_mood = {m.mood: (m.by_people, m.by_model) for m in counts.moods}
    assert (counts.videos, counts.by_people, counts.by_model) == (3, 1, 2)
    assert (by_mood[Mood.HAPPY], by_mood[Mood.SAD]) == ((0, 2), (1, 0))
