import errno
import hashlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import IntegrityError

from datasets import paths
from datasets.models import Dataset, DatasetVersion
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable
from datasets.storage import delete
from datasets.upload import receive
from datasets.upload.receive import UploadRefused
from tests.datasets.conftest import PLAYS


def leftovers(data_dir):
    return [path for path in paths.root().rglob("*") if path.is_file()]


def test_receive_keeps_the_bytes_and_what_they_are(make_draft):
    version = make_draft(description="Who plays what", licence_note="CC0")

    assert version.original.read_bytes() == PLAYS
    assert version.sha256 == hashlib.sha256(PLAYS).hexdigest()
    assert (version.size_bytes, version.kind, version.state) == (
        len(PLAYS),
        "csv",
        "draft",
    )
    assert Dialect.of(version.dialect) == Dialect()
    assert version.dataset.description == "Who plays what"


def test_receive_makes_another_version_under_the_same_name(make_draft, make_user):
    first, second = make_draft(), make_draft(b"a;b\n1;2\n")
    others = make_draft(owner=make_user("bob"))

    assert (first.dataset, second.number) == (second.dataset, 2)
    assert others.dataset.slug == "plays-2"
    assert {path.name for path in first.folder.parent.iterdir()} == {"1", "2"}


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        (r"C:\Users\ann\plays.csv", "plays.csv"),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("x" * 300 + ".csv.gz", "x" * 200 + ".csv.gz"),
        ("a\0b.csv", "ab.csv"),
    ],
)
def test_base_name_has_no_folders(sent, kept):
    assert receive.base_name(sent) == kept


def test_receive_stores_a_hostile_name_under_an_own_path(make_draft, data_dir):
    version = make_draft(file_name="../../<b>.csv", name="")

    assert (
        version.original
        == data_dir / "datasets" / str(version.dataset_id) / "1/original"
    )
    assert version.dataset.name == "<b>"


def test_receive_leaves_nothing_of_what_is_no_table(make_draft, data_dir):
    with pytest.raises(NotATable, match="0 bytes"):
        make_draft(b"")

    assert not Dataset.objects.exists()
    assert leftovers(data_dir) == []


def test_receive_refuses_more_than_the_settings_allow(make_draft, data_dir, settings):
    settings.DATASET_UPLOAD_BYTES = len(PLAYS) - 1

    with pytest.raises(UploadRefused, match="larger than"):
        make_draft()

    assert leftovers(data_dir) == []


def test_receive_leaves_nothing_when_the_client_is_gone(ann, data_dir):
    class FilesGone(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"a,b\n"
            raise OSError("connection reset")

    with pytest.raises(OSError):
        receive.receive(ann, "Plays", FilesGone(PLAYS, name="plays.csv"))

    assert leftovers(data_dir) == []


def test_preview_shows_how_another_dialect_reads(make_draft):
    version = make_draft(b"a;b\n1;x\n2,5;y\n")

    detected = receive.preview(version)
    commas = receive.preview(version, Dialect(delimiter=",", header=False))

    assert detected.rows == [("1", "x"), ("2,5", "y")]
    assert commas.rows == [] or commas.rows[0] != detected.rows[0]


def test_preview_of_json_and_of_a_long_array(make_draft):
    many = b"[" + b",".join(
        b'{"n": %d, "t": "%b"}' % (n, b"x" * 99) for n in range(20_000)
    )

    found = receive.preview(make_draft(many + b"]", "a.json"), n=2)

    assert [row[0] for row in found.rows] == ["0", "1"]
    assert [str(column.type) for column in found.columns] == ["integer", "text"]


def test_override_reads_a_draft_in_another_way(make_draft, stored):
    version = make_draft()
    receive.override(version, Dialect(header=False))

    assert Dialect.of(version.dialect).header is False
    with pytest.raises(UploadRefused):
        receive.override(stored(), Dialect())


def test_discard_forgets_a_draft_and_its_dataset(make_draft, data_dir):
    delete.discard(make_draft())

    assert not Dataset.objects.exists()


def test_discard_leaves_what_is_stored(stored):
    version = stored()

    with pytest.raises(UploadRefused):
        delete.discard(version)

    assert version.table.exists()


def test_delete_forgets_files_too(stored, data_dir, django_capture_on_commit_callbacks):
    version = stored()
    with django_capture_on_commit_callbacks(execute=True):
        delete.delete(version.dataset)

    assert not DatasetVersion.objects.exists()
    assert leftovers(data_dir) == []


def test_visible_to_is_private_until_shared(make_draft, make_user):
    dataset, bob = make_draft().dataset, make_user("bob")
    seen = [set(Dataset.objects.visible_to(who)) for who in (dataset.owner, bob)]
    dataset.shared = True
    dataset.save()

    assert seen == [{dataset}, set()]
    assert dataset in Dataset.objects.visible_to(AnonymousUser())
    assert not Dataset.objects.editable_by(bob).exists()
    assert not Dataset.objects.editable_by(AnonymousUser()).exists()


@pytest.mark.parametrize(
    "columns",
    [{"state": "ready"}, {"state": "failed"}, {"problem": "?"}, {"number": 2}],
)
def test_versions_are_whole_in_the_database(make_draft, columns):
    make_draft()
    version = make_draft()
    columns = {"number": 1} if "number" in columns else columns

    with pytest.raises(IntegrityError):
        DatasetVersion.objects.filter(pk=version.pk).update(**columns)


def test_receive_finds_another_slug_when_one_is_taken_meanwhile(
    make_draft, make_user, monkeypatch
):
    make_draft()
    real, slugs = receive._free_slug, iter(["plays"])
    monkeypatch.setattr(receive, "_free_slug", lambda name: next(slugs, real(name)))

    assert make_draft(owner=make_user("bob")).dataset.slug == "plays-2"


def test_receive_on_a_full_disk_is_refused(make_draft, data_dir, monkeypatch):
    def no_space(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(paths, "sync", no_space)
    with pytest.raises(UploadRefused, match="The disk of this site is full"):
        make_draft()

    assert not Dataset.objects.exists()
    assert leftovers(data_dir) == []


def test_delete_version_forgets_it_and_the_last_one_the_dataset(
    stored, data_dir, django_capture_on_commit_callbacks
):
    first, second = stored(), stored()
    with django_capture_on_commit_callbacks(execute=True):
        delete.delete_version(second)
    assert (first.dataset.current, second.folder.exists()) == (first, False)
    with django_capture_on_commit_callbacks(execute=True):
        delete.delete_version(first)

    assert not Dataset.objects.exists()
    assert leftovers(data_dir) == []


def test_delete_version_leaves_one_that_is_being_stored(make_draft):
    version = make_draft()
    version.state = "running"
    version.save()
    with pytest.raises(UploadRefused):
        delete.delete_version(version)


def test_delete_version_leaves_the_files_of_the_next_of_its_number(
    stored, django_capture_on_commit_callbacks
):
    stored()
    with django_capture_on_commit_callbacks() as after:
        delete.delete_version(stored())
    again = stored()
    for remove in after:
        remove()

    assert (again.number, again.table.exists()) == (2, True)
