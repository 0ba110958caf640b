"""The published tables of plays, with all that is wrong in them."""

import gzip
import hashlib
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from ml.recommend.data import lastfm
from ml.recommend.data.interactions import (
    MISSING_ITEM,
    MISSING_USER,
    MISSING_WEIGHT,
    WEIGHT_TOO_LARGE,
    collect,
)
from ml.recommend.data.lastfm import UnreadableTable, read_plays
from ml.recommend.model import fit_model
from ml.recommend.storage.store import LoadedModel, save

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "lastfm"
NAME = "usersha1-artmbid-artname-plays.tsv"
ANN, BOB = "a" * 40, "b" * 40
GOOD = [(ANN, "m1", "Muse", "5"), (BOB, "m1", "Muse", "7"), (BOB, "m2", "Air", "1")]

BAD = [
    (ANN, "m1", "MUSE", "2"),  # a repeated pair under another name
    (ANN, "", "Muse", "3"),  # without id, but only one artist bears the name
    (ANN, "", "Neu!", "4"),  # ... and of no known artist
    (ANN, "", "", "5"),
    (ANN, "m2", "Air", "0"),
    (BOB, "m3", "Can", "-7"),
    (BOB, "m1", "Muse", "1e9"),
    (BOB, "m1", "Muse", "many"),
    ("", "m1", "Muse", "1"),
]


def write(folder, *rows, name=NAME, end="\n"):
    """A table whose rows are tuples of cells, or whole lines as bytes."""
    lines = [row if isinstance(row, bytes) else "\t".join(row).encode() for row in rows]
    path = folder / name
    path.write_bytes(b"\n".join(lines) + end.encode())
    return path


def interactions(path):
    plays = read_plays(path)
    return collect(plays.who, plays.what, names=plays.names, weights=plays.plays)


def test_read_plays_reads_the_original_form(tmp_path):
    plays = read_plays(write(tmp_path, *GOOD))

    assert plays.who.to_pylist() == [ANN, BOB, BOB]
    assert plays.what.to_pylist() == ["m1", "m1", "m2"]
    assert plays.names.to_pylist() == ["Muse", "Muse", "Air"]
    assert plays.plays.to_pylist() == ["5", "7", "1"]
    assert (plays.report.n_lines, plays.report.n_broken) == (3, 0)
    assert plays.report.original is None  # as many lines as none that was published


def test_read_plays_drops_and_shows_broken_lines(tmp_path):
    path = write(tmp_path, GOOD[0], b"half a line", b"a\tb\tc\td\te", GOOD[1], b"")

    plays = read_plays(path)

    assert len(plays.who) == 2
    assert (plays.report.n_lines, plays.report.n_broken) == (4, 2)
    assert plays.report.broken == ["half a line", "a\tb\tc\td\te"]


def test_read_plays_takes_a_truncated_tail_for_a_broken_line(tmp_path):
    whole = write(tmp_path, *GOOD).read_bytes()
    for cut in (4, 20, 45):
        path = write(tmp_path, whole[:-cut], name="cut.tsv", end="")
        report = read_plays(path).report
        assert (report.n_lines, report.n_broken) == (3, 1)


def test_read_plays_keeps_quotes_and_commas_as_they_are(tmp_path):
    names = ['"Weird Al" Yankovic', '"unclosed', "a,b", "it''s", "\\N", "#1"]

    plays = read_plays(write(tmp_path, *((ANN, "m", name, "1") for name in names)))

    assert plays.names.to_pylist() == names


def test_read_plays_counts_dates_in_the_user_column(tmp_path):
    odd = ("sep 20, 2008", "m1", "Muse", "3")

    plays = read_plays(write(tmp_path, GOOD[0], odd, odd))

    assert plays.report.n_odd_users == 2
    assert plays.report.odd_users == ["sep 20, 2008"]
    table = collect(plays.who, plays.what, names=plays.names)
    assert table.report.refused == {MISSING_USER: 2}
    assert table.users.to_pylist() == [ANN]


def test_read_plays_counts_texts_that_are_no_utf8(tmp_path):
    line = f"{ANN}\tm1\t".encode() + "Björk".encode("latin-1") + b"\t4"

    plays = read_plays(write(tmp_path, GOOD[0], line))

    assert plays.report.n_not_utf8 == 1
    assert plays.names.to_pylist() == ["Muse", "Bj\ufffdrk"]


@pytest.mark.parametrize("folder", ["", "lastfm-dataset-360K/"])
def test_read_plays_reads_the_archive_and_nothing_else_of_it(tmp_path, folder):
    table = write(tmp_path, *GOOD)
    with tarfile.open(tmp_path / "plays.tar.gz", "w:gz") as archive:
        archive.add(write(tmp_path, b"profiles", name="usersha1-profile.tsv"))
        link = tarfile.TarInfo(NAME)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        archive.add(table, folder + NAME)
    table.unlink()

    plays = read_plays(tmp_path / "plays.tar.gz")

    assert plays.plays.to_pylist() == ["5", "7", "1"]


def test_read_plays_reads_gzip_and_refuses_half_of_it(tmp_path):
    rows = [(f"{n:040x}", f"m{n * 7919}", f"n{n * 104729}", "1") for n in range(5000)]
    whole = gzip.compress(write(tmp_path, *rows).read_bytes())
    (tmp_path / "plays.tsv.gz").write_bytes(whole)
    (tmp_path / "half.tsv.gz").write_bytes(whole[: len(whole) // 2])

    assert len(read_plays(tmp_path / "plays.tsv.gz").who) == 5000
    with pytest.raises(UnreadableTable, match="after"):
        read_plays(tmp_path / "half.tsv.gz")


def test_read_plays_refuses_what_is_no_table(tmp_path):
    (tmp_path / "empty.tsv").write_bytes(b"")
    (tmp_path / "long.tsv").write_bytes(b"x" * (lastfm.BLOCK_SIZE * 3))

    for name in ("empty.tsv", "long.tsv"):
        with pytest.raises(UnreadableTable):
            read_plays(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read_plays(tmp_path / "none.tsv")


@pytest.mark.parametrize(("changed", "original"), [(False, True), (True, False)])
def test_read_plays_checks_the_md5_of_a_table_as_long_as_the_published_one(
    tmp_path, monkeypatch, changed, original
):
    path = write(tmp_path, *GOOD)
    md5 = hashlib.md5(path.read_bytes()).hexdigest()
    form = replace(lastfm.LASTFM_360K, n_lines=3, md5=md5)
    monkeypatch.setattr(lastfm, "LASTFM_360K", form)
    monkeypatch.setattr(lastfm, "FORMS", (form,))
    if changed:
        write(tmp_path, *GOOD[:2], (BOB, "m2", "Air", "2"))

    assert read_plays(path).report.original is original


def test_read_plays_tells_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(lastfm, "BLOCK_SIZE", 1 << 10)
    path, told = write(tmp_path, *GOOD * 100), []

    read_plays(path, progress=lambda done, of: told.append((done, of)))

    assert told == sorted(told)
    assert {of for _, of in told} == {path.stat().st_size} == {told[-1][0]}


def test_every_row_of_a_bad_table_is_counted_once(tmp_path):
    report = interactions(write(tmp_path, *GOOD, *BAD)).report

    assert report.refused == {
        MISSING_USER: 1,
        MISSING_ITEM: 1,
        MISSING_WEIGHT: 1,
        WEIGHT_TOO_LARGE: 1,
    }
    assert report.n_repeated == 2
    assert report.n_rows == 12 == report.n_pairs + 2 + 4
    assert report.n_found_by_name == 1
    assert report.n_not_positive == 2
    assert report.what_spellings.shown[0].variants == {"MUSE": 1}


def test_rows_of_a_bad_table_become_likes_and_dislikes(tmp_path):
    table = interactions(write(tmp_path, *GOOD, *BAD))

    who, names = table.users.to_pylist(), table.names.to_pylist()
    plays = {
        (who[user], names[item]): matrix[user, item] * sign
        for matrix, sign in zip(table.pairs[:2], (1, -1), strict=True)
        for user, item in zip(*matrix.nonzero(), strict=True)
    }
    assert plays == {
        (ANN, "Muse"): 5 + 2 + 3,
        (ANN, "Neu!"): 4,
        (ANN, "Air"): -1,  # known, not liked
        (BOB, "Muse"): 7,
        (BOB, "Air"): 1,
        (BOB, "Can"): -1,
    }
    assert "name:Neu!" in table.items.to_pylist()


def test_names_of_one_id_become_the_most_frequent_one(tmp_path):
    names = ["Sigur Rós", "Sigur Rós", "Sigur Ros", "SIGUR RÓS", "Sigur Rós\u00a0"]
    rows = [(f"{n:040x}", "m1", name, "1") for n, name in enumerate(names)]

    table = interactions(write(tmp_path, *rows))

    assert table.names.to_pylist() == ["Sigur Rós"]
    assert table.report.renamed.shown[0].variants == {"Sigur Ros": 1}
    assert table.report.what_spellings.n_rows == 2


def test_hetrec_is_read_with_its_names(tmp_path):
    write(tmp_path, b"userID\tartistID\tweight", b"2\t51\t9", b"3\t51\t4", b"3\t52\t1")
    (tmp_path / "user_artists.dat").write_bytes((tmp_path / NAME).read_bytes())
    write(tmp_path, b"id\tname\turl", b"51\tDuran Duran\thttp://x", name="artists.dat")
    (tmp_path / NAME).unlink()

    for path in (tmp_path, tmp_path / "user_artists.dat"):
        plays = read_plays(path)
        assert plays.report.file == "user_artists.dat"
        assert plays.names.to_pylist() == ["Duran Duran", "Duran Duran", ""]
        assert plays.report.n_lines == 3


def test_audioscrobbler_is_read_with_its_names_and_aliases(tmp_path):
    write(tmp_path, b"7 1 3", b"7 2 4", b"8 9 1", b"x 1 1", name="user_artist_data.txt")
    write(tmp_path, b"1\tMuse", b"3\tAir", b"broken", b"\t", name="artist_data.txt")
    write(tmp_path, b"2\t3", b"\t1", b"4", name="artist_alias.txt")

    plays = read_plays(tmp_path)

    assert plays.what.to_pylist() == ["1", "3", "9", "1"]  # 2 stands for 3
    assert plays.names.to_pylist() == ["Muse", "Air", "", "Muse"]
    assert plays.report.n_broken_names == 4
    assert plays.report.odd_users == ["x"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/data")
def test_the_published_hetrec_gives_the_neighbours_of_its_reference(tmp_path):
    table = interactions(SHARED / "user_artists.dat")
    manifest = save(fit_model("cosine", table.pairs), table, tmp_path / "x")

    loaded = LoadedModel.open(tmp_path / "x", manifest)

    assert (table.report.n_rows, len(table.users)) == (92_834, 1892)
    found = loaded.similar(loaded.find_item("radiohead").code, 3)
    names = [loaded.item(one.item).name for one in found]
    assert names == ["The Beatles", "Sigur Rós", "Muse"]
    assert found[0].shared == 193
