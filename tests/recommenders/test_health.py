"""What `doctor` and `/health/ready` say of recommenders."""

import pytest
from django.utils import timezone

from recommenders import health
from recommenders.answers import artists
from recommenders.models import ArtistProfile, RecommenderVersion, TrainingState
from recommenders.training import in_progress
from recommenders.training.in_progress import request_training
from recommenders.versions import paths
from songs import health as doctor

pytestmark = pytest.mark.django_db


def said(subject):
    findings = health.examine(timezone.now())
    return next((f for f in findings if f.subject.startswith(subject)), None)


def test_trained_recommenders_are_well(trained, make_recommender):
    make_recommender(name="New")
    assert said("recommenders").text == "1 of 2 are trained and answer"
    assert (said("recommender two"), health.state()) == (None, "ok")
    assert said("recommenders") in doctor.examine()


def test_damaged_file_is_found_with_what_to_do(trained):
    path = trained.versions.get().folder / "totals.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    finding = said("recommender two")

    assert finding.act
    assert finding.text.endswith("train_recommender two-tastes")
    assert "SHA-256" in finding.text
    assert health.state() == "ok"  # the size is right; it does not read files


def test_training_that_was_cut_off_is_found(make_recommender, monkeypatch):
    request_training(make_recommender(), who="olga")
    RecommenderVersion.objects.update(state=TrainingState.RUNNING)
    assert "was cut off" in said("recommender two").text
    monkeypatch.setattr(in_progress, "is_running", lambda recommender: True)
    assert said("recommender two") is None


def test_lastfm_is_told_of_only_with_a_key(db, settings):
    assert said("Last.fm") is None
    settings.LASTFM_API_KEY = "0" * 32
    now = timezone.now()
    later = now + artists.KEPT
    ArtistProfile.objects.create(folded="a", name="a", wanted=now, not_before=later)
    assert said("Last.fm").text.startswith(
        "0 profiles are kept, 1 are wanted; it failed"
    )


def test_folders_that_no_row_knows_are_told_of(trained):
    assert said("recommenders' files") is None
    (paths.root() / "999").mkdir()
    finding = said("recommenders' files")
    assert finding.text.startswith("1 folders of what was deleted")
    assert not finding.act
