from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ml.moods import files
from songs.models import ModelPromotion, MoodModel, NewVideo
from songs.predictions import ledger, predict
from songs.predictions.ledger import ChangeReason
from songs.predictions.registry import UnknownVersion, mood_ledger
from tests.songs.mood_models import store

FORCED = ChangeReason("ada", "because", forced=True)


def after(live: str | None, reason: str = "better") -> ChangeReason:
    return ChangeReason("rule", reason, comparison={"live": live})


def live() -> str | None:
    return mood_ledger.live_version()


def test_promote_makes_one_version_live_and_writes_the_ledger(db):
    store("v1"), store("v2")
    mood_ledger.promote("v1", after(None))
    mood_ledger.promote("v2", ChangeReason("ada", " I like it ", forced=True))

    assert list(MoodModel.objects.filter(live=True)) == [MoodModel(pk="v2")]
    rows = ModelPromotion.objects.values_list("model_id", "who", "reason", "forced")
    assert list(rows) == [
        ("v1", "rule", "better", False),
        ("v2", "ada", "I like it", True),
    ]


def test_promote_refuses_a_comparison_with_what_is_no_longer_live(db):
    store("v1"), store("v2")
    mood_ledger.promote("v1", FORCED)
    with pytest.raises(ledger.LiveChanged):
        mood_ledger.promote("v2", after(None))
    assert live() == "v1"


@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("live", ledger.AlreadyLive),
        ("damaged", ledger.Unusable),
        ("unknown", UnknownVersion),
    ],
)
def test_promote_that_is_refused_changes_nothing(db, version, error):
    store("live"), store("damaged", content=b"nothing")
    mood_ledger.promote("live", FORCED)
    with pytest.raises(error):
        mood_ledger.promote(version, FORCED)
    assert live() == "live"
    assert ModelPromotion.objects.count() == 1


def test_change_reason_without_a_reason_is_refused():
    with pytest.raises(ledger.NoReason):
        ChangeReason("ada", " \n")


def test_rollback_goes_back_step_by_step_to_the_shipped_model(db):
    store("v1"), store("v2")
    mood_ledger.promote("v1", FORCED)
    mood_ledger.promote("v2", FORCED)

    assert [mood_ledger.roll_back(who="ada", reason="odd") for _ in range(2)] == [
        "v1",
        None,
    ]
    assert predict.live().version.startswith("shipped-")
    with pytest.raises(ledger.NothingBefore):
        mood_ledger.roll_back(who="ada", reason="odd")
    rows = ModelPromotion.objects.values_list("model_id", "reason")
    assert list(rows)[2:] == [("v1", "odd"), (None, "odd")]


def test_rollback_returns_to_what_was_promoted_last_before(db):
    store("v1"), store("v2")
    for version in ("v1", "v2", "v1"):
        mood_ledger.promote(version, FORCED)
    assert mood_ledger.roll_back(who="ada", reason="odd") == "v2"
    mood_ledger.promote("v1", FORCED)
    assert mood_ledger.roll_back(who="ada", reason="odd") == "v2"
    assert mood_ledger.roll_back(who="ada", reason="odd") == "v1"


def test_rollback_to_a_damaged_version_changes_nothing(db):
    store("v1"), store("v2")
    mood_ledger.promote("v1", FORCED)
    mood_ledger.promote("v2", FORCED)
    MoodModel.objects.filter(pk="v1").update(content=b"")
    with pytest.raises(ledger.Unusable):
        mood_ledger.roll_back(who="ada", reason="odd")
    assert live() == "v2"


def test_rollback_without_a_shipped_model_changes_nothing(db, monkeypatch, tmp_path):
    store("v1")
    mood_ledger.promote("v1", FORCED)
    monkeypatch.setattr(files, "SHIPPED_MODEL", tmp_path / "none")
    with pytest.raises(ledger.Unusable, match="missing"):
        mood_ledger.roll_back(who="ada", reason="odd")
    assert live() == "v1"


@pytest.mark.django_db(transaction=True)
def test_two_promotions_at_once_leave_one_live_model():
    store("v1"), store("v2"), store("v3")
    mood_ledger.promote("v1", FORCED)

    def promote_at_once(version: str) -> None:
        try:
            mood_ledger.promote(version, FORCED)
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        list(threads.map(promote_at_once, ["v2", "v3"]))
    assert live() == ModelPromotion.objects.latest("id").model_id
    assert ModelPromotion.objects.count() == 3


def test_rollback_moods_predicts_with_the_model_that_is_live_again(make_video, capsys):
    make_video()
    store("v1")
    mood_ledger.promote("v1", FORCED)
    predict.predict_pending()

    call_command("rollback_moods", "--reason", "too many angry ones")

    version = NewVideo.objects.get().predicted_by
    assert version.startswith("shipped-")
    assert capsys.readouterr().out == (
        f"the shipped model is live again; predicted 1 videos with {version}\n"
    )
    assert ModelPromotion.objects.last().reason == "too many angry ones"


def test_rollback_moods_with_nothing_before_says_so(db):
    with pytest.raises(CommandError, match="No promotion can be taken back"):
        call_command("rollback_moods", "--reason", "odd")


def test_rollback_moods_wants_a_reason(db):
    with pytest.raises(CommandError, match="--reason: say why"):
        call_command("rollback_moods", "--reason", " ")
