"""The release of the shipped model, and the card that goes with it."""

import csv
import json
from unittest.mock import create_autospec

import pytest

from ml import release
from ml.card import write_card
from ml.evaluation.labelled import TableError, read_labelled
from ml.moods import files
from ml.moods.files import Manifest, read_shipped_manifest
from ml.moods.train import digest_rows
from tests.ml.few_fits import few_fits
from tests.ml.labelled_texts import labelled_texts


@pytest.fixture
def videos(tmp_path):
    """A table of labelled videos and one that nobody labelled."""
    path = tmp_path / "videos.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file).writerow
        write(["video_id", "video_title", "moods", "labeled", "video_description"])
        write(["x", "Unseen", "HAPPY", "", "a default, no judgement"])
        for i, (text, mood) in enumerate(zip(*labelled_texts(), strict=True)):
            write([i, text.title, mood, "t", text.description])
    return path


@pytest.mark.no_cover
def test_release_writes_model_manifest_digest_and_card(videos, tmp_path):
    with few_fits():
        evaluation = release.release(videos, recipe="seed2019", root=tmp_path)

    shipped = tmp_path / "ml" / "moods" / "shipped"
    manifest = Manifest.from_dict(json.loads((shipped / "mood.json").read_text()))
    assert sum(manifest.n_per_mood.values()) == evaluation.n_videos == 48
    assert manifest.metrics == evaluation.to_dict()
    assert f'SHA256 = "{manifest.sha256}"' in (shipped / "__init__.py").read_text()
    card = (tmp_path / "docs" / "models" / "mood.md").read_text()
    assert card == write_card(manifest)
    model = files.load_file(shipped / "mood.joblib", manifest)
    assert model.training.n_per_mood == manifest.n_per_mood
    assert model.sure_from == evaluation.sure.sure_from
    report = json.loads((shipped / "report.json").read_text())
    assert report["metrics"] == evaluation.to_dict()
    assert report["learning_curve"]["n_more"] == 100
    assert report["mistakes"] == []  # videos of the table are not published


def test_release_writes_nothing_when_it_cannot_train(tmp_path):
    (tmp_path / "videos.csv").write_text(
        "video_id,video_title,moods,labeled,video_description\na,b,SAD,t,c\n"
    )

    assert release.main([str(tmp_path / "videos.csv")]) == 1

    assert [path.name for path in tmp_path.iterdir()] == ["videos.csv"]


def test_release_main_trains_the_recipe_it_is_told(videos, monkeypatch):
    trained = create_autospec(release.release, side_effect=TableError("enough"))
    monkeypatch.setattr(release, "release", trained)

    assert release.main([str(videos), "--recipe", "seed2019"]) == 1

    assert trained.call_args.args[0] == videos
    assert trained.call_args.kwargs["recipe"] == "seed2019"


def test_release_main_names_a_missing_file(capsys):
    assert release.main(["none.csv"]) == 1
    assert "nothing was written: none.csv" in capsys.readouterr().err


def test_the_card_is_that_of_the_shipped_model():
    card = (release.ROOT / "docs" / "models" / "mood.md").read_text()

    assert card == write_card(read_shipped_manifest())


def test_the_shipped_model_is_trained_on_the_real_labels(real_data):
    labelled = read_labelled(real_data / "moodibeats" / "videos.csv")

    manifest = read_shipped_manifest()

    assert manifest.data_digest == digest_rows(labelled.texts, labelled.moods)
