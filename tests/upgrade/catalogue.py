"""Videos of a sandbox and of a file."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.upgrade.product import model, rows, run, signed_in

WORDS = {
    "ANGRY": "furious metal rage, loud drums and a scream",
    "CHILL": "calm lofi rain with a soft piano",
    "CONFIDENT-SASSY": "cocky bass line, finger snaps and attitude",
    "HAPPY": "sunny ukulele, a smile and hand claps",
    "IN-LOVE": "a tender kiss, a ballad for my darling",
    "SAD": "tears, a lonely cello and a goodbye",
}
LABELLED_MOODS = ("ANGRY", "CHILL", "HAPPY")  # three train in half the time of six
SUBJECTS = (  # so that no two videos are taken for the same one
    ("lighthouse", "tramway", "orchard", "harbour", "glacier", "bakery", "attic"),
    ("winter", "midnight", "August", "yesterday", "dawn"),
    ("my sister", "the mayor", "two cats", "a stranger"),
    ("violin", "clarinet", "tape loops"),
)
N_VIDEOS, N_LABELLED, A_PAGE = 60, 36, 20


def video(number: int) -> str:
    return f"UPGRADE-{number:03}"


def mood_of(number: int) -> str:
    """What is said of a video; of those that nobody labels its words tell of the six."""
    moods = LABELLED_MOODS if number <= N_LABELLED else [*WORDS]
    return moods[number % len(moods)]


def subject(number: int) -> list[str]:
    return [words[number % len(words)] for words in SUBJECTS]


def write(work: Path) -> Path:
    """Songs whose words tell their moods, in turn."""
    path = work / "catalogue.csv"
    with path.open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["video_id", "video_title", "video_description"])
        for number in range(1, N_VIDEOS + 1):
            words, about = WORDS[mood_of(number)], subject(number)
            when = "early" if number <= 2 * A_PAGE else "late"  # as a search ranks
            title = f"{about[0].title()} song {number}, {when}"
            rows.writerow([video(number), title, f"{words}. About {', '.join(about)}."])
    return path


def samples() -> None:
    """The sandbox's own catalogue, as who tries the product has it first."""
    run("get_new_videos", pages=1, max_results=20, query="instrumental")
    client = signed_in("ben")
    for video_id in sorted(rows("songs", "NewVideo"))[:2]:
        label(client, video_id, "HAPPY")


def pulled(youtube: Any) -> None:
    """Real videos: a walk that stands in its middle, refusals, comments, a licence lost."""
    profiles = model("songs", "SearchProfile")
    profiles.objects.update(enabled=False)
    profiles.objects.create(name="upgrade", query="early", video_duration="any")
    run("get_new_videos", profile="upgrade", budget=2, max_results=A_PAGE)
    run("get_new_comments", videos=5)
    videos = model("songs", "NewVideo").objects.filter(origin="youtube")
    assert videos.count() == 2 * A_PAGE - 2, videos.count()
    videos.filter(pk__in=[video(n) for n in (3, 4, 5)]).update(
        last_fetched=datetime.now(UTC) - timedelta(days=26)
    )
    youtube.change(video(3), license="youtube")
    youtube.change(video(4), title="Song 4: furious metal rage, again")
    run("refresh_videos")


def imported(work: Path) -> None:
    """Rows of a file, with judgements for many videos at once."""
    path = work / "imported.csv"
    with path.open("w", newline="") as lines:
        names = ["video_id", "video_title", "moods", "labeled", "video_description"]
        table = csv.writer(lines)
        table.writerow([*names, "predicted_moods"])
        for number, mood in enumerate(LABELLED_MOODS * 2, 1):
            title, words = (
                f"Imported {number}",
                ", ".join([WORDS[mood], *subject(number)]),
            )
            table.writerow([f"import-{number:04}", title, mood, "t", words, ""])
        table.writerow(["import-0007", "Imported 7", "", "f", "who can say?", ""])
    run("import_videos", path)


def label(
    client: Any, video_id: str, say: str, *, seen: str = "none", order: str = "newest"
) -> None:
    sent = {"video": video_id, "say": say, "seen": seen}
    response = client.post(
        f"/admin/label/?order={order}", sent, HTTP_ACCEPT="application/json"
    )
    assert response.status_code == 200, (video_id, say, response.content)
