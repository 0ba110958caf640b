import pytest
from django.db import IntegrityError

from songs.ingestion import add_video
from songs.models import NewVideo

VIDEO = {"title": "Rain", "description": None, "who": "mia"}


def test_add_video_stores_the_video_and_the_judgement(db):
    add_video.add_video("abcDEF_-123", mood="CHILL", **VIDEO)
    video = NewVideo.objects.get()
    assert (video.video_title, video.moods, video.labeled) == ("Rain", "CHILL", True)


def test_add_video_stores_both_or_neither(db):
    with pytest.raises(IntegrityError):
        add_video.add_video("abcDEF_-123", mood="NO-MOOD", **VIDEO)
    assert not NewVideo.objects.exists()


def test_add_video_leaves_the_one_that_is_there(make_video):
    make_video(video_title="Mine")
    with pytest.raises(add_video.AlreadyThere):
        add_video.add_video("VIDEO000001", mood="SAD", **VIDEO)
    video = NewVideo.objects.get()
    assert (video.video_title, video.moods) == ("Mine", None)
