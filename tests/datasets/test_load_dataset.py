import tarfile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from datasets import published
from datasets.models import Dataset, DatasetVersion
from ml.recommend.data.lastfm import LASTFM_360K
from tests.datasets.conftest import PLAYS

WHO = "a" * 40, "b" * 40
LASTFM = (
    f"{WHO[0]}\tmbid-1\tRadiohead\t3\n"
    f'{WHO[0]}\t\t"Weird Al" Yankovic\t0\n'
    f"{WHO[1]}\tmbid-1\tradiohead\t1\n"
    f"sep 20, 2008\tmbid-1\tRadiohead\t7\n"
    f"{WHO[1]}\tbroken\n"
)


@pytest.fixture(autouse=True)
def root(db):
    return User.objects.create_superuser("root")


@pytest.fixture
def load(tmp_path, capsys):
    """Writes a file, loads it, and returns what was said."""

    def run(content=PLAYS, file_name="plays.csv", **options):
        path = tmp_path / file_name
        path.write_bytes(content)
        call_command("load_dataset", str(path), **options)
        return capsys.readouterr()

    return run


def test_load_dataset_stores_a_file(load, root):
    said = load(description="Who plays what", share=True)
    dataset = Dataset.objects.get()

    assert said.out == "stored plays, version 1: 3 rows, 3 columns; refused 0\n"
    assert (dataset.owner, dataset.shared) == (root, True)
    assert dataset.current.n_rows == 3


def test_load_dataset_reads_as_it_is_told(load):
    load(b"1||x\n2||y\n", delimiter="||", header="no", name="Pairs")

    assert Dataset.objects.get(name="Pairs").current.n_columns == 2


def test_load_dataset_tells_what_it_refused(load):
    said = load(b"a,b\n1,2\n3\n4,5\n")

    assert "line 3: 1 columns instead of 2" in said.err
    assert "2 rows, 2 columns; refused 1" in said.out


@pytest.mark.parametrize(
    "content, options, said",
    [
        (b"", {}, "0 bytes"),
        (b"a,b\n" + b"1\n" * 9, {}, "Are delimiter, quote and encoding right"),
        (PLAYS, {"owner": "nobody"}, "There is no nobody"),
        (PLAYS, {"encoding": "klingon"}, "klingon"),
        (PLAYS, {"delimiter": ""}, "delimiter"),
    ],
)
def test_load_dataset_stores_nothing_of_what_fails(load, content, options, said):
    with pytest.raises(CommandError, match=said):
        load(content, **options)

    assert not Dataset.objects.exists()


def test_load_dataset_says_that_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError) as missing:
        call_command("load_dataset", str(tmp_path / "nothing.csv"))
    with pytest.raises(CommandError) as folder:
        call_command("load_dataset", str(tmp_path))

    assert str(missing.value) == f"There is no file {tmp_path}/nothing.csv."
    assert str(folder.value).startswith(f"{tmp_path} is a folder")


def test_load_dataset_knows_the_published_plays(load):
    said = load(LASTFM.encode(), LASTFM_360K.file, name="Last.fm")
    version = DatasetVersion.objects.get()

    assert [column["name"] for column in version.columns] == [
        "who",
        "what",
        "name",
        "plays",
    ]
    assert (version.n_rows, version.refused["n"]) == (4, 1)
    assert version.columns[0]["nulls"] == version.columns[1]["nulls"] == 1
    assert version.columns[2]["top"][0] == ["Radiohead", 2]
    assert "1 rows say no who" in said.err
    assert "1 lines with another number of columns were dropped" in said.err


def test_load_dataset_knows_their_archive(tmp_path, capsys):
    table = tmp_path / LASTFM_360K.file
    table.write_text(LASTFM)
    with tarfile.open(tmp_path / "lastfm.tar.gz", "w:gz") as archive:
        archive.add(table, f"lastfm-dataset-360K/{table.name}")
    call_command("load_dataset", str(tmp_path / "lastfm.tar.gz"))

    version = DatasetVersion.objects.get()
    assert version.n_rows == 4
    assert version.original.read_bytes() == (tmp_path / "lastfm.tar.gz").read_bytes()


def test_load_dataset_knows_hetrec(real_data):
    call_command("load_dataset", str(real_data / "lastfm"), name="HetRec")
    version = DatasetVersion.objects.get()

    assert (version.n_rows, version.columns[3]["type"]) == (92_834, "integer")
    assert version.columns[2]["distinct"] == 17_632


def test_load_dataset_of_plays_is_seen_ready_or_not_at_all(load, monkeypatch):
    def fail(*args):
        raise OSError("the disk went away")

    monkeypatch.setattr(published, "finish", fail)
    with pytest.raises(CommandError):
        load(LASTFM.encode(), LASTFM_360K.file)

    assert not Dataset.objects.exists()
