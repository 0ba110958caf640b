"""The statement: the worst reason decides, and none of it is a promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from songs.licensing.risk import Channel, Facts, Level, statement
from tests.songs.licensed import DAY, NOW

GOOD = Facts(
    sample=False,
    gone_since=None,
    gone_why=None,
    licence="creativeCommon",
    verified=NOW,
    embeddable=True,
    blocked=[],
    allowed=None,
    description="Slow piano, free to use.",
    channel=Channel(n_videos=3, n_disclaimed=0, n_claimed=0),
    claims=0,
    last_claim=None,
)


def said(**changes):
    return statement(replace(GOOD, **changes), now=NOW)


def test_statement_of_good_facts_is_likely_and_no_promise():
    good = said()
    assert good.level == Level.LIKELY
    assert {reason.level for reason in good.reasons} == {Level.LIKELY}
    assert "not a promise and not legal advice" in good.summary
    assert [reason.code for reason in good.reasons] == [
        "licence",
        "verified",
        "embeddable",
        "regions",
        "uploader",
        "channel",
        "claims",
    ]


@pytest.mark.parametrize(
    ("changes", "code", "level", "text"),
    [
        ({"sample": True}, "sample", "unlikely", "invented"),
        ({"gone_since": NOW, "gone_why": "x"}, "gone", "unlikely", "2026-11-21: x."),
        ({"verified": None, "licence": None}, "licence", "unsure", "never asked"),
        ({"licence": "youtube"}, "licence", "unlikely", "Not Creative Commons"),
        ({"verified": NOW - 7 * DAY}, "verified", "likely", "7 days ago"),
        (
            {"verified": NOW - 7 * DAY - timedelta(seconds=1)},
            "verified",
            "unsure",
            "7 days ago",
        ),
        ({"verified": NOW - 1 * DAY}, "verified", "likely", "1 day ago"),
        ({"embeddable": None}, "embeddable", "unsure", "not known"),
        ({"embeddable": False}, "embeddable", "unlikely", "forbids"),
        ({"blocked": ["DE", "FR"]}, "regions", "unsure", "Blocked in DE, FR."),
        ({"blocked": ["DE"] * 12}, "regions", "unsure", "and 2 more."),
        ({"allowed": []}, "regions", "unsure", "no country only"),
        ({"allowed": ["JP"]}, "regions", "unsure", "Shown in JP only."),
        ({"blocked": None}, "regions", "unsure", "not known"),
        ({"description": None}, "uploader", "unsure", "not kept"),
        ({"channel": None}, "channel", "unsure", "not known"),
        ({"channel": Channel(0, 0, 0)}, "channel", "likely", "no other videos"),
        ({"channel": Channel(9, 2, 0)}, "channel", "unsure", "latest 9 other videos"),
        ({"channel": Channel(9, 2, 0)}, "channel", "unsure", "2 disclaim the music"),
        (
            {"channel": Channel(9, 0, 1)},
            "channel",
            "unsure",
            "1 had a Content ID claim",
        ),
        ({"claims": 1, "last_claim": NOW}, "claims", "unlikely", "A Content ID claim"),
        ({"claims": 2, "last_claim": NOW}, "claims", "unlikely", "2 Content ID claims"),
    ],
)
def test_one_bad_fact_lowers_the_statement(changes, code, level, text):
    lowered = said(**changes)
    reason = next(reason for reason in lowered.reasons if reason.code == code)
    assert (lowered.level, reason.level) == (level, level)
    assert text in reason.text


@pytest.mark.parametrize(
    "description",
    [
        "No copyright infringement intended",
        "There is no copyright infringement is intended.",
        "*Disclaimer: I do not own the rights to this song.",
        "I don’t own this song, all credit goes to their owners.",
        "I DON'T OWN ANY MUSIC",
        "We do not own this video or the music and share it",
        "a use permitted by copyright statute that might otherwise be infringing.",
        "All rights belong to their respective owners",
        "credits go to the rightful owner",
    ],
)
def test_description_that_disclaims_the_music_is_a_reason(description):
    reasons = said(description=f"Song.\n{description}\nEnjoy").reasons
    assert {"uploader": "unsure"}.items() <= {r.code: r.level for r in reasons}.items()


@pytest.mark.parametrize(
    "description",
    [
        "",
        "I do not own a piano.",
        "credit the artist as fair use of their work",
        "I do not own any of the visual content.",
        "You don't own it? Buy it: this song is free",
        "All rights belong to me.",
    ],
)
def test_description_of_somebody_who_made_the_music_is_none(description):
    assert said(description=description).level == Level.LIKELY


def test_disclaimer_is_searched_in_little_time():
    assert said(description="I don't own the " * 6_000).level == Level.LIKELY
