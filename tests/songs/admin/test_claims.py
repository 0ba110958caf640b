"""The review of Content ID claims: what is shown, who may decide, what is logged."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from songs.licensing import content_claims
from songs.models import ContentClaim

PAGE = "/admin/songs/contentclaim/"
SCRIPT = "<script>alert(1)</script>"
Verdict = ContentClaim.Verdict


@pytest.fixture
def claim(make_video):
    """Somebody's report about a video of its own."""

    def make(number=1, **said):
        said = {"claimant": "Haawk", "details": "0:12 to 1:40"} | said
        video = make_video(video_title=SCRIPT)
        return content_claims.report(video.pk, **said, address=f"192.0.2.{number}")[0]

    return make


def act(client, action, *ticked, show="waiting"):
    ids = [claim.pk for claim in ticked]
    data = {"action": action, "_selected_action": ids}
    return client.post(f"{PAGE}?show={show}", data, follow=True)


def verdicts():
    rows = ContentClaim.objects.order_by("pk")
    return list(rows.values_list("verdict", "reviewed_by"))


def shown(client, query=""):
    return client.get(PAGE + query).context_data["cl"].result_list.count()


def test_page_shows_what_waits_and_escapes_it(admin_client, claim):
    claim(claimant=SCRIPT, details=SCRIPT)
    page = admin_client.get(PAGE).text
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "<script>alert" not in page
    assert ContentClaim.objects.get().address not in page


def test_page_is_narrowed_by_verdict(admin_client, claim):
    waiting, accepted = claim(1), claim(2)
    content_claims.review([accepted.pk], Verdict.ACCEPTED, who="ada")
    counts = [
        shown(admin_client, query)
        for query in ("", "?show=accepted", "?show=rejected", "?show=all", "?show=x")
    ]
    assert counts == [1, 1, 0, 2, 1]
    assert waiting.verdict is None


def test_accept_and_reject_settle_what_is_ticked_and_log_it(admin_client, claim):
    first, second, third = claim(1), claim(2), claim(3)
    assert "2 accepted." in act(admin_client, "accept", first, second).text
    assert "1 rejected." in act(admin_client, "reject", third).text
    assert verdicts() == [("accepted", "root")] * 2 + [("rejected", "root")]
    logged = LogEntry.objects.order_by("pk").values_list("object_id", "change_message")
    assert [(int(pk), word) for pk, word in logged] == [
        (first.pk, "accepted"),
        (second.pk, "accepted"),
        (third.pk, "rejected"),
    ]
    assert not LogEntry.objects.filter(object_repr__contains="script").exists()


def test_what_somebody_else_settled_meanwhile_is_left_alone_and_said(
    admin_client, claim
):
    mine = claim()
    content_claims.review([mine.pk], Verdict.REJECTED, who="ada")
    page = act(admin_client, "accept", mine, show="all").text
    assert "1 left alone" in page
    assert verdicts() == [("rejected", "ada")]


def test_acceptance_is_withdrawn_once_the_claim_was_lifted(admin_client, claim):
    lifted, waiting = claim(1), claim(2)
    content_claims.review([lifted.pk], Verdict.ACCEPTED, who="ada")
    page = act(admin_client, "withdraw", lifted, waiting, show="all").text
    assert "1 withdrawn." in page
    assert verdicts() == [("rejected", "root"), (None, None)]


def test_who_may_only_see_decides_nothing(make_user, claim):
    mine, client = claim(), Client()
    client.force_login(make_user("mia", "view_contentclaim"))
    assert client.get(PAGE).status_code == 200
    act(client, "accept", mine)
    assert verdicts() == [(None, None)]


@pytest.mark.parametrize(
    ("right", "status"), [("change_contentclaim", 200), ("change_newvideo", 403)]
)
def test_review_takes_the_right_to_change_claims(make_user, claim, right, status):
    client = Client()
    client.force_login(make_user("mia", right))
    assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("path", ["add/", "{}/delete/"])
def test_nothing_is_added_or_deleted(admin_client, claim, path):
    where = PAGE + path.format(claim().pk)
    assert admin_client.post(where, {"post": "yes"}).status_code == 403
    assert ContentClaim.objects.count() == 1


def test_page_costs_the_same_for_many(admin_client, claim):
    claim(1)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(PAGE)
    for number in range(2, 12):
        claim(number)
    with CaptureQueriesContext(connection) as many:
        admin_client.get(PAGE)
    assert len(few) == len(many)
