"""The licence passport: what was verified and when, and the history behind it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from songs.ingestion import refresh
from songs.licensing import content_claims
from songs.licensing import passport as licences
from songs.licensing.passport import LicenceHistoryEntry, Verified
from songs.licensing.risk import Channel, Level
from songs.models import ContentClaim, LicenceChange, NewVideo, Origin
from songs.models.video import Gone
from tests.songs.licensed import DAY, NOW, VIDEO_ID, hear, miss

pytestmark = pytest.mark.django_db
Verdict = ContentClaim.Verdict


def passport(*, now=NOW):
    return licences.passport(VIDEO_ID, now=now)


def level(*, now=NOW):
    return passport(now=now).safe_to_use.level


def accept_claim(video_id=VIDEO_ID):
    claim, _ = content_claims.report(video_id, claimant="Haawk", address="192.0.2.1")
    content_claims.review([claim.pk], Verdict.ACCEPTED, who="ada")
    return claim


def test_no_history_is_kept_of_a_licence_that_stays():
    hear()
    hear(now=NOW + 25 * DAY)
    hear(now=NOW + 50 * DAY, title="Other")
    assert not LicenceChange.objects.exists()
    assert passport().verified == Verified("creativeCommon", NOW + 50 * DAY)


def test_scoring_and_labelling_leave_no_history(predicted):
    hear()
    NewVideo.objects.update(**predicted("SAD", 0.6))
    assert not LicenceChange.objects.exists()


def test_licence_that_flips_and_comes_back_is_in_the_history():
    hear()
    hear(now=NOW + 25 * DAY, license="youtube")
    lost, now = level(now=NOW + 25 * DAY), NOW + 26 * DAY
    hear(now=now)

    shown = passport(now=now)
    assert (lost, shown.safe_to_use.level) == (Level.UNLIKELY, Level.LIKELY)
    assert shown.changes == [
        LicenceHistoryEntry(now, "licence", "youtube", "creativeCommon"),
        LicenceHistoryEntry(now, "gone", Gone.LICENCE, None),
        LicenceHistoryEntry(NOW + 25 * DAY, "licence", "creativeCommon", "youtube"),
        LicenceHistoryEntry(NOW + 25 * DAY, "gone", None, Gone.LICENCE),
    ]


def test_video_that_is_gone_shows_what_was_verified_and_when():
    hear()
    miss(now=NOW + 25 * DAY)

    shown = passport(now=NOW + 25 * DAY)
    assert shown.verified == Verified("creativeCommon", NOW)
    assert shown.changes == [
        LicenceHistoryEntry(NOW + 25 * DAY, "gone", None, Gone.UNAVAILABLE),
    ]
    assert shown.safe_to_use.level == Level.UNLIKELY
    assert "CC BY" in shown.attribution.text


def test_blanked_video_still_shows_what_was_verified_and_when():
    hear()
    miss(now=NOW + 25 * DAY)
    refresh._blank(NOW + 31 * DAY)
    miss(now=NOW + 32 * DAY)  # moves last_fetched, and verifies nothing

    shown = passport(now=NOW + 32 * DAY)
    assert shown.verified == Verified("creativeCommon", NOW)
    assert shown.video.licence is None
    assert "CC BY" in shown.attribution.text
    assert "Rain" not in str(shown.attribution)
    assert "The title and the author are not kept here" in shown.attribution.note


def test_licence_that_was_free_is_still_named_to_those_who_used_it_then():
    hear()
    hear(now=NOW + 25 * DAY, license="youtube")
    assert "CC BY" in passport().attribution.text
    hear(now=NOW + 50 * DAY, license="youtube", title="Other")
    assert "CC BY" in passport().attribution.text


def test_attributions_are_those_of_the_passports(make_video):
    make_video(video_id="VIDEO000002", origin=Origin.IMPORT)
    hear()
    hear(now=NOW + 25 * DAY, license="youtube")
    credits_ = licences.attributions(NewVideo.objects.all())
    assert credits_ == {
        video_id: licences.passport(video_id, now=NOW).attribution
        for video_id in (VIDEO_ID, "VIDEO000002")
    }


def test_licence_that_was_never_verified_is_not_named(make_video):
    make_video(origin=Origin.IMPORT)
    shown = passport()
    assert shown.verified is None
    assert "CC BY" not in shown.attribution.text
    assert "never verified" in shown.attribution.note
    assert shown.safe_to_use.level == Level.UNSURE


def test_imported_video_that_youtube_lacks_was_never_verified(make_video):
    make_video(origin=Origin.IMPORT)
    miss(now=NOW)
    assert passport().verified is None


def test_what_a_sandbox_says_of_a_sample_verifies_nothing():
    hear(origin=Origin.SAMPLE)
    assert passport().verified is None
    assert level() == Level.UNLIKELY


def test_samples_go_once_real_videos_come_except_those_with_a_claim(make_video):
    make_video(video_id="SAMPLE-0001", origin=Origin.SAMPLE)
    make_video(video_id="SAMPLE-0002", origin=Origin.SAMPLE)
    NewVideo.objects.update(licence="youtube")
    content_claims.report("SAMPLE-0002", claimant="Haawk", address="192.0.2.1")
    hear()
    assert LicenceChange.objects.filter(video="SAMPLE-0002").count() == 2
    kept = NewVideo.objects.order_by("pk").values_list("pk", "gone_why")
    assert list(kept) == [("SAMPLE-0002", Gone.SAMPLE), (VIDEO_ID, None)]


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "likely"), (7, "likely"), (8, "unsure")]
)
def test_statement_wants_a_verification_within_seven_days(days, expected):
    hear()
    assert level(now=NOW + days * DAY) == expected


def test_accepted_claim_lowers_the_statement_and_a_waiting_one_does_not():
    hear()
    content_claims.report(VIDEO_ID, claimant="Haawk", address="192.0.2.2")
    assert level() == Level.LIKELY
    claim = accept_claim()
    assert (level(), passport().claims.accepted) == (Level.UNLIKELY, 1)
    content_claims.withdraw([claim.pk], who="bob")
    assert (level(), passport().claims.last) == (Level.LIKELY, None)


DISCLAIMS = "I do not own the rights to this song."


def test_channel_whose_other_videos_disclaim_or_are_claimed_lowers_the_statement(
    make_video,
):
    hear()
    make_video(video_id="OTHER000001", channel_id="UCbob", video_description=DISCLAIMS)
    assert level() == Level.LIKELY
    theirs = make_video(video_id="OTHER000002", channel_id="UCcalm")
    assert level() == Level.LIKELY
    claim = accept_claim(theirs.pk)
    assert level() == Level.UNSURE
    content_claims.withdraw([claim.pk], who="ada")
    assert level() == Level.LIKELY
    make_video(channel_id="UCcalm", video_description=DISCLAIMS)
    assert level() == Level.UNSURE


def test_channel_is_judged_by_its_latest_videos(make_video, monkeypatch):
    monkeypatch.setattr(licences, "MAX_OTHERS", 2)
    hear()
    for number, text in enumerate([DISCLAIMS, None, "My own."]):
        columns = {"channel_id": "UCcalm", "published_at": NOW + number * DAY}
        make_video(video_description=text, **columns)
    video = NewVideo.objects.get(pk=VIDEO_ID)
    assert licences.channel_of(video) == Channel(2, 0, 0)


def test_passport_costs_four_queries():
    hear()
    accept_claim()
    for day in range(1, 9):
        hear(now=NOW + day * DAY, license="youtube" if day % 2 else "creativeCommon")
    with CaptureQueriesContext(connection) as queries:
        assert len(passport().changes) == 16
    assert len(queries) == 4


def test_passport_of_an_unknown_video():
    with pytest.raises(NewVideo.DoesNotExist):
        passport()
