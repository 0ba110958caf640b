import io
import json

import pytest

from songs.labelling import record, revert
from songs.labelling.record import LabelState
from songs.models import LabelRevert, MoodLabel, NewVideo
from songs.transfer import label_history
from songs.transfer.csv_import import import_videos
from songs.transfer.csv_rows import COLUMNS, RejectedRecord
from tests.songs.emptying import empty_the_catalogue

HEADER = ",".join(COLUMNS)
ACT = {
    "video_id": "AAAAAAAAAAA",
    "action": "label",
    "mood": "SAD",
    "who": "ada",
    "source": "admin",
    "at": "2026-01-31T12:00:00+01:00",
}


def ndjson(*acts) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(act) + "\n" for act in acts).encode())


def import_acts(*acts, rows=("AAAAAAAAAAA,,SAD,t,,",), **options):
    file = io.BytesIO("\n".join([HEADER, *rows]).encode())
    return import_videos(file, history=ndjson(*acts), **options)


def exported() -> list[dict[str, str]]:
    file = io.BytesIO()
    label_history.export_history(file)
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_export_history_writes_each_act_in_order(make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="adá", source="admin")
    record.set_label(video.pk, record.SKIPPED, who="bob", source="api")

    first, second = exported()

    assert list(first) == list(label_history.COLUMNS)
    assert (first["mood"], first["who"], first["source"]) == ("SAD", "adá", "admin")
    assert first["at"] == video.labels.earliest("at").at.isoformat()
    assert (second["action"], second["mood"]) == ("skip", None)


def test_history_carries_who_and_when_in_place_of_the_csv(db):
    imported = import_acts(ACT)

    assert (imported.new, imported.labelled, imported.history) == (1, 0, 1)
    act = MoodLabel.objects.get()
    assert (act.who, act.source) == ("ada", "admin")
    assert act.at.isoformat() == "2026-01-31T11:00:00+00:00"
    assert NewVideo.objects.get().moods == "SAD"


def test_history_is_imported_once(db):
    import_acts(ACT, ACT)

    assert import_acts(ACT).history == 0

    assert MoodLabel.objects.count() == 1


def test_history_keeps_the_order_of_acts_of_one_moment(db):
    acts = [ACT, ACT | {"action": "clear", "mood": None}, ACT | {"mood": "CHILL"}]

    import_acts(*acts)

    assert [act["mood"] for act in exported()] == ["SAD", None, "CHILL"]
    assert NewVideo.objects.get().moods == "CHILL"


def test_history_older_than_a_label_does_not_replace_it(make_video):
    video = make_video()
    record.label(video.pk, "HAPPY", who="bob", source="admin")

    imported = import_acts(ACT | {"video_id": video.pk}, rows=())

    assert imported.history == 1
    video.refresh_from_db()
    assert video.moods == "HAPPY"
    assert record.differing_from_history() == []


def test_history_leaves_other_videos_to_the_csv(db):
    rows = ["AAAAAAAAAAA,,SAD,t,,", "BBBBBBBBBBB,,HAPPY,t,,"]

    assert import_acts(ACT, rows=rows).labelled == 1

    assert [act["who"] for act in exported()] == ["import", "ada"]
    assert record.differing_from_history() == []


def test_history_survives_export_and_import(make_video):
    video = make_video()
    record.label(video.pk, "SAD", who='"\\\t\n', source="suggestion")
    record.set_label(video.pk, record.UNLABELLED, who="bob", source="api")
    before = exported()
    empty_the_catalogue()

    assert import_acts(*before, rows=[f"{video.pk},,,,,"]).history == 2

    assert exported() == before
    assert record.differing_from_history() == []


def test_history_survives_a_clock_that_went_wrong(db):
    import_acts(ACT | {"at": "2099-01-01T00:00:00Z"})
    record.set_label("AAAAAAAAAAA", record.UNLABELLED, who="ada", source="admin")
    record.label("AAAAAAAAAAA", "SAD", who="ada", source="admin")
    before = exported()
    empty_the_catalogue()

    import_acts(*before)

    assert NewVideo.objects.get().moods == "SAD"
    assert exported() == before


@pytest.fixture
def taken_back(make_video):
    """Ada said it is sad; bob that it is happy, which root took back."""
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")
    record.add_second_opinion(video.pk, LabelState("HAPPY", True), who="bob")
    bobs = revert.Selection("bob")
    revert.revert(bobs, last_act=video.labels.latest("id").pk, who="root")
    return video


def test_history_carries_what_was_taken_back(taken_back):
    before = exported()
    empty_the_catalogue()

    import_acts(*before, rows=[f"{taken_back.pk},,,,,"])

    assert [act.get("taken_back_by") for act in before] == [None, "root"]
    assert exported() == before
    assert [said.who for said in record.opinions(taken_back.pk)] == ["ada"]
    assert record.differing_from_history() == []


def test_history_takes_back_in_another_database_too(taken_back):
    before = exported()
    revert.undo(LabelRevert.objects.get(), who="root")
    assert import_acts(*before, rows=()).history == 0
    assert len(record.opinions(taken_back.pk)) == 2  # undone stays undone

    LabelRevert.objects.all().delete()
    import_acts(*before, rows=())

    assert len(record.opinions(taken_back.pk)) == 1


def test_history_of_an_unknown_video_is_refused_with_its_line(db):
    taken_back = {"taken_back_by": "root", "taken_back_at": ACT["at"]}
    imported = import_acts(ACT, ACT | {"video_id": "NOSUCHVIDEO"} | taken_back)

    assert (imported.history, imported.refused) == (1, 1)
    assert imported.reasons == [
        "history line 2: the catalogue has no video NOSUCHVIDEO"
    ]
    assert not LabelRevert.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"video_id": "short"},
        {"video_id": None},
        {"action": "like"},
        {"action": ["label"]},
        {"action": "skip"},
        {"mood": "SLEEPY"},
        {"mood": None},
        {"who": ""},
        {"who": "x" * 151},
        {"who": "a\0"},
        {"who": "\ud800"},
        {"who": 7},
        {"source": "rumour"},
        {"at": "yesterday"},
        {"at": "2026-01-31T12:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": None},
        {"more": 1},
        {"taken_back_by": "root"},
        {"taken_back_by": "root", "taken_back_at": None},
        {"taken_back_by": "root", "taken_back_at": "2026-01-31T12:00:00"},
        {"taken_back_by": "x" * 151, "taken_back_at": "2026-01-31T12:00:00Z"},
    ],
)
def test_read_refuses_what_is_no_act(change):
    refused, act = label_history.read(ndjson(ACT | change, ACT))

    assert isinstance(refused, RejectedRecord)
    assert (refused.line, act.line) == (1, 2)


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"7", b"\xff", b"[" * 9_000, b'{"who": "%b"}' % (b"x" * 50_000)],
)
def test_read_refuses_a_line_that_is_no_object(line):
    refused, act = label_history.read(io.BytesIO(line + b"\n" + ndjson(ACT).getvalue()))

    assert refused.reason.startswith("this is no label event: ")
    assert act.line == 2
