import io
import os

import pytest

from songs.models import NewVideo
from songs.transfer import csv_export, csv_import, csv_rows
from tests.songs.emptying import empty_the_catalogue

AWKWARD = {
    "AAAAAAAAAAA": (None, ""),
    "aaaaaaaaaaa": ("", None),
    "-----------": ('a "quoted" title', "1\r\n2\n3\r"),
    "_0000000000": (" spaces ", "\\.\n\\.\n\\N\t\\t"),
    "00000000000": ("=1+1", "emoji 🎵, \u202ertl, é"),
}


def exported() -> bytes:
    file = io.BytesIO()
    csv_export.export_videos(file)
    return file.getvalue()


def test_export_videos_writes_what_copy_writes(make_video):
    make_video(video_id="BBBBBBBBBBB", video_description='a "b"')
    make_video(
        video_id="AAAAAAAAAAA",
        video_title=None,
        video_description="",
        moods="SAD",
        labeled=True,
    )

    assert exported() == (
        b"video_id,video_title,moods,labeled,video_description,predicted_moods\n"
        b'AAAAAAAAAAA,,SAD,t,"",\n'
        b'BBBBBBBBBBB,Song 1,,,"a ""b""",\n'
    )


def test_export_videos_of_an_empty_catalogue_is_the_header(db):
    assert exported() == ",".join(csv_rows.COLUMNS).encode() + b"\n"


def test_export_then_import_gives_the_same_bytes(make_video, predicted):
    for video_id, (title, description) in AWKWARD.items():
        make_video(
            video_id=video_id,
            video_title=title,
            video_description=description,
            **predicted("SAD", 0.5),
        )
    before = exported()
    empty_the_catalogue()

    imported = csv_import.import_videos(io.BytesIO(before))

    assert (imported.new, imported.refused) == (len(AWKWARD), 0)
    assert exported() == before


def test_the_real_table_survives_export_and_import(db, real_data):
    with (real_data / "moodibeats" / "videos.csv").open("rb") as file:
        csv_import.import_videos(file)
    before = exported()
    empty_the_catalogue()

    csv_import.import_videos(io.BytesIO(before))

    assert exported() == before
    assert NewVideo.objects.count() == 885


def test_written_whole_leaves_the_old_file_when_it_fails(tmp_path):
    path = tmp_path / "videos.csv"
    path.write_text("old")

    with pytest.raises(KeyboardInterrupt), csv_export.written_whole(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_written_whole_follows_a_link(tmp_path):
    (tmp_path / "today.csv").write_text("old")
    link = tmp_path / "videos.csv"
    link.symlink_to("today.csv")

    with csv_export.written_whole(link) as file:
        file.write(b"new")

    assert link.is_symlink()
    assert (tmp_path / "today.csv").read_text() == "new"


def test_written_whole_writes_into_what_is_no_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)

    with csv_export.written_whole(pipe) as file:
        file.write(b"rows")

    assert os.read(reader, 10) == b"rows"
    os.close(reader)
    assert pipe.is_fifo()
