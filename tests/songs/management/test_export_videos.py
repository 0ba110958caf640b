import io
import json

import pytest
from django.core.management import CommandError, call_command

from songs.labelling import record
from songs.transfer.csv_rows import COLUMNS

HEADER = ",".join(COLUMNS) + "\n"


def run(*arguments):
    out = io.StringIO()
    call_command("export_videos", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_export_videos_writes_a_file(make_video, tmp_path):
    make_video(video_description=None)
    path = tmp_path / "videos.csv"

    assert run(path) == "exported 1 videos\n"

    assert path.read_text() == HEADER + "VIDEO000001,Song 1,,,,\n"
    assert list(tmp_path.iterdir()) == [path]


def test_export_videos_to_stdout_writes_nothing_else_there(db, capfd):
    call_command("export_videos", "-")

    printed = capfd.readouterr()
    assert printed.out == HEADER
    assert printed.err == "exported 0 videos\n"


@pytest.mark.django_db(transaction=True)
def test_export_videos_writes_the_history_beside(make_video, tmp_path):
    record.label(make_video().pk, "SAD", who="ada", source="admin")
    history = tmp_path / "history.ndjson"

    printed = run(tmp_path / "videos.csv", "--history", history)

    assert printed == "exported 1 videos, 1 acts\n"
    assert json.loads(history.read_text())["who"] == "ada"
    assert "VIDEO000001,Song 1,SAD,t," in (tmp_path / "videos.csv").read_text()


def test_export_videos_names_a_folder_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="nowhere.*not whole"):
        run(tmp_path / "nowhere" / "videos.csv")
