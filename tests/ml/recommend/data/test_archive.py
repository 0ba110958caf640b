"""Files by name, wherever they were published in."""

import io
import tarfile

import pytest

from ml.recommend.data.archive import Source


def tar(path, members):
    """An archive; a member without content is a link."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if content is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return path


def read(source, name):
    with source.open(name) as (file, size):
        return file.read(), size


def test_source_finds_files_in_folders_and_beside_a_path(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "b.txt").write_bytes(b"bb")
    (tmp_path / "c.txt").mkdir()

    assert Source(tmp_path).find(["c.txt", "b.txt", "a.txt"]) == "b.txt"
    assert Source(tmp_path / "a.txt").find(["b.txt", "a.txt"]) == "a.txt"
    assert Source(tmp_path / "a.txt").find(["b.txt"]) is None
    assert read(Source(tmp_path / "a.txt"), "b.txt") == (b"bb", 2)


def test_source_reads_the_first_real_file_of_a_name_in_an_archive(tmp_path):
    members = [("a", None), ("x/../../a", b"first"), ("y/a", b"second")]
    source = Source(tar(tmp_path / "a.tgz", members))

    assert source.find(["a"]) == "a"
    assert read(source, "a") == (b"first", 5)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tgz"]


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_source_says_what_is_missing(tmp_path, kind):
    source = Source(tmp_path if kind == "folder" else tar(tmp_path / "a", [("b", b"")]))

    assert source.find(["c"]) is None
    with pytest.raises(FileNotFoundError):
        read(source, "c")
