import pytest
from django.core.management import CommandError, call_command

from songs import classify, labelling, training
from songs.models import MoodModel, NewVideo
from tests.songs.mood_models import WORDS, label_some


@pytest.fixture
def labelled(make_video):
    label_some(make_video)


def test_training_rows_are_the_labelled_ones_alone(labelled, make_video):
    skipped, _ = make_video(), make_video()
    labelling.skip(skipped.pk, who="ada", source="admin")
    texts, labels = training.training_rows()
    assert len(texts) == len(labels) == 24
    assert set(labels) == set(WORDS)


def test_train_stores_a_version_that_is_not_live(labelled):
    row = training.train("seed2019")
    assert not row.live
    assert row.manifest["n_per_mood"]["ANGRY"] == 8
    assert "majority" in row.manifest["metrics"]["grouped"]
    assert classify.live().version.startswith("shipped-")


def test_train_moods_promotes_when_told(labelled):
    call_command("train_moods", "--promote")
    assert classify.live().version == MoodModel.objects.get(live=True).version


@pytest.mark.parametrize("n_labels", [0, 1, 2])
def test_train_moods_with_too_few_labels_changes_nothing(make_video, n_labels):
    for mood in ["SAD", "CHILL"][:n_labels]:
        labelling.label(make_video().pk, mood, who="ada", source="admin")
    with pytest.raises(CommandError, match="the live model stays"):
        call_command("train_moods", "--promote")
    assert not MoodModel.objects.exists()


def test_train_moods_with_empty_texts_changes_nothing(labelled):
    NewVideo.objects.update(video_description="")
    with pytest.raises(CommandError, match="no words"):
        call_command("train_moods")


def test_evaluate_moods_prints_the_recipe_beside_the_majority(labelled, capsys):
    call_command("evaluate_moods")
    printed = capsys.readouterr().out
    assert "majority" in printed
    assert "seed2019" in printed
