"""Reports of claims: kept once a day, and of no weight until a person accepts them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from songs.licensing import content_claims
from songs.models import ContentClaim, NewVideo
from songs.models.video import Gone
from tests.songs.licensed import DAY, NOW

Verdict = ContentClaim.Verdict


def report(video, claimant="Haawk", number=1, *, now=NOW):
    address = f"192.0.2.{number}"
    return content_claims.report(video.pk, claimant=claimant, address=address, now=now)


def test_report_keeps_the_digest_and_the_first_of_a_day(make_video):
    video = make_video()
    first, new = report(video)
    again, again_new = report(video, "Somebody else", now=NOW + timedelta(hours=13.9))

    assert (new, again_new, again) == (True, False, first)
    assert (again.claimant, again.verdict, again.day) == ("Haawk", None, NOW.date())
    assert re.fullmatch("[0-9a-f]{64}", again.address)
    assert report(video, now=NOW + DAY)[1]
    assert report(video, number=2)[1]


@pytest.mark.django_db(transaction=True)
def test_report_many_times_at_once_is_one_report(make_video):
    video = make_video()

    def at_once(nth):
        try:
            return report(video, f"Claimant {nth}")[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(at_once, range(30)))
    assert (answers.count(True), ContentClaim.objects.count()) == (1, 1)


def test_report_of_a_video_that_is_gone_is_kept(make_video):
    assert report(make_video(gone_since=NOW, gone_why=Gone.LICENCE))[1]


def test_report_of_an_unknown_video_is_refused(db):
    with pytest.raises(NewVideo.DoesNotExist):
        content_claims.report("NOSUCHVIDEO", claimant="Haawk", address="192.0.2.1")


def test_review_settles_what_waits_and_withdraw_what_was_accepted(make_video):
    video = make_video()
    ids = [report(video, number=number)[0].pk for number in range(3)]
    assert content_claims.review(ids[:1], Verdict.REJECTED, who="ada") == 1
    assert content_claims.review(ids, Verdict.ACCEPTED, who="bob") == 2
    assert content_claims.withdraw(ids[:2], who="cleo") == 1
    settled = ContentClaim.objects.order_by("pk")
    assert list(settled.values_list("verdict", "reviewed_by")) == [
        ("rejected", "ada"),
        ("rejected", "cleo"),
        ("accepted", "bob"),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"address": "a"},
        {"verdict": "accepted"},
        {"verdict": "perhaps", "reviewed_by": "ada", "reviewed_at": NOW},
        {"reviewed_by": "ada"},
    ],
)
def test_database_refuses_a_claim_that_is_none(make_video, columns):
    row = {
        "video": make_video(),
        "claimant": "x",
        "address": "b",
        "day": NOW,
        "at": NOW,
    }
    ContentClaim.objects.create(**row | {"address": "a"})
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentClaim.objects.create(**row | columns)
