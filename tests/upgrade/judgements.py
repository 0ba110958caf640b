"""What people and models say of the videos."""

from typing import Any

from tests.upgrade.catalogue import N_LABELLED, label, mood_of, video
from tests.upgrade.product import browser, model, posted, rows, run, signed_in


def labels() -> None:
    ben, cleo, dora, ada = (signed_in(name) for name in ("ben", "cleo", "dora", "ada"))
    for number in range(1, N_LABELLED + 1):
        if number not in (3, 19, 20):
            label(ben, video(number), mood_of(number))
    label(ben, video(37), "skip")
    label(
        ben, video(1), "none", seen=mood_of(1)
    )  # ... takes it back, and says it again
    label(ben, video(1), mood_of(1))
    for number in (1, 2, 5):
        label(cleo, video(number), mood_of(number), order="second")
    label(cleo, video(6), "SAD", order="second")  # disputed
    for number in (7, 8, 9):
        label(dora, video(number), "SAD", seen=mood_of(number))
    take_back(ada, "dora", undo=False)
    for number in (38, 39):
        label(dora, video(number), "HAPPY")
    take_back(ada, "dora", undo=True)
    cleo.get("/admin/label/?order=second")  # and keeps its claims


def take_back(client: Any, whose: str, *, undo: bool) -> None:
    last = model("songs", "MoodLabel").objects.latest("pk").pk
    sent = {"whose": whose, "last_act": last}
    assert client.post("/admin/songs/moodlabel/take-back/", sent).status_code == 302
    if undo:
        pk = model("songs", "LabelRevert").objects.latest("pk").pk
        assert client.post(f"/admin/songs/labelrevert/{pk}/undo/").status_code == 302


def suggestions_and_claims() -> None:
    for number in range(21, 25):
        for address, mood in (("198.51.100.1", "Chill"), ("198.51.100.2", "in love")):
            sent = {"video_id": video(number), "correct_moods": mood}
            posted(browser(address), "/api/new-videos-moods/", sent)
    ada = signed_in("ada")
    last = model("songs", "MoodSuggestion").objects.latest("pk").pk
    current = rows("songs", "NewVideo")
    for number, verdict in ((21, "accept"), (23, "reject")):
        seen = {f"seen-{video(number)}": current[video(number)].moods or "none"}
        sent = {
            "tick": f"{video(number)} CHILL",
            "verdict": verdict,
            "last": last,
        } | seen
        assert ada.post("/admin/songs/moodsuggestion/", sent).status_code == 302
    for number, who in ((25, "Big Label"), (26, "Small Label"), (27, "Nobody")):
        sent = {"claimant": who, "details": "at 0:31"}
        posted(browser("198.51.100.3"), f"/api/videos/{video(number)}/claims/", sent)
    for pk, action in ((1, "accept"), (2, "reject")):
        sent = {"action": action, "_selected_action": pk}
        ada.post("/admin/songs/contentclaim/?show=all", sent)
    verdicts = model("songs", "ContentClaim").objects.order_by("pk")
    assert [*verdicts.values_list("verdict", flat=True)] == [
        "accepted",
        "rejected",
        None,
    ]


def mood_models() -> None:
    """The shipped model has predicted; a version is promoted, another is not."""
    run("train_moods", recipe="seed2019")
    run("train_moods", force="To have one that was trained here.")
    run("predict_moods")
    run("compare_videos")
