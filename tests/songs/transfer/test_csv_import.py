from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import pytest
from django.db import connection, connections, transaction

from background.locks import AlreadyRunning
from songs.labelling import record, revert
from songs.models import MoodLabel, NewVideo, Origin
from songs.transfer import csv_import, csv_rows
from tests.waiting import wait_until_somebody_waits_for_us

HEADER = ",".join(csv_rows.COLUMNS).encode() + b"\n"


def import_rows(*rows: str, **options):
    data = HEADER + "".join(f"{row}\n" for row in rows).encode()
    return csv_import.import_videos(BytesIO(data), **options)


def label(video_id="AAAAAAAAAAA"):
    return NewVideo.objects.values_list("moods", "labeled").get(pk=video_id)


def test_import_videos_stores_text_and_label(db):
    imported = import_rows('AAAAAAAAAAA,Title,SAD,t,"One\nTwo",')

    assert (
        str(imported)
        == "new 1, updated 0, unchanged 0, labelled 1, history 0, refused 0"
    )
    video = NewVideo.objects.get()
    assert (video.video_title, video.video_description) == ("Title", "One\nTwo")
    assert (video.origin, video.last_fetched) == (Origin.IMPORT, None)
    act = MoodLabel.objects.get()
    assert (act.video_id, act.action, act.mood) == ("AAAAAAAAAAA", "label", "SAD")
    assert (act.who, act.source) == ("import", "import")


def test_import_videos_takes_a_default_mood_for_no_judgement(db):
    import_rows("AAAAAAAAAAA,Seen,HAPPY,f,,", "BBBBBBBBBBB,Unseen,HAPPY,,,")

    assert label("AAAAAAAAAAA") == (None, False)
    assert label("BBBBBBBBBBB") == (None, None)
    assert MoodLabel.objects.get().action == "skip"


def test_import_videos_again_writes_nothing(db):
    rows = [
        "AAAAAAAAAAA,Title,SAD,t,Text,CHILL",
        'BBBBBBBBBBB,,,f,"",',
        "C" * 11 + ",,,,,",
    ]
    import_rows(*rows)
    versions = list(
        NewVideo.objects.order_by("pk").extra(select={"x": "xmin"}).values()
    )

    imported = import_rows(*rows, relabel=True)

    assert (
        str(imported)
        == "new 0, updated 0, unchanged 3, labelled 0, history 0, refused 0"
    )
    assert versions == list(
        NewVideo.objects.order_by("pk").extra(select={"x": "xmin"}).values()
    )
    assert MoodLabel.objects.count() == 2


def test_import_videos_updates_imported_text(db):
    import_rows("AAAAAAAAAAA,Old,,,,")
    before = NewVideo.objects.get().text_changed

    imported = import_rows("AAAAAAAAAAA,New,,,,")

    assert imported.updated == 1
    video = NewVideo.objects.get()
    assert video.video_title == "New"
    assert video.text_changed > before


@pytest.mark.parametrize("origin", [Origin.YOUTUBE, Origin.SAMPLE])
def test_import_videos_labels_but_never_rewrites_other_text(make_video, origin):
    video = make_video(origin=origin, video_title="From the API")

    imported = import_rows(f"{video.pk},Other,SAD,t,Other,")

    assert (imported.unchanged, imported.labelled) == (1, 1)
    video.refresh_from_db()
    assert (video.video_title, video.moods) == ("From the API", "SAD")


def test_import_videos_keeps_the_label_of_a_person(make_video):
    record.label(make_video().pk, "SAD", who="ada", source="admin")

    assert import_rows("VIDEO000001,,HAPPY,t,,").labelled == 0

    assert label("VIDEO000001") == ("SAD", True)


def test_import_videos_relabel_replaces_a_label_and_keeps_the_history(make_video):
    record.label(make_video().pk, "SAD", who="ada", source="admin")

    assert import_rows("VIDEO000001,,HAPPY,t,,", relabel=True).labelled == 1

    assert label("VIDEO000001") == ("HAPPY", True)
    assert MoodLabel.objects.count() == 2
    assert record.differing_from_history() == []


def clear_it():
    record.set_label("AAAAAAAAAAA", record.UNLABELLED, who="ada", source="admin")


def take_imports_back():
    revert.revert(revert.Selection("import"), last_act=10**9, who="ada")


@pytest.mark.parametrize("take_back", [clear_it, take_imports_back])
def test_import_videos_says_nothing_twice_unless_relabel(db, take_back):
    sad = "AAAAAAAAAAA,Title,SAD,t,,"
    import_rows(sad)
    take_back()

    assert import_rows(sad).labelled == 0
    assert label() == (None, None)
    assert import_rows(sad, relabel=True).labelled == 1
    assert record.differing_from_history() == []


def test_import_videos_labels_anew_what_was_taken_back_if_it_says_another_mood(db):
    import_rows("AAAAAAAAAAA,Title,SAD,t,,")
    take_imports_back()

    import_rows("AAAAAAAAAAA,Title,,f,,")
    assert label() == (None, False)
    take_imports_back()
    import_rows("AAAAAAAAAAA,Title,CHILL,t,,")

    assert label() == ("CHILL", True)


def test_import_videos_relabel_never_takes_a_label_back(make_video):
    record.label(make_video().pk, "SAD", who="ada", source="admin")

    import_rows("VIDEO000001,,,,,", relabel=True)

    assert label("VIDEO000001") == ("SAD", True)


def test_import_videos_marks_a_prediction_as_imported(db):
    import_rows("AAAAAAAAAAA,Title,,,,CHILL")

    video = NewVideo.objects.get()
    assert (video.predicted_moods, video.predicted_by) == ("CHILL", "import")
    assert video.mood_scores == {}
    assert NewVideo.objects.awaiting_prediction("recipe-1").get() == video


def test_import_videos_changes_only_imported_predictions(make_video, predicted):
    ours = make_video(**predicted("SAD", 0.9))
    none = make_video()
    import_rows("AAAAAAAAAAA,Title,,,,CHILL")

    imported = import_rows(
        f"{ours.pk},,,,,HAPPY", f"{none.pk},,,,,HAPPY", "AAAAAAAAAAA,Title,,,,ANGRY"
    )

    assert (imported.updated, imported.unchanged) == (2, 1)
    guesses = NewVideo.objects.order_by("pk").values_list("predicted_moods", flat=True)
    assert list(guesses) == ["ANGRY", "SAD", "HAPPY"]


def test_import_videos_refuses_bad_records_and_stores_the_rest(db):
    imported = import_rows("AAAAAAAAAAA,One,,,,", "short", "BBBBBBBBBBB,Two,,,,")

    assert (imported.new, imported.refused) == (2, 1)
    assert imported.reasons == ["line 3: columns: 1 instead of 6"]


def test_import_videos_keeps_the_first_reasons_and_counts_all(db):
    imported = import_rows(*["bad"] * 25)

    assert (len(imported.reasons), imported.refused) == (20, 25)


@pytest.mark.parametrize("batch_rows", [1, 2, 10])
def test_import_videos_takes_the_first_row_of_a_repeated_video(
    db, monkeypatch, batch_rows
):
    monkeypatch.setattr(csv_import, "BATCH_ROWS", batch_rows)

    imported = import_rows(
        "AAAAAAAAAAA,One,SAD,t,,", "BBBBBBBBBBB,,,,,", "AAAAAAAAAAA,Two,HAPPY,t,,"
    )

    assert (imported.new, imported.unchanged, imported.refused) == (2, 0, 1)
    assert imported.reasons[0].startswith("line 4: ")
    assert label() == ("SAD", True)


def test_import_videos_splits_batches_by_size_too(db, monkeypatch):
    monkeypatch.setattr(csv_import, "BATCH_BYTES", 3)

    assert import_rows("AAAAAAAAAAA,long,,,,", "BBBBBBBBBBB,long,,,,").new == 2


def test_import_videos_stores_nothing_when_it_is_stopped(db, monkeypatch):
    monkeypatch.setattr(csv_import, "BATCH_ROWS", 1)
    merge = csv_import._merge

    def stopped_at_the_second(batch, imported, **options):
        if imported.new:
            raise KeyboardInterrupt
        merge(batch, imported, **options)

    monkeypatch.setattr(csv_import, "_merge", stopped_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        import_rows("AAAAAAAAAAA,,SAD,t,,", "BBBBBBBBBBB,,,,,")

    assert not NewVideo.objects.exists()
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize("job", ["import_videos", "predict_moods"])
def test_import_videos_says_who_is_in_the_way(transactional_db, job):
    lock = "SELECT pg_advisory_lock(hashtext(%s))"
    with closing(connection.copy()) as other:
        other.cursor().execute(lock, [f"moodibeats.{job}"])
        with pytest.raises(AlreadyRunning, match=job):
            import_rows("AAAAAAAAAAA,,,,,")

    assert not NewVideo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_import_videos_yields_to_a_person_who_labels_meanwhile(make_video):
    video = make_video()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        record.label(video.pk, "SAD", who="ada", source="admin")
        importing = pool.submit(import_and_disconnect, video.pk)
        wait_until_somebody_waits_for_us()
    importing.result()

    assert label(video.pk) == ("SAD", True)
    assert video.labels.get().who == "ada"


def import_and_disconnect(video_id):
    with closing(connections["default"]):
        import_rows(f"{video_id},,HAPPY,t,,")


def test_import_videos_takes_the_real_table_of_2019(db, real_data):
    with (real_data / "moodibeats" / "videos.csv").open("rb") as file:
        imported = csv_import.import_videos(file)

    assert (
        str(imported)
        == "new 885, updated 0, unchanged 0, labelled 524, history 0, refused 0"
    )
    assert NewVideo.objects.labelled().count() == 484
    assert NewVideo.objects.filter(moods="HAPPY").count() == 126
    assert record.differing_from_history() == []
