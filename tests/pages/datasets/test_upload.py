import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from datasets import paths
from datasets.models import Dataset, DatasetVersion
from datasets.upload import receive
from pages.datasets import urls

UPLOAD = "/datasets/upload/"
PLAYS = b"who;what\nann;Radiohead\nbob;Muse\n"


@pytest.fixture
def ann(make_user):
    return make_user("ann", "add_dataset")


@pytest.fixture
def ann_client(ann):
    client = Client()
    client.force_login(ann)
    return client


def send(client, content=PLAYS, name="plays.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(UPLOAD, {"files": file, **fields}, follow=True)


def test_upload_needs_the_right(client, ann):
    assert send(client).redirect_chain[0][0].startswith("/login/")
    ann.user_permissions.remove(Permission.objects.get(codename="add_dataset"))
    client.force_login(ann)
    assert send(client).status_code == 403
    assert not Dataset.objects.exists()
    assert list(paths.incoming().iterdir()) == []


def test_upload_without_a_token_of_the_form_is_refused(ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert send(client).status_code == 403
    assert not Dataset.objects.exists()


def test_upload_leads_to_a_look_at_it(ann_client):
    page = send(ann_client, description="Who hears whom").text
    assert '<option value=";" selected>' in page
    assert "Radiohead" in page
    version = DatasetVersion.objects.get()
    assert (version.state, version.dataset.description) == ("draft", "Who hears whom")
    assert not version.dataset.shared


def test_upload_of_several_files_looks_at_one_after_the_other(ann_client):
    sent = [SimpleUploadedFile(f"{name}.csv", PLAYS) for name in ("one", "two")]
    page = ann_client.post(UPLOAD, {"files": sent}, follow=True)
    assert "1 more of your files" in page.text
    path = page.redirect_chain[-1][0]
    after = ann_client.post(path, {"do": "discard"}, follow=True)
    assert after.redirect_chain[-1][0] != path
    assert Dataset.objects.count() == 1


def test_check_passes_over_files_that_came_another_time(ann_client):
    send(ann_client, name="old.csv")
    DatasetVersion.objects.update(created=timezone.now() - timedelta(days=1))
    page = send(ann_client)
    after = ann_client.post(page.redirect_chain[-1][0], {"do": "discard"}, follow=True)
    assert after.redirect_chain[-1][0] == "/datasets/"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "plays.csv", "a PNG image"),
        (b"", "plays.csv", "empty"),
        (PLAYS, "plays.doc", "The name ends in .doc"),
    ],
)
def test_upload_says_what_is_wrong_with_a_file(ann_client, content, name, said):
    assert said in send(ann_client, content, name).text
    assert not Dataset.objects.exists()


def test_upload_of_too_much_is_refused_with_a_sentence(ann_client, settings):
    settings.DATASET_UPLOAD_BYTES = 100
    page = send(ann_client, PLAYS * 100_000)
    assert page.status_code == 413
    assert "MB are uploaded at once" in page.text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "<script>x</script>.csv", "x" * 300 + ".csv"]
)
def test_upload_of_a_hostile_name_is_stored_under_an_own_one(ann_client, name):
    page = send(ann_client, PLAYS, name).text
    version = DatasetVersion.objects.get()
    assert version.original.is_relative_to(paths.root())
    assert "<script>x" not in page


def test_check_shows_the_rows_as_the_query_says(ann_client):
    send(ann_client)
    query = {"encoding": "utf-8", "delimiter": ",", "quote": '"', "preview": "1"}
    part = ann_client.get("/datasets/plays/1/check/", query).text
    assert "ann;Radiohead" in part
    assert "<html" not in part


def test_check_says_what_is_wrong_with_a_dialect(ann_client):
    send(ann_client)
    query = {"encoding": "klingon", "delimiter": ",", "preview": "1"}
    part = ann_client.get("/datasets/plays/1/check/", query).text
    assert "klingon" in part
    assert 'class="problem"' in part


def test_check_says_it_to_who_listens(ann_client):
    send(ann_client)
    query = {"encoding": "utf-8", "delimiter": "other", "other": "x" * 99}
    page = ann_client.get("/datasets/plays/1/check/", query).text
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split())
    assert "id_other_error" in described
    assert described <= set(re.findall(r' id="([^"]+)"', page))


def test_check_stores_it_as_somebody_said(ann_client):
    send(ann_client)
    said = {"encoding": "latin-1", "delimiter": "other", "other": "ll", "do": "store"}
    ann_client.post("/datasets/plays/1/check/", said)
    version = DatasetVersion.objects.get()
    assert (version.state, version.dialect["delimiter"]) == ("waiting", "ll")
    assert DBTaskResult.objects.count() == 1


def test_check_is_for_the_owner(client, ann_client, make_user):
    send(ann_client)
    client.force_login(make_user("bob", "add_dataset"))
    assert client.get("/datasets/plays/1/check/").status_code == 404


def test_upload_to_a_full_disk_says_so(ann_client, monkeypatch):
    monkeypatch.setattr(paths, "ROOM_LEFT", 10**18)
    page = send(ann_client)
    assert page.status_code == 507
    assert "The disk of this site is full" in page.text
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    "encoding", ["utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna"]
)
def test_check_of_an_encoding_that_makes_halves_of_characters(ann_client, encoding):
    send(ann_client, b"a,b\n+2AA-,\\ud800\n")
    query = {"encoding": encoding, "delimiter": ",", "quote": '"', "preview": "1"}
    assert ann_client.get("/datasets/plays/1/check/", query).status_code == 200


def test_slugs_are_the_address_of_no_other_page(ann):
    first = {str(route.pattern).split("/")[0] for route in urls.urlpatterns}
    static = {part for part in first if part and "<" not in part}
    assert static == receive.RESERVED
    file = SimpleUploadedFile("upload.csv", PLAYS)
    assert receive.receive(ann, "Upload", file).dataset.slug == "upload-2"
