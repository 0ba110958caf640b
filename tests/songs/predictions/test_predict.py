from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from ml.moods import predict as moods
from songs.labelling import record
from songs.models import IngestRun, MoodModel, NewVideo
from songs.predictions import predict as classify
from tests.environment import environment
from tests.processes import output_of
from tests.songs.mood_models import label_some, store


@pytest.fixture
def labelled(make_video):
    label_some(make_video)


@pytest.fixture(autouse=True)
def forget_models():
    classify._shipped.cache_clear()
    classify._stored.cache_clear()


def test_shipped_model_predicts_until_one_is_promoted(make_video):
    make_video(video_description="furious metal rage")
    assert classify.predict_pending().version.startswith("shipped-")

    store("v1", live=True)

    assert classify.predict_pending() == classify.Predicted(videos=1, version="v1")
    assert NewVideo.objects.get().predicted_moods == "ANGRY"


def test_prediction_is_six_probabilities_with_version_and_time(make_video):
    make_video()
    classify.predict_pending()
    video = NewVideo.objects.get()
    assert set(video.mood_scores) == set(moods.MOODS)
    assert sum(video.mood_scores.values()) == pytest.approx(1, abs=1e-3)
    assert video.predicted_moods == max(video.mood_scores, key=video.mood_scores.get)
    assert video.predicted_by == classify.live().version
    assert video.predicted_at


def test_predict_pending_twice_scores_nothing_new(make_video):
    make_video()
    assert classify.predict_pending().videos == 1
    assert classify.predict_pending().videos == 0
    assert classify.predict_pending(everything=True).videos == 1


def test_predict_pending_scores_a_changed_text_again(make_video):
    video = make_video()
    classify.predict_pending()
    later = timezone.now() + timedelta(seconds=1)
    NewVideo.objects.filter(pk=video.pk).update(text_changed=later)
    assert classify.predict_pending().videos == 1


def test_predict_pending_leaves_a_text_that_changed_while_the_model_thought(
    make_video, monkeypatch
):
    video = make_video()
    predict = moods.MoodModel.predict

    def predict_slowly(model, texts):
        later = timezone.now() + timedelta(seconds=1)
        NewVideo.objects.filter(pk=video.pk).update(text_changed=later)
        return predict(model, texts)

    monkeypatch.setattr(classify, "ThreadPoolExecutor", SameThread)
    monkeypatch.setattr(moods.MoodModel, "predict", predict_slowly)

    classify.predict_pending()

    assert NewVideo.objects.get().predicted_moods is None


class SameThread(ThreadPoolExecutor):
    """Runs what is submitted at once, so that a test's thread may use the database."""

    def submit(self, work, *arguments):
        future = Future()
        future.set_result(work(*arguments))
        return future


def test_predict_pending_passes_over_gone_videos_and_blank_rows(make_video):
    make_video(video_title=None, video_description=None)
    make_video(gone_since=timezone.now(), gone_why="licence")
    assert classify.predict_pending().videos == 0


def test_predict_pending_never_touches_labels(labelled):
    before = list(NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled"))
    classify.predict_pending()
    after = list(NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled"))
    assert before == after
    assert record.differing_from_history() == []


def test_predict_pending_shows_how_far_it_is(make_video, monkeypatch):
    monkeypatch.setattr(classify, "BATCH_SIZE", 2)
    for _ in range(5):
        make_video()
    seen = []

    def look(done):
        seen.append(IngestRun.objects.values_list("found", "total").get())

    classify.predict_pending(progress=look)
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_predict_pending_goes_on_after_a_batch_that_failed(make_video, monkeypatch):
    monkeypatch.setattr(classify, "BATCH_SIZE", 2)
    for _ in range(5):
        make_video()
    with pytest.raises(ZeroDivisionError):
        classify.predict_pending(progress=lambda n: 1 / 0)
    assert classify.predict_pending().videos == 3
    assert IngestRun.objects.filter(job="predict_moods", status="failed").count() == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda row: {"content": bytes(row.content)[:-9]},
        lambda row: {"content": b"cos\nsystem\n(S'touch /tmp/owned'\ntR."},
        lambda row: {
            "manifest": row.manifest | {"libraries": {"scikit-learn": "0.20"}}
        },
        lambda row: {"manifest": {}},
    ],
    ids=["truncated", "foreign pickle", "other scikit-learn", "no manifest"],
)
def test_damaged_live_model_is_refused_and_predictions_stay(make_video, damage):
    make_video()
    row = store("v1", live=True)
    classify.predict_pending()
    MoodModel.objects.filter(pk="v1").update(**damage(row))
    classify._stored.cache_clear()

    with pytest.raises(classify.NoModel):
        classify.predict_pending()

    assert classify.health() == "refused"
    assert NewVideo.objects.get().predicted_by == "v1"


def test_web_process_imports_no_library_of_training():
    code = (
        "import sys, django; django.setup(); "
        "import api.urls, songs.admin, music_selector.urls; "
        "import songs.predictions.predict, songs.predictions.registry; "
        "heavy = {'sklearn', 'pandas', 'nltk', 'scipy.sparse'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    env = environment(DJANGO_SETTINGS_MODULE="music_selector.settings")
    assert output_of("-c", code, env=env) == "[]\n"


def test_predicting_with_the_shipped_model_needs_no_library_of_training():
    code = (
        "import sys; from ml.moods.files import load_shipped; "
        "from ml.moods.text import VideoText; "
        "load_shipped().predict([VideoText('A calm song', 'lofi rain')]); "
        "heavy = {'sklearn', 'pandas', 'nltk', 'scipy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert output_of("-c", code) == "[]\n"
