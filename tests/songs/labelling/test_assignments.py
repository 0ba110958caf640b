from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from songs.labelling import assignments
from songs.models import LabelClaim, NewVideo
from tests.threads import at_once


@pytest.fixture
def ids(make_video):
    return [make_video().pk for _ in range(3)]


def end_all():
    LabelClaim.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_claim_leaves_what_another_has(ids):
    assert assignments.claim(ids[:2], who="ada") == set(ids[:2])

    assert assignments.claim(ids, who="bob") == {ids[2]}

    assert assignments.claimed_by("ada") == ids[:2]


def test_claim_again_keeps_ones_own(ids):
    assignments.claim(ids, who="ada")
    assert assignments.claim(ids, who="ada") == set(ids)


def test_claim_takes_what_has_ended(ids):
    assignments.claim(ids, who="ada")
    end_all()

    assert assignments.claim(ids, who="bob") == set(ids)

    assert assignments.claimed_by("ada") == []


def test_claim_of_no_video_and_of_an_unknown_one_is_nothing(db):
    assert assignments.claim([], who="ada") == set()
    assert assignments.claim(["NOSUCHVIDEO"], who="ada") == set()


def test_of_keeps_the_order_of_the_asking_also_when_renewed(ids):
    asked = [ids[2], ids[0], ids[1]]
    assignments.claim(asked, who="ada")

    assert assignments.renew("ada") == 3

    assert assignments.claimed_by("ada") == asked


def test_renew_lengthens_claims_and_revives_none(ids):
    assignments.claim(ids, who="ada")
    before = LabelClaim.objects.get(pk=ids[0]).until
    assignments.renew("ada")
    assert LabelClaim.objects.get(pk=ids[0]).until > before

    end_all()

    assert assignments.renew("ada") == 0
    assert assignments.claimed_by("ada") == []


def test_release_gives_up_only_ones_own(ids):
    assignments.claim(ids[:2], who="ada")
    assignments.claim(ids[2:], who="bob")

    assert assignments.release("ada", [ids[0], ids[2]]) == 1
    assert assignments.release("ada") == 1

    assert assignments.claimed_by("bob") == ids[2:]


def test_is_claimed_knows_open_claims(ids):
    assignments.claim(ids[:1], who="ada")
    claimed = NewVideo.objects.filter(assignments.is_claimed())
    assert [video.pk for video in claimed] == ids[:1]

    end_all()

    assert not claimed.all()


def test_forget_ended_keeps_open_claims(ids):
    assignments.claim(ids[:2], who="ada")
    end_all()
    assignments.claim(ids[2:], who="ada")

    assert assignments.forget_ended() == 2

    assert LabelClaim.objects.get().pk == ids[2]


@pytest.mark.django_db(transaction=True)
def test_claims_of_two_people_at_once_never_overlap(make_video):
    ids = [make_video().pk for _ in range(40)]
    ada, bob = at_once(
        partial(assignments.claim, ids, who="ada"),
        partial(assignments.claim, ids[::-1], who="bob"),
    )

    assert ada.isdisjoint(bob)
    assert ada | bob == set(ids)
