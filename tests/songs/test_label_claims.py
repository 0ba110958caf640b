import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from songs import label_claims
from songs.models import LabelClaim, NewVideo


@pytest.fixture
def ids(make_video):
    return [make_video().pk for _ in range(3)]


def end_all():
    LabelClaim.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_claim_leaves_what_another_has(ids):
    assert label_claims.claim(ids[:2], who="ada") == set(ids[:2])

    assert label_claims.claim(ids, who="bob") == {ids[2]}

    assert label_claims.of("ada") == ids[:2]


def test_claim_again_keeps_ones_own(ids):
    label_claims.claim(ids, who="ada")
    assert label_claims.claim(ids, who="ada") == set(ids)


def test_claim_takes_what_has_ended(ids):
    label_claims.claim(ids, who="ada")
    end_all()

    assert label_claims.claim(ids, who="bob") == set(ids)

    assert label_claims.of("ada") == []


def test_claim_of_no_video_and_of_an_unknown_one_is_nothing(db):
    assert label_claims.claim([], who="ada") == set()
    assert label_claims.claim(["NOSUCHVIDEO"], who="ada") == set()


def test_of_keeps_the_order_of_the_asking_also_when_renewed(ids):
    asked = [ids[2], ids[0], ids[1]]
    label_claims.claim(asked, who="ada")

    assert label_claims.renew("ada") == 3

    assert label_claims.of("ada") == asked


def test_renew_lengthens_claims_and_revives_none(ids):
    label_claims.claim(ids, who="ada")
    before = LabelClaim.objects.get(pk=ids[0]).until
    label_claims.renew("ada")
    assert LabelClaim.objects.get(pk=ids[0]).until > before

    end_all()

    assert label_claims.renew("ada") == 0
    assert label_claims.of("ada") == []


def test_release_gives_up_only_ones_own(ids):
    label_claims.claim(ids[:2], who="ada")
    label_claims.claim(ids[2:], who="bob")

    assert label_claims.release("ada", [ids[0], ids[2]]) == 1
    assert label_claims.release("ada") == 1

    assert label_claims.of("bob") == ids[2:]


def test_is_claimed_knows_open_claims(ids):
    label_claims.claim(ids[:1], who="ada")
    claimed = NewVideo.objects.filter(label_claims.is_claimed())
    assert [video.pk for video in claimed] == ids[:1]

    end_all()

    assert not claimed.all()


def test_forget_ended_keeps_open_claims(ids):
    label_claims.claim(ids[:2], who="ada")
    end_all()
    label_claims.claim(ids[2:], who="ada")

    assert label_claims.forget_ended() == 2

    assert LabelClaim.objects.get().pk == ids[2]


@pytest.mark.django_db(transaction=True)
def test_claims_of_two_people_at_once_never_overlap(make_video):
    ids = [make_video().pk for _ in range(40)]
    barrier, got = threading.Barrier(2), {}

    def claim(who, video_ids):
        barrier.wait()
        got[who] = label_claims.claim(video_ids, who=who)
        connection.close()

    threads = [
        threading.Thread(target=claim, args=[who, order])
        for who, order in {"ada": ids, "bob": ids[::-1]}.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got["ada"].isdisjoint(got["bob"])
    assert got["ada"] | got["bob"] == set(ids)
