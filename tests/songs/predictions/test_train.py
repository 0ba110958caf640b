from dataclasses import asdict, replace
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from background.locks import Interrupted
from ml.moods import files
from ml.moods.recipe import MOODS
from songs.labelling import record
from songs.models import IngestRun, ModelPromotion, MoodModel, NewVideo
from songs.predictions import train
from songs.predictions.ledger import PromotionDecision
from songs.predictions.registry import mood_ledger
from tests.ml.few_fits import few_fits
from tests.songs.mood_models import WORDS, label_some, store

COMMAND = ("train_moods", "--recipe", "seed2019")


@pytest.fixture(autouse=True)
def one_shuffle(monkeypatch):
    """A fifth of the protocol."""
    quick = partial(train.evaluate, seeds=(0,))
    monkeypatch.setattr(train, "evaluate", quick)
    with few_fits():
        yield


@pytest.fixture
def labelled(make_video):
    label_some(make_video)


@pytest.fixture
def trained(monkeypatch):
    """Has the next training leave `v1` with a verdict of the rule."""

    def leave(*, promote: bool) -> None:
        verdict = PromotionDecision(promote, "the rule says so", {"live": None})
        report = {"verdict": asdict(verdict)}
        monkeypatch.setattr(train, "train", lambda *_, **__: store("v1", report=report))

    return leave


def write_table(path, *rows):
    header = "video_id,video_title,moods,labeled,video_description,predicted_moods"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_labelled_videos_are_those_of_people_alone(labelled, make_video):
    skipped, _ = make_video(), make_video()
    record.set_label(skipped.pk, record.SKIPPED, who="ada", source="admin")
    found = train.labelled_videos()
    assert len(found.ids) == len(found.texts) == len(found.moods) == 24
    assert set(found.moods) == set(WORDS)
    assert found.texts[0].description.startswith("furious metal rage")


def test_train_stores_a_version_with_all_that_was_found_out(labelled):
    row = train.train("seed2019")

    assert (row.live, mood_ledger.live_version()) == (False, None)
    assert row.manifest["n_per_mood"]["ANGRY"] == 8
    metrics = row.manifest["metrics"]
    assert metrics["data_digest"] == row.manifest["data_digest"]
    assert metrics["grouped"]["majority"]["accuracy"] <= 8 / 24
    assert row.report["metrics"] == metrics
    assert row.report["learning_curve"]["points"]
    assert row.report["verdict"]["comparison"]["live"] is None
    assert set(row.held_out) == set(NewVideo.objects.values_list("pk", flat=True))
    assert all(list(scores) == list(MOODS) for scores in row.held_out.values())


def test_train_puts_the_threshold_of_the_evaluation_into_the_file(
    labelled, monkeypatch
):
    evaluate = train.evaluate

    def surely(*arguments, **options):
        judged = evaluate(*arguments, **options)
        return replace(judged, sure=replace(judged.sure, sure_from=0.61))

    monkeypatch.setattr(train, "evaluate", surely)
    row = train.train("seed2019")
    manifest = files.Manifest.from_dict(row.manifest)
    assert files.load(row.content, manifest).sure_from == 0.61


def test_train_shows_how_far_it_is(labelled, monkeypatch):
    seen = []
    learning_curve = train.learning_curve

    def look(*arguments, **options):
        seen.append(IngestRun.objects.values_list("found", "total").get())
        return learning_curve(*arguments, **options)

    monkeypatch.setattr(train, "learning_curve", look)
    train.train("seed2019")
    run = IngestRun.objects.get()
    [(found, total)] = seen
    assert total - found == train.CURVE_STEPS
    assert run.found == run.total > found >= 2
    assert (run.updated, run.status) == (1, "succeeded")


@pytest.mark.parametrize("error", [Interrupted(), MemoryError()])
def test_train_that_is_cut_off_leaves_no_version(labelled, monkeypatch, error):
    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr(train.training, "train", fail)
    with pytest.raises(type(error)):
        train.train("seed2019")
    assert not MoodModel.objects.exists()
    assert IngestRun.objects.get().status != "running"


def test_train_moods_leaves_the_live_model_unless_told(db, trained, capsys):
    trained(promote=True)
    call_command(*COMMAND)
    assert mood_ledger.live_version() is None
    assert capsys.readouterr().out == "trained v1, not live\n"


def test_train_moods_promotes_if_the_rule_says_so_and_predicts(
    make_video, trained, capsys
):
    make_video()
    trained(promote=True)
    call_command(*COMMAND, "--promote")
    assert capsys.readouterr().out == (
        "trained v1, now live: the rule says so; predicted 1 videos with v1\n"
    )
    promotion = ModelPromotion.objects.get()
    assert (promotion.forced, promotion.comparison) == (False, {"live": None})


def test_train_moods_keeps_the_live_model_if_the_rule_says_so(db, trained, capsys):
    trained(promote=False)
    call_command(*COMMAND, "--promote")
    assert mood_ledger.live_version() is None
    expected = "trained v1; not promoted: the rule says so\n"
    assert capsys.readouterr().out == expected


def test_train_moods_can_be_forced_with_a_reason(db, trained):
    trained(promote=False)
    call_command(*COMMAND, "--force", "the rule knows no jazz")
    promotion = ModelPromotion.objects.get()
    assert (promotion.forced, promotion.reason) == (True, "the rule knows no jazz")
    assert mood_ledger.live_version() == "v1"


def test_train_moods_from_a_file_with_groups(db, tmp_path):
    rows = [
        f"{mood[:3]}{n:08},Song {n},{mood},t,{words} take{n},HAPPY"
        for mood, words in WORDS.items()
        for n in range(8)
    ]
    file = write_table(tmp_path / "v.csv", *rows, "x" * 11 + ",A,HAPPY,,default,")
    groups = tmp_path / "g.csv"
    lines = [f"{row[:11]},{n}" for n, row in enumerate(rows)]
    groups.write_text("\n".join(["video_id,group", *lines]) + "\n")

    call_command(*COMMAND, "--from", str(file), "--groups", str(groups))

    row = MoodModel.objects.get()
    assert len(row.held_out) == row.manifest["metrics"]["n_groups"] == 24


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((), "no labelled video"),
        (("a" * 11 + ",A,HAPPI,t,words,",), "'HAPPI' is not a mood"),
    ],
)
def test_train_moods_from_a_file_that_teaches_nothing(db, tmp_path, rows, message):
    file = write_table(tmp_path / "v.csv", *rows)
    with pytest.raises(CommandError, match=message):
        call_command(*COMMAND, "--from", str(file))
    run = IngestRun.objects.get()
    assert (run.status, message in run.error) == ("failed", True)


def test_train_moods_from_a_file_that_is_missing(db, tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv.*stays as it was"):
        call_command(*COMMAND, "--from", str(tmp_path / "none.csv"))


@pytest.mark.parametrize("n_labels", [0, 1, 2])
def test_train_moods_with_too_few_labels_changes_nothing(make_video, n_labels):
    for mood in ["SAD", "CHILL"][:n_labels]:
        record.label(make_video().pk, mood, who="ada", source="admin")
    with pytest.raises(CommandError, match="the live model stays"):
        call_command(*COMMAND, "--promote")
    assert not MoodModel.objects.exists()


def test_train_moods_with_empty_texts_changes_nothing(labelled):
    NewVideo.objects.update(video_description="")
    with pytest.raises(CommandError, match="no words"):
        call_command(*COMMAND)


def test_train_moods_waits_for_enough_new_labels(make_video, capsys):
    label_some(make_video)
    call_command(*COMMAND, "--if-new-labels", "1")
    assert capsys.readouterr().out == "0 new labels, not 1: not trained\n"
    assert not IngestRun.objects.exists()


def test_train_moods_counts_no_new_labels_of_a_file(db, tmp_path):
    with pytest.raises(CommandError, match="no --from"):
        call_command(*COMMAND, "--if-new-labels", "1", "--from", "videos.csv")


def test_compare_again_asks_the_rule_about_todays_labels(labelled):
    row = train.train("seed2019")
    NewVideo.objects.filter(pk="VIDEO000009").update(video_title="Another")

    verdict = train.compare_again(row.version)

    assert verdict.comparison["recipe"] == "seed2019"
    assert verdict.comparison["data_digest"] != row.manifest["data_digest"]
    assert IngestRun.objects.count() == 2
