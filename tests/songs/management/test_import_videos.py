import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from background.locks import AlreadyRunning, Interrupted
from songs.management.commands import import_videos as command
from songs.models import NewVideo
from songs.transfer.csv_rows import COLUMNS

HEADER = ",".join(COLUMNS) + "\n"


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_videos", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def videos(tmp_path):
    path = tmp_path / "videos.csv"
    path.write_text(HEADER + "AAAAAAAAAAA,Title,SAD,t,Text,\n")
    return path


def test_import_videos_prints_one_summary_line(db, videos):
    out, err = run(videos)

    assert out == ("new 1, updated 0, unchanged 0, labelled 1, history 0, refused 0\n")
    assert err == ""


def test_import_videos_with_bad_lines_keeps_the_rest_and_fails(db, videos, capsys):
    with videos.open("a") as file:
        file.write("bad\nBBBBBBBBBBB,,,,,\n")

    with pytest.raises(
        CommandError, match="1 lines refused, the rest is stored"
    ) as exc:
        call_command("import_videos", videos)

    assert exc.value.returncode == 1
    printed = capsys.readouterr()
    assert "new 2" in printed.out
    assert printed.err == "line 3: columns: 1 instead of 6\n"
    assert NewVideo.objects.count() == 2


def test_import_videos_reads_the_history(db, videos, tmp_path):
    history = tmp_path / "history.ndjson"
    history.write_text(
        '{"video_id": "AAAAAAAAAAA", "action": "label", "mood": "CHILL", "who": "ada",'
        ' "source": "admin", "at": "2026-01-31T12:00:00Z"}\n'
    )

    out, _ = run(videos, "--history", history)

    assert "labelled 0, history 1" in out
    assert NewVideo.objects.get().moods == "CHILL"


@pytest.mark.parametrize(
    ("data", "message"), [(b"", "it is empty"), (b"\x89PNG\r\n", "PNG image")]
)
def test_import_videos_refuses_another_file(db, tmp_path, data, message):
    path = tmp_path / "videos.csv"
    path.write_bytes(data)

    with pytest.raises(CommandError, match=message + ".*Nothing was imported"):
        run(path)


def test_import_videos_names_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="nowhere.csv.*Nothing was imported"):
        run(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AlreadyRunning("import_videos is already running."), 1),
        (OperationalError("server closed the connection\nunexpectedly"), 1),
        (Interrupted("Terminated"), 143),
        (KeyboardInterrupt(), 130),
    ],
)
def test_import_videos_says_in_one_line_that_it_stored_nothing(
    db, videos, monkeypatch, error, status
):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(command, "import_videos", fail)
    with pytest.raises(CommandError) as exc:
        run(videos)

    assert str(exc.value).endswith("Nothing was imported.")
    assert "\n" not in str(exc.value)
    assert exc.value.returncode == status
