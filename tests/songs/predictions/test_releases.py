from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from ml.moods import files
from songs.labelling import record
from songs.labelling.record import LabelState
from songs.models import MoodLabel, NewVideo
from songs.predictions.releases import count_new_labels
from tests.songs.mood_models import store

N_SHIPPED = 3


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    """A shipped model that learned from three labels."""
    counts = {"SAD": N_SHIPPED}
    manifest = replace(files.read_shipped_manifest(), n_per_mood=counts)
    monkeypatch.setattr(
        "songs.predictions.releases.read_shipped_manifest", lambda: manifest
    )


def label(video, mood="SAD", who="ada", source="admin"):
    record.label(video.pk, mood, who=who, source=source)
    return video


def trained(version, *videos, **changes):
    """A version that learned from these videos just now."""
    scores = {video.pk: {"SAD": 1.0} for video in videos}
    return store(version, held_out=scores, **changes)


def test_labels_beyond_those_of_the_shipped_model_are_new(make_video):
    for expected in [0, 0, 0, 1, 2]:
        label(make_video())
        assert count_new_labels() == expected


def test_labels_since_the_training_are_new(make_video):
    old, _ = label(make_video()), make_video()
    trained("v1", old, live=True)
    assert count_new_labels() == 0
    label(make_video())
    label(old, "HAPPY")
    record.set_label(make_video().pk, record.SKIPPED, who="ada", source="admin")
    assert count_new_labels() == 2


def test_second_opinions_are_no_new_labels(make_video):
    old = label(make_video())
    trained("v1", old, live=True)
    record.add_second_opinion(old.pk, LabelState("SAD", True), who="bob")
    assert MoodLabel.objects.count() == 2
    assert count_new_labels() == 0


def test_label_of_a_video_without_text_is_not_counted(make_video):
    trained("v1", live=True)
    video = label(make_video())
    NewVideo.objects.filter(pk=video.pk).update(
        video_title=None, video_description=None
    )
    assert count_new_labels() == 0


def test_version_that_the_rule_refused_has_seen_its_labels(make_video):
    old = label(make_video())
    trained("live", old, live=True)
    new = label(make_video())
    trained("refused", old, new)
    assert count_new_labels() == 0


def test_version_that_was_taken_back_has_seen_its_labels(make_video):
    videos = [label(make_video()) for _ in range(N_SHIPPED + 2)]
    trained("taken back", *videos)
    assert count_new_labels() == 0


def test_newest_version_may_know_other_videos_than_the_live_one(make_video):
    old = label(make_video())
    trained("live", old, live=True)
    trained("from a file", created=timezone.now() + timedelta(seconds=1))
    assert count_new_labels() == 0


def test_version_whose_rows_are_unknown_counts_its_labels(make_video):
    row = store("v1", live=True)  # learned from fifteen
    for _ in range(sum(row.manifest["n_per_mood"].values()) + 1):
        label(make_video())
    assert count_new_labels() == 1
