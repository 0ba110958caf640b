"""`evaluate_moods` on the catalogue or a file, with a report or a clear error."""

import json
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from ml.evaluation import evaluate
from songs.management.commands import evaluate_moods
from songs.models import MoodModel
from tests.ml.few_fits import few_fits
from tests.ml.labelled_texts import labelled_texts
from tests.songs.mood_models import label_some

HEADER = "video_id,video_title,moods,labeled,video_description,predicted_moods"
TITLE = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_shuffle(monkeypatch):
    """A fifth of the protocol."""
    quick = partial(evaluate.evaluate, seeds=(0,))
    monkeypatch.setattr(evaluate_moods, "evaluate", quick)
    with few_fits():
        yield


@pytest.fixture
def table(tmp_path):
    """48 labelled videos, every fifth wrongly, and as many with a default mood."""
    texts, moods = labelled_texts()
    wrong = [moods[(i + 1) % 48] if i % 5 == 0 else m for i, m in enumerate(moods)]
    rows = [
        f"VIDEO{i:06},{TITLE} {i},{mood},t,{text.description},"
        for i, (text, mood) in enumerate(zip(texts, wrong, strict=True))
    ]
    defaults = [f"UNLABELLED{i:05},Unseen,HAPPY,,nobody looked," for i in range(48)]
    path = tmp_path / "videos.csv"
    path.write_text("\n".join([HEADER, *rows, *defaults]))
    return path


@pytest.fixture
def run(capsys):
    def call(*arguments):
        command = ("evaluate_moods", "--recipe", "seed2019", "--jobs", "1")
        call_command(*command, *map(str, arguments))
        return capsys.readouterr().out

    return call


def test_evaluate_moods_judges_the_catalogue_and_stores_nothing(make_video, run):
    label_some(make_video)

    printed = run()

    assert "24 labelled videos" in printed
    assert "against majority: macro-F1" in printed
    assert not MoodModel.objects.exists()


def test_evaluate_moods_compares_with_the_recipe_of_the_live_model(make_video, run):
    label_some(make_video)

    assert "against lexicon-tfidf: macro-F1" in run()


def test_evaluate_moods_of_a_file_takes_no_default_mood(table, run):
    assert "48 labelled videos" in run("--from", table)


def test_evaluate_moods_takes_groups_from_a_file(table, tmp_path, run):
    groups = tmp_path / "groups.csv"
    lines = [f"VIDEO{i:06},{i % 10}" for i in range(48)]
    groups.write_text("\n".join(["video_id,group", *lines]))

    assert "48 labelled videos, 10 groups" in run("--from", table, "--groups", groups)


def test_evaluate_moods_writes_a_report(table, tmp_path, run):
    folder = tmp_path / "a" / "new folder"

    printed = run("--from", table, "--report", folder)

    assert f"wrote {folder}/report.html and report.json" in printed
    report = json.loads((folder / "report.json").read_text())
    assert report["metrics"]["n_videos"] == 48
    assert report["learning_curve"]["points"]
    page = (folder / "report.html").read_text()
    first = report["mistakes"][0]["video_id"]
    assert f"watch?v={first}" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


def test_evaluate_moods_says_before_the_work_that_no_report_can_be_written(
    table, run, monkeypatch
):
    monkeypatch.setattr(evaluate_moods, "evaluate", lambda *_, **__: pytest.fail())

    with pytest.raises(CommandError, match=r"No report can be written: .*videos\.csv"):
        run("--from", table, "--report", table)


def test_evaluate_moods_leaves_no_folder_after_an_error(tmp_path, run):
    with pytest.raises(CommandError, match=r"none\.csv: No such file"):
        run("--from", tmp_path / "none.csv", "--report", tmp_path / "report")

    assert not (tmp_path / "report").exists()


def test_evaluate_moods_without_labels_says_what_to_do(run):
    with pytest.raises(CommandError, match="label videos of at least two moods"):
        run()


def test_evaluate_moods_says_that_a_process_was_killed(table, run, monkeypatch):
    def killed(*_, **__):
        raise BrokenProcessPool("a worker was terminated")

    monkeypatch.setattr(evaluate_moods, "evaluate", killed)

    with pytest.raises(CommandError, match="Try --jobs 1"):
        run("--from", table)
