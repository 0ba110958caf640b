"""Stored recommenders answer as the models that they were."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ml.recommend.data.interactions import collect
from ml.recommend.interface import Run
from ml.recommend.model import fit_model
from ml.recommend.storage.checksums import DigestMismatch, FileMissing, UnreadableFile
from ml.recommend.storage.store import LoadedModel, OtherFormat, save
from tests.ml.recommend.tables import EVERY

ROWS = [
    ("Ann", "m1", "The Beatles", 5),
    ("Ann", "m2", "AC/DC", 3),
    ("Ann", "m3", "Björk", 0),
    ("bob", "m1", "The Beatles", 1),
    ("bob", "m2", "AC/DC", 9),
    ("bob", "m4", "!!!", 2),
    ("Cléo", "m4", "!!!", 4),
    ("Cléo", "m3", "Björk", 6),
    ("Cléo", "m1", "The Beatles", 2),
]
WHO, IDS, NAMES, PLAYS = zip(*ROWS, strict=True)
every = pytest.mark.parametrize("name", EVERY)


def interactions():
    return collect(WHO, IDS, weights=PLAYS, names=NAMES)


def stored(folder, name="cosine"):
    table = interactions()
    model = fit_model(name, table.pairs)
    return model, save(model, table, folder / name)


@every
def test_served_answers_as_the_model_does(tmp_path, name):
    model, manifest = stored(tmp_path, name)

    loaded = LoadedModel.open(tmp_path / name, manifest)

    for item in range(4):
        assert loaded.similar(item, 3) == model.similar(item, 3)
        assert loaded.model.recommend_for([item], 3) == model.recommend_for([item], 3)
    for user in range(3):
        assert loaded.model.recommend(user, 9) == model.recommend(user, 9)
    assert loaded.model.recommend_for([0], disliked=[1]) == model.recommend_for(
        [0], disliked=[1]
    )


def test_served_knows_items_and_who_by_name(tmp_path):
    _, manifest = stored(tmp_path)
    loaded = LoadedModel.open(tmp_path / "cosine", manifest)

    beatles = loaded.item(loaded.find_item("beatles").code)
    assert (beatles.id, beatles.name) == ("m1", "The Beatles")
    assert (beatles.listeners, beatles.total, beatles.average) == (3, 8, 8 / 3)
    assert loaded.item(loaded.find_item("m2").code).name == "AC/DC"
    assert loaded.users[loaded.find_user("CLEO").code].as_py() == "Cléo"
    assert [loaded.item(code).id for code in loaded.suggest("bjo")] == ["m3"]
    assert loaded.users[loaded.suggest_users("b")[0]].as_py() == "bob"


def test_served_has_the_figures_of_every_item(tmp_path):
    _, manifest = stored(tmp_path)
    loaded = LoadedModel.open(tmp_path / "cosine", manifest)

    assert dict(zip(loaded.ids.to_pylist(), loaded.totals.tolist(), strict=True)) == {
        "m1": 8,
        "m2": 12,
        "m3": 6,
        "m4": 6,
    }
    assert loaded.listeners.sum() == manifest["n_likes"] == 8  # Ann never played Björk
    np.testing.assert_allclose(loaded.averages, loaded.totals / loaded.listeners)


def test_served_refuses_what_is_not_there(tmp_path):
    _, manifest = stored(tmp_path)
    loaded = LoadedModel.open(tmp_path / "cosine", manifest)

    for ask in (
        loaded.similar,
        loaded.item,
        lambda item: loaded.model.recommend_for([item]),
    ):
        with pytest.raises(IndexError, match="no item 4"):
            ask(4)
    with pytest.raises(IndexError, match="no user 3"):
        loaded.model.recommend(3)


def test_open_maps_a_model_once(tmp_path):
    _, manifest = stored(tmp_path)
    manifest = json.loads(json.dumps(manifest))

    loaded = LoadedModel.open(tmp_path / "cosine", manifest)

    assert LoadedModel.open(tmp_path / "cosine", dict(manifest)) is loaded
    for array in (loaded.model.pairs.likes.indices, loaded.model.listeners.users):
        while array.base is not None and not isinstance(array, np.memmap):
            array = array.base
        assert isinstance(array, np.memmap)
    assert isinstance(loaded.names, pa.StringArray)


def test_open_trusts_the_manifest_alone(tmp_path):
    _, manifest = stored(tmp_path)
    folder = tmp_path / "cosine"
    file = folder / "alike_items.npy"

    with pytest.raises(OtherFormat):
        LoadedModel.open(folder, manifest | {"format": 0})
    file.write_bytes(file.read_bytes()[:-4] + b"\7\0\0\0")
    with pytest.raises(DigestMismatch, match=r"alike_items\.npy"):
        LoadedModel.open(folder, manifest)
    file.unlink()
    with pytest.raises(FileMissing):
        LoadedModel.open(folder, manifest)
    del manifest["files"]["alike_items.npy"]
    with pytest.raises(UnreadableFile, match="items"):
        LoadedModel.open(folder, manifest)


def test_save_replaces_what_a_killed_save_left(tmp_path):
    (tmp_path / "cosine.part").mkdir()
    (tmp_path / "cosine.part" / "half.npy").write_bytes(b"x")

    _, first = stored(tmp_path)
    _, again = stored(tmp_path)

    assert first == again
    assert {p.name for p in (tmp_path / "cosine").iterdir()} == {
        *again["files"],
        "manifest.json",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["cosine"]


def test_save_that_is_cut_off_leaves_what_was_there(tmp_path):
    model, manifest = stored(tmp_path)

    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(model, interactions(), tmp_path / "cosine", run=Run(progress=stop))

    loaded = LoadedModel.open(tmp_path / "cosine", manifest)
    assert loaded.similar(0) == model.similar(0)


def test_save_refuses_other_interactions(tmp_path):
    model = fit_model("cosine", interactions().pairs)

    with pytest.raises(ValueError, match="other interactions"):
        save(model, collect(WHO, IDS[:-1] + ("m9",)), tmp_path / "x")


def test_items_without_ids_are_found_by_name(tmp_path):
    table = collect(WHO, NAMES)
    manifest = save(fit_model("popularity", table.pairs), table, tmp_path / "x")

    loaded = LoadedModel.open(tmp_path / "x", manifest)

    assert loaded.item(loaded.find_item("the beatles").code).id == "The Beatles"
