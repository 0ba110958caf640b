"""Models as bytes: read back identically, and never executed when they are not ours."""

import dataclasses
import hashlib
import os
import pickle
from datetime import UTC, datetime

import joblib
import numpy as np
import pytest

from ml.moods import files, shipped
from ml.moods.files import Manifest, dump, load
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.moods.train import train
from tests.ml.labelled_texts import labelled_texts


@pytest.fixture(scope="module")
def model():
    return train(*labelled_texts())


class Trap:
    """Unpickled by anybody who unpickles anything, it leaves a folder behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def manifest_of(data, like):
    """A manifest with the right digest for any bytes."""
    return dataclasses.replace(like, sha256=hashlib.sha256(data).hexdigest())


def test_load_predicts_exactly_as_the_model_that_was_dumped(model):
    texts, _ = labelled_texts()
    file = dump(model)

    loaded = load(file.data, Manifest.from_dict(file.manifest.to_dict()))

    expected = model.predict_proba(texts)
    np.testing.assert_array_equal(loaded.predict_proba(texts), expected)
    assert (loaded.recipe, loaded.training) == (model.recipe, model.training)


def test_dump_says_what_is_known_of_the_model(model):
    created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    file = dump(model, metrics={"n_videos": 48}, created=created)

    assert file.manifest.sha256 == hashlib.sha256(file.data).hexdigest()
    assert file.manifest.created == "2026-01-02T03:04:05+00:00"
    assert file.manifest.n_per_mood == dict.fromkeys(MOODS, 8)
    assert file.manifest.metrics == {"n_videos": 48}
    assert set(file.manifest.libraries) == set(files.LIBRARIES)
    assert file.manifest.n_bytes == len(file.data)


def test_dump_gives_the_same_bytes_for_the_same_model_in_joblibs_format(
    model, tmp_path
):
    data = dump(model).data
    (tmp_path / "model").write_bytes(data)

    assert dump(train(*labelled_texts())).data == data
    assert joblib.load(tmp_path / "model")["recipe"] == "lexicon-tfidf"


@pytest.mark.parametrize("spoil", [lambda d: d[:-1], lambda d: b"", lambda d: d + b"."])
def test_load_refuses_truncated_and_tampered_bytes(model, spoil):
    file = dump(model)

    with pytest.raises(files.WrongDigest, match="is not"):
        load(spoil(file.data), file.manifest)


def test_load_executes_no_pickle_of_another_digest(model, tmp_path):
    trap = pickle.dumps(Trap(tmp_path / "sprung"))

    with pytest.raises(files.WrongDigest):
        load(trap, dump(model).manifest)

    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("wrapped", [False, True])
def test_load_executes_no_pickle_even_of_the_right_digest(model, tmp_path, wrapped):
    trap = Trap(tmp_path / "sprung")
    data = pickle.dumps({"recipe": trap} if wrapped else trap)

    with pytest.raises(files.UnreadableModel, match="mkdir"):
        load(data, manifest_of(data, dump(model).manifest))

    assert not (tmp_path / "sprung").exists()
    pickle.loads(data)
    assert (tmp_path / "sprung").exists()  # the trap does work


@pytest.mark.parametrize(
    "data", [b"", b"\x80\x05", b"PK\x03\x04 not a model", pickle.dumps({"recipe": 1})]
)
def test_load_refuses_bytes_of_the_right_digest_that_are_no_model(model, data):
    with pytest.raises(files.UnreadableModel):
        load(data, manifest_of(data, dump(model).manifest))


def test_load_refuses_an_unknown_recipe(model):
    file = dump(dataclasses.replace(model, recipe="of tomorrow"))

    with pytest.raises(files.UnreadableModel, match="of tomorrow"):
        load(file.data, file.manifest)


@pytest.mark.parametrize(
    ("trained", "accepted"), [("1.9.0", True), ("1.8.1", False), ("2.9.1", False)]
)
def test_load_refuses_another_minor_version_of_scikit_learn(
    model, monkeypatch, trained, accepted
):
    file = dump(model)
    monkeypatch.setattr(files, "version", lambda name: "1.9.1")
    manifest = dataclasses.replace(file.manifest, libraries={"scikit-learn": trained})

    if accepted:
        assert load(file.data, manifest).recipe == model.recipe
    else:
        with pytest.raises(files.OtherLibraryVersion, match="train the model"):
            load(file.data, manifest)


def test_manifest_from_dict_names_missing_fields(model):
    values = dump(model).manifest.to_dict()
    del values["sha256"], values["recipe"]

    with pytest.raises(files.UnreadableModel, match="lacks recipe, sha256"):
        Manifest.from_dict(values)


def test_load_file_says_that_a_file_is_missing(model, tmp_path):
    with pytest.raises(files.ModelFileMissing, match="mood.joblib is missing"):
        files.load_file(tmp_path / "mood.joblib", dump(model).manifest)


def test_save_file_replaces_the_old_file_and_leaves_nothing_else(model, tmp_path):
    path = tmp_path / "models" / "mood.joblib"
    file = dump(model)

    files.save_file(path, b"older")
    files.save_file(path, file.data)

    assert files.load_file(path, file.manifest).training == model.training
    assert list(path.parent.iterdir()) == [path]


def test_save_file_keeps_the_old_file_when_it_cannot_finish(tmp_path, monkeypatch):
    path = tmp_path / "mood.joblib"
    path.write_bytes(b"older")

    def full(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="no space"):
        files.save_file(path, b"newer")

    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_load_shipped_predicts():
    model = files.load_shipped()

    predictions = model.predict([VideoText(description="calm piano"), VideoText()])

    assert all(prediction.mood in MOODS for prediction in predictions)
    assert files.SHIPPED_MODEL.stat().st_size < 1_000_000


def test_load_shipped_refuses_another_model_than_the_sources(monkeypatch):
    monkeypatch.setattr(shipped, "SHA256", "0" * 64)

    with pytest.raises(files.WrongDigest):
        files.load_shipped()


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}"])
def test_load_shipped_refuses_a_broken_manifest(monkeypatch, tmp_path, text):
    monkeypatch.setattr(files, "SHIPPED_MANIFEST", tmp_path / "mood.json")
    (tmp_path / "mood.json").write_text(text)

    with pytest.raises(files.UnreadableModel):
        files.load_shipped()
