from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ml.moods import files
from songs.models import ModelPromotion, MoodModel, NewVideo
from songs.predictions import predict, registry
from songs.predictions.registry import Cause, promote, rollback
from tests.songs.mood_models import store

FORCED = Cause("ada", "because", forced=True)


def after(live: str | None, reason: str = "better") -> Cause:
    return Cause("rule", reason, comparison={"live": live})


def live() -> str | None:
    return registry.live_version()


def test_promote_makes_one_version_live_and_writes_the_ledger(db):
    store("v1"), store("v2")
    promote("v1", after(None))
    promote("v2", Cause("ada", " I like it ", forced=True))

    assert list(MoodModel.objects.filter(live=True)) == [MoodModel(pk="v2")]
    rows = ModelPromotion.objects.values_list("model_id", "who", "reason", "forced")
    assert list(rows) == [
        ("v1", "rule", "better", False),
        ("v2", "ada", "I like it", True),
    ]


def test_promote_refuses_a_comparison_with_what_is_no_longer_live(db):
    store("v1"), store("v2")
    promote("v1", FORCED)
    with pytest.raises(registry.LiveChanged):
        promote("v2", after(None))
    assert live() == "v1"


@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("live", registry.AlreadyLive),
        ("damaged", registry.Unusable),
        ("unknown", registry.UnknownVersion),
    ],
)
def test_promote_that_is_refused_changes_nothing(db, version, error):
    store("live"), store("damaged", content=b"nothing")
    promote("live", FORCED)
    with pytest.raises(error):
        promote(version, FORCED)
    assert live() == "live"
    assert ModelPromotion.objects.count() == 1


def test_cause_without_a_reason_is_refused():
    with pytest.raises(registry.NoReason):
        Cause("ada", " \n")


def test_rollback_goes_back_step_by_step_to_the_shipped_model(db):
    store("v1"), store("v2")
    promote("v1", FORCED)
    promote("v2", FORCED)

    assert [rollback(who="ada", reason="odd") for _ in range(2)] == ["v1", None]
    assert predict.live().version.startswith("shipped-")
    with pytest.raises(registry.NothingBefore):
        rollback(who="ada", reason="odd")
    rows = ModelPromotion.objects.values_list("model_id", "reason")
    assert list(rows)[2:] == [("v1", "odd"), (None, "odd")]


def test_rollback_returns_to_what_was_promoted_last_before(db):
    store("v1"), store("v2")
    for version in ("v1", "v2", "v1"):
        promote(version, FORCED)
    assert rollback(who="ada", reason="odd") == "v2"
    promote("v1", FORCED)
    assert rollback(who="ada", reason="odd") == "v2"
    assert rollback(who="ada", reason="odd") == "v1"


def test_rollback_to_a_damaged_version_changes_nothing(db):
    store("v1"), store("v2")
    promote("v1", FORCED)
    promote("v2", FORCED)
    MoodModel.objects.filter(pk="v1").update(content=b"")
    with pytest.raises(registry.Unusable):
        rollback(who="ada", reason="odd")
    assert live() == "v2"


def test_rollback_without_a_shipped_model_changes_nothing(db, monkeypatch, tmp_path):
    store("v1")
    promote("v1", FORCED)
    monkeypatch.setattr(files, "SHIPPED_MODEL", tmp_path / "none")
    with pytest.raises(registry.Unusable, match="missing"):
        rollback(who="ada", reason="odd")
    assert live() == "v1"


@pytest.mark.django_db(transaction=True)
def test_two_promotions_at_once_leave_one_live_model():
    store("v1"), store("v2"), store("v3")
    promote("v1", FORCED)

    def promote_beside(version: str) -> None:
        try:
            promote(version, FORCED)
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        list(threads.map(promote_beside, ["v2", "v3"]))
    assert live() == ModelPromotion.objects.latest("id").model_id
    assert ModelPromotion.objects.count() == 3


def test_rollback_moods_predicts_with_the_model_that_is_live_again(make_video, capsys):
    make_video()
    store("v1")
    promote("v1", FORCED)
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
