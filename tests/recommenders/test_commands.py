"""`train_recommender`, `rollback_recommender` and `plot_recommender`."""

import pytest
from django.core.management import CommandError, call_command

from background import locks
from recommenders.models import TrainingState
from recommenders.training import train
from recommenders.training.in_progress import request_training
from tests.recommenders.plays import add_version, two_tastes

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"


def test_train_recommender_trains_and_says_what_became_of_it(make_recommender, capsys):
    make_recommender()
    call_command("train_recommender", "two-tastes")
    said = capsys.readouterr().out
    assert said.startswith(
        "trained version 1 of two-tastes on 360 likes of 16 items by 60, now live: "
        "the first version; nDCG@10"
    )


def test_train_recommender_goes_on_with_what_was_begun(make_recommender, capsys):
    begun = request_training(make_recommender(), who="olga")
    call_command("train_recommender", "two-tastes")
    begun.refresh_from_db()
    assert (begun.state, begun.who_asked) == (TrainingState.READY, "olga")


def test_train_recommender_names_those_there_are(trained):
    with pytest.raises(CommandError, match="no recommender 'x'; there is: two-tastes"):
        call_command("train_recommender", "x")


def test_train_recommender_says_in_one_line_why_it_failed(make_recommender):
    make_recommender(preparation={"min_per_what": 99})
    with pytest.raises(CommandError, match="of 360 rows no like is left") as caught:
        call_command("train_recommender", "two-tastes")
    assert (caught.value.returncode, "\n" in str(caught.value)) == (1, False)


def test_train_recommender_leaves_the_work_to_who_is_at_it(
    make_recommender, capsys, monkeypatch
):
    def refuse(work):
        raise locks.AlreadyRunning(f"{work} is already running.")

    make_recommender()
    monkeypatch.setattr(locks, "alone", refuse)
    call_command("train_recommender", "two-tastes")
    said = capsys.readouterr().out
    assert said == "training of two-tastes is already running.\n"


def test_rollback_recommender_goes_back(trained, capsys):
    add_version(trained.dataset, two_tastes(seed=1))
    call_command("train_recommender", "two-tastes", force="new rows")
    call_command("rollback_recommender", "two-tastes", reason="worse")
    assert "version 1 of two-tastes is live again" in capsys.readouterr().out
    with pytest.raises(CommandError, match="the first there was"):
        call_command("rollback_recommender", "two-tastes", reason="worse")


def test_plot_recommender_writes_png_files(trained, tmp_path, capsys):
    folder = tmp_path / "new" / "charts"
    call_command("plot_recommender", "two-tastes", folder, top=5)
    assert capsys.readouterr().out == f"wrote 6 charts to {folder}\n"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [*sorted(files)] == [
        f"{kind}-{figure}.png"
        for kind in ("distribution", "top")
        for figure in ("average", "listeners", "plays")
    ]
    assert all(data.startswith(PNG) and len(data) > 5000 for data in files.values())


def test_plot_recommender_says_in_each_title_what_is_drawn(
    trained, tmp_path, monkeypatch
):
    said = []
    monkeypatch.setattr(
        "matplotlib.axes.Axes.set_title", lambda axes, text, **how: said.append(text)
    )
    call_command("plot_recommender", "two-tastes", tmp_path)
    assert "Two tastes: distribution of plays of a listener, on average" in said


def test_plot_recommender_needs_a_trained_one_and_a_folder(make_recommender, tmp_path):
    recommender = make_recommender()
    with pytest.raises(CommandError, match="has not learned yet"):
        call_command("plot_recommender", "two-tastes", tmp_path)
    train.train(request_training(recommender, who="olga"))
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="file: "):
        call_command("plot_recommender", "two-tastes", tmp_path / "file")
