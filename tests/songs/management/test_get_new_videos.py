import logging
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from background.locks import AlreadyRunning
from sandbox import Server
from songs.ingestion import runs
from songs.models import IngestRun, NewVideo, SearchProfile, VideoVector
from songs.predictions import predict
from songs.similar import embeddings, pgvector
from tests.songs.sandboxed import KEY

pytestmark = pytest.mark.django_db

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(server: Server, profile: SearchProfile, settings, capsys, monkeypatch) -> Run:
    """Runs the command against the sandbox; what it printed and what it warned of."""
    settings.DEVELOPER_KEY = KEY
    settings.YOUTUBE_API_ENDPOINT = server.url
    monkeypatch.setattr(
        predict, "predict_pending", lambda: predict.Predicted(7, "test")
    )
    compared = embeddings.EmbedSummary(videos=7, forgotten=0)
    monkeypatch.setattr(embeddings, "embed_pending", lambda: compared)

    def run(*options: str) -> tuple[str, str]:
        call_command("get_new_videos", *options)
        return tuple(capsys.readouterr())

    return run


def test_it_says_what_users_of_2019_look_for_and_sums_up(run: Run):
    out, err = run("--pages=1")

    assert out.splitlines() == [
        "Pulling data from YouTube API and saving",
        (
            "found 50: 50 new, 0 updated, 0 unchanged, 0 refused; "
            "spent 1 searches, 1 units; predicted 7 moods; "
            "compared 7 videos"
        ),
    ]
    assert err == ""


def test_refusals_are_counted_by_reason(run: Run, server: Server):
    server.change("sandbox0001", license="youtube")
    server.change("sandbox0002", privacy="private")
    out, _ = run("--pages=4")

    assert "178 new" in out
    assert "2 refused (licence 1, unavailable 1)" in out


def test_predictions_are_left_out_on_demand(run: Run):
    assert "predicted" not in run("--pages=1", "--no-predict")[0]


@pytest.mark.parametrize(
    "trouble", [predict.NoModel("There is none."), AlreadyRunning("It runs.")]
)
def test_pull_without_predictions_is_no_failure(
    run: Run, monkeypatch, trouble: Exception
):
    def predict_pending() -> None:
        raise trouble

    monkeypatch.setattr(predict, "predict_pending", predict_pending)
    out, err = run("--pages=1")

    assert "50 new" in out
    assert err.strip() == f"No moods predicted: {trouble}"


@pytest.mark.parametrize(
    ("trouble", "warning"),
    [
        (pgvector.NoPgvector("There is none."), ""),
        (AlreadyRunning("It runs."), "No videos compared: It runs.\n"),
    ],
)
def test_pull_without_comparing_is_no_failure(
    run: Run, monkeypatch, trouble: Exception, warning: str
):
    def embed_pending() -> None:
        raise trouble

    monkeypatch.setattr(embeddings, "embed_pending", embed_pending)
    out, err = run("--pages=1")

    assert out.endswith("predicted 7 moods\n")
    assert err == warning


def test_moods_are_predicted_and_videos_compared_in_the_same_run(
    server: Server, settings, profile, capsys
):
    settings.DEVELOPER_KEY, settings.YOUTUBE_API_ENDPOINT = KEY, server.url
    call_command("get_new_videos", "--pages=1")

    assert "predicted 50 moods" in capsys.readouterr().out
    assert not NewVideo.objects.filter(predicted_moods=None).exists()
    assert VideoVector.objects.exclude(embedding=None).count() == 50


def test_max_results_and_query_reach_youtube(run: Run, server: Server):
    run("--query", "rain & tea", "--max-results=7", "--pages=1")

    params = server.requests[0].params
    assert (params["q"], params["maxResults"]) == ("rain & tea", "7")
    assert NewVideo.objects.count() == 7


def test_profile_is_walked_though_it_is_disabled(run: Run, server: Server):
    run("--profile", "instrumental edm", "--pages=1")

    assert server.requests[0].params["q"] == "instrumental edm"


def test_unknown_profile_is_refused_with_the_names(run: Run):
    with pytest.raises(CommandError, match="No profile is named 'x'.*instrumental edm"):
        run("--profile=x")


def test_query_beside_a_profile_is_refused(run: Run, server: Server):
    with pytest.raises(CommandError, match="not allowed with"):
        run("--query=rain", "--profile=instrumental")

    assert server.requests == []


def test_budget_ends_the_run_with_a_warning(run: Run, server: Server):
    out, err = run("--budget=2")

    assert "spent 2 searches" in out
    assert err.strip() == "The budget is spent; the next run goes on from here."


def test_spent_quota_is_a_warning_that_names_the_reset(run: Run, server: Server):
    server.faults = ["quotaExceeded@search:2"]
    out, err = run()

    assert "50 new" in out
    assert "go on at 20" in err
    assert "UTC (midnight Pacific time)" in err


def test_dry_run_says_that_it_stored_nothing(run: Run):
    out, _ = run("--dry-run", "--pages=1")

    assert "dry run, nothing stored: found 50: 50 new" in out
    assert "spent 1 searches" in out
    assert not NewVideo.objects.exists()


@pytest.mark.parametrize(
    "option",
    ["--budget=0", "--pages=0", "--max-results=51", "--budget=-1", "--pages=x"],
)
def test_numbers_out_of_range_are_refused(run: Run, option: str):
    with pytest.raises(CommandError, match="use a number from 1 to"):
        run(option)


def test_no_key_and_no_endpoint_names_developer_key(run: Run, settings):
    settings.DEVELOPER_KEY = settings.YOUTUBE_API_ENDPOINT = ""
    with pytest.raises(CommandError, match="DEVELOPER_KEY is not set"):
        run()


def test_endpoint_without_a_key_gives_samples(run: Run, settings):
    settings.DEVELOPER_KEY = ""
    run("--pages=1")

    assert set(NewVideo.objects.values_list("origin", flat=True)) == {"sample"}


def test_refused_key_fails_and_is_nowhere(run: Run, server: Server, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    server.faults = ["keyInvalid"]
    with pytest.raises(CommandError, match="not a valid API key") as failure:
        run()

    printed = capsys.readouterr()
    assert failure.value.returncode == 1
    assert KEY not in f"{failure.getrepr()}{printed}{caplog.text}"
    assert IngestRun.objects.get().status == "failed"


def test_second_run_at_the_same_time_says_so(run: Run, monkeypatch):
    def exclusive(job: str) -> None:
        raise AlreadyRunning(f"{job} is already running.")

    monkeypatch.setattr(runs, "exclusive", exclusive)

    assert "get_new_videos is already running." in run()[0]


def test_refused_search_fails_after_the_summary(run: Run, capsys):
    SearchProfile.objects.update(enabled=True)
    SearchProfile.objects.filter(name="instrumental").update(video_duration="tiny")
    with pytest.raises(CommandError, match="Search 'instrumental': YouTube refused"):
        run("--pages=1")

    assert "predicted 7 moods" in capsys.readouterr().out
