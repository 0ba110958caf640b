from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from songs.labelling import assignments, queue, record
from songs.labelling.queue import QueueOrder, claimed_batch, next_batch
from songs.labelling.revert import Selection, revert
from songs.models import LabelClaim, Mood, MoodLabel, MoodModel, NewVideo
from tests.threads import at_once

ADMIN = {"source": "admin"}
UNLABELLED = [QueueOrder.NEWEST, QueueOrder.UNSURE, QueueOrder.USEFUL, QueueOrder.WEAK]


@pytest.fixture
def make_scored(make_video, predicted):
    """Stores a video of which the model is so sure."""

    def make(probability=0.5, mood=Mood.CHILL, **columns):
        return make_video(**predicted(mood, probability), **columns)

    return make


@pytest.fixture
def live_model(db):
    """Stores the live version, with predictions of rows that it had not seen."""

    def make(held_out, **columns):
        columns = {"version": "v", "created": timezone.now(), "manifest": {}} | columns
        promoted = {"live": True, "promoted": columns["created"]}
        return MoodModel.objects.create(
            recipe="seed2019", content=b"", held_out=held_out, **columns, **promoted
        )

    return make


def scores(mood, probability):
    rest = (1 - probability) / 5
    return {m.value: rest for m in Mood} | {mood: probability}


def labelled(video, mood="SAD", who="ada"):
    record.label(video.pk, mood, who=who, **ADMIN)
    return video


def test_default_is_newest():
    """As docs/labelling.md says, with the simulation that decided it."""
    assert queue.DEFAULT_ORDER == QueueOrder.NEWEST


@pytest.mark.parametrize("order", UNLABELLED)
def test_next_batch_asks_only_about_offered_unlabelled_videos(make_scored, order):
    wanted = make_scored()
    labelled(make_scored())
    record.set_label(make_scored().pk, record.SKIPPED, who="ada", **ADMIN)
    make_scored(gone_since=timezone.now(), gone_why="licence")
    make_scored(video_title=None, video_description=None)

    assert next_batch(order, who="ada") == [wanted.pk]


@pytest.mark.parametrize("order", UNLABELLED)
def test_next_batch_gives_each_video_once(make_scored, order):
    ids = {make_scored(video_title=f"Song {i}").pk for i in range(5)}

    first = next_batch(order, who="ada", n=3)
    second = next_batch(order, who="bob", n=3)

    assert len(first) == 3
    assert set(first) | set(second) == ids
    assert next_batch(order, who="ada", n=3) == []


def test_next_batch_leaves_out_what_is_told(make_scored):
    first, second = make_scored(), make_scored()
    assert next_batch(QueueOrder.NEWEST, who="ada", without=[first.pk]) == [second.pk]


def test_next_batch_tries_again_when_others_were_quicker(make_scored, monkeypatch):
    first, second = make_scored(), make_scored()
    claim, late = assignments.claim, []

    def claim_late(ids, *, who):
        if not late:
            late.append(claim([first.pk], who="bob"))
        return claim(ids, who=who)

    monkeypatch.setattr(assignments, "claim", claim_late)

    assert next_batch(QueueOrder.NEWEST, who="ada", n=1) == [second.pk]


def test_claimed_batch_is_the_same_after_a_reload(make_scored):
    for i in range(4):
        make_scored(0.3 + i / 10)
    batch = next_batch(QueueOrder.UNSURE, who="ada", n=3)

    assert claimed_batch(QueueOrder.UNSURE, who="ada") == batch
    assert claimed_batch(QueueOrder.UNSURE, who="bob") == []


def test_claimed_batch_drops_what_was_answered_meanwhile(make_scored):
    first, second = make_scored(), make_scored()
    next_batch(QueueOrder.NEWEST, who="ada")
    labelled(first, who="bob")

    assert claimed_batch(QueueOrder.NEWEST, who="ada") == [second.pk]


def test_newest_begins_with_the_latest_published(make_scored):
    old = make_scored(published_at=datetime(2020, 1, 1, tzinfo=UTC))
    unknown = make_scored()
    new = make_scored(published_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert next_batch(QueueOrder.NEWEST, who="ada") == [new.pk, old.pk, unknown.pk]


def test_newest_also_has_videos_without_prediction(make_video):
    video = make_video()
    assert next_batch(QueueOrder.NEWEST, who="ada") == [video.pk]
    assert next_batch(QueueOrder.UNSURE, who="bob") == []


def test_unsure_begins_where_two_moods_are_close(make_scored):
    sure, unsure, between = make_scored(0.9), make_scored(0.2), make_scored(0.6)
    assert next_batch(QueueOrder.UNSURE, who="a") == [unsure.pk, between.pk, sure.pk]


def test_useful_spreads_over_channels_and_words(make_scored):
    flood = [make_scored(0.2, channel_id="flood", video_title=f"w{i}") for i in "abcd"]
    other = make_scored(0.3, channel_id="other", video_title="w e")
    known = labelled(make_scored(0.2, channel_id="known", video_title="w f"))
    again = make_scored(0.2, channel_id="known", video_title=known.video_title)

    batch = next_batch(QueueOrder.USEFUL, who="ada", n=6)

    assert batch[:2] == [flood[0].pk, other.pk]
    assert batch[-1] == again.pk


def test_weak_begins_with_moods_that_the_live_model_misses(make_scored, live_model):
    f1 = dict.fromkeys(Mood.values, 0.9) | {"ANGRY": 0.1}
    live_model(None, manifest={"metrics": {"grouped": {"recipe": {"f1": f1}}}})
    chill, angry = make_scored(0.9), make_scored(0.5, Mood.ANGRY)

    assert next_batch(QueueOrder.WEAK, who="ada") == [angry.pk, chill.pk]


def test_weak_falls_back_on_the_number_of_labels(make_scored, live_model):
    live_model(None, manifest={"metrics": {}})
    for mood in ["CHILL", "CHILL", "ANGRY"]:
        labelled(make_scored(), mood)
    chill, angry, sad = (make_scored(0.6, mood) for mood in ("CHILL", "ANGRY", "SAD"))

    assert next_batch(QueueOrder.WEAK, who="ada") == [sad.pk, angry.pk, chill.pk]


def test_mislabelled_has_labels_that_unseen_predictions_contradict(
    make_video, live_model
):
    right, wrong, worse = (labelled(make_video()) for _ in range(3))
    unlabelled, unknown = make_video(), labelled(make_video())
    live_model(
        {
            right.pk: scores("SAD", 0.8),
            wrong.pk: scores("CHILL", 0.5),
            worse.pk: scores("HAPPY", 0.9),
            unlabelled.pk: scores("HAPPY", 0.9),
        }
    )

    assert next_batch(QueueOrder.MISLABELLED, who="bob") == [worse.pk, wrong.pk]
    assert unknown.pk not in queue.held_out_scores()


def test_mislabelled_leaves_out_what_was_decided_since(make_video, live_model):
    kept, doubted = labelled(make_video()), labelled(make_video())
    live_model({v.pk: scores("CHILL", 0.9) for v in (kept, doubted)})
    sad = record.LabelState("SAD", True)

    record.set_label(kept.pk, sad, who="bob", confirm=True, **ADMIN)
    record.add_second_opinion(doubted.pk, sad, who="bob")

    assert next_batch(QueueOrder.MISLABELLED, who="bob") == [doubted.pk]


def test_mislabelled_asks_again_when_the_decision_was_taken_back(
    make_video, live_model
):
    doubted = labelled(make_video())
    live_model({doubted.pk: scores("CHILL", 0.9)})
    sad = record.LabelState("SAD", True)
    record.set_label(doubted.pk, sad, who="bob", confirm=True, **ADMIN)

    revert(Selection(whose="bob"), last_act=MoodLabel.objects.last().pk, who="root")

    assert next_batch(QueueOrder.MISLABELLED, who="cy") == [doubted.pk]


def test_mislabelled_is_empty_without_unseen_predictions(make_video, live_model):
    labelled(make_video())
    assert next_batch(QueueOrder.MISLABELLED, who="bob") == []
    live_model(None)
    assert next_batch(QueueOrder.MISLABELLED, who="bob") == []


def test_second_opinion_begins_with_disputed_videos_of_others(make_video):
    single, disputed, own = (labelled(make_video()) for _ in range(3))
    labelled(own, "CHILL", who="cy")
    record.add_second_opinion(disputed.pk, record.LabelState("CHILL", True), who="bob")

    assert next_batch(QueueOrder.SECOND, who="cy") == [disputed.pk, single.pk]


def test_second_opinion_asks_only_about_offered_videos(make_video):
    gone = labelled(make_video())
    NewVideo.objects.filter(pk=gone.pk).update(
        gone_since=timezone.now(), gone_why="licence"
    )
    assert next_batch(QueueOrder.SECOND, who="cy") == []


def test_orders_by_score_draw_a_larger_sample_where_few_are_unlabelled(
    make_scored, monkeypatch
):
    monkeypatch.setattr(queue, "POOL_SIZE", 2)
    monkeypatch.setattr(queue, "_n_videos", lambda: 1e9)
    video = make_scored()

    assert next_batch(QueueOrder.UNSURE, who="ada") == [video.pk]


def test_next_batch_forgets_claims_that_ended(make_scored):
    assignments.claim([make_scored().pk], who="bob")
    LabelClaim.objects.update(until=timezone.now() - timedelta(hours=1))
    other = labelled(make_scored())
    assignments.claim([other.pk], who="bob")
    LabelClaim.objects.filter(pk=other.pk).update(until=timezone.now() - timedelta(1))

    next_batch(QueueOrder.NEWEST, who="ada")

    assert [claim.who for claim in LabelClaim.objects.all()] == ["ada"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", UNLABELLED)
def test_two_people_at_once_never_get_the_same_video(make_scored, order):
    for i in range(30):
        make_scored(video_title=f"Song {i}")
    ada, bob = at_once(
        *(partial(next_batch, order, who=who, n=20) for who in ("ada", "bob"))
    )

    assert ada and bob
    assert set(ada).isdisjoint(bob)
