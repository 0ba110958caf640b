import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from datasets.errors import QuestionTooSlow
from datasets.models import Dataset
from datasets.rows import parquet, sql
from pages.datasets import row_table, views

SCRIPT = "<script>alert(1)</script>"
PAGES = ["", "rows/", "columns/1/", "progress/"]


@pytest.fixture
def ann_client(ann):
    client = Client()
    client.force_login(ann)
    return client


@pytest.fixture
def shared(stored):
    version = stored()
    Dataset.objects.update(shared=True)
    return version


def rows_of(page):
    """The cells of the first table of a page."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall("<td.*?</td>", row)
        ]
        for row in body.split("</tr>")[:-1]
    ]


@pytest.mark.parametrize(("shared", "status"), [(False, 404), (True, 200)])
def test_pages_are_there_for_others_once_it_is_shared(client, stored, shared, status):
    stored()
    Dataset.objects.update(shared=shared)
    for page in PAGES:
        assert client.get(f"/datasets/plays/{page}").status_code == status, page


def test_pages_are_kept_by_no_cache(client, shared):
    for path in ("/datasets/", "/datasets/plays/", "/recommenders/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_list_shows_a_stranger_nothing_private(client, stored):
    stored()
    assert "Plays" not in client.get("/datasets/").text
    Dataset.objects.update(shared=True)
    assert "Plays" in client.get("/datasets/").text


def test_list_needs_few_queries_whatever_it_shows(
    ann_client, stored, django_assert_num_queries
):
    for number in range(3):
        stored(name=f"Plays {number}")
    with django_assert_num_queries(5):  # session, user, count, rows, versions
        ann_client.get("/datasets/")


def test_show_says_what_is_in_it(client, shared):
    page = client.get("/datasets/plays/").text
    assert rows_of(page)[0] == ["ann", "Radiohead", "3"]
    assert "33.3 %</b> missing" in page
    assert shared.sha256 in page


def test_show_has_a_link_for_each_kind_of_rows(client, shared):
    for kind in ("first", "last", "random"):
        page = client.get(f"/datasets/plays/?show={kind}&seed=5").text
        assert len(rows_of(page)) == 3
        assert f"show={kind}" in page


def test_pages_lead_to_the_same_as_json(client, shared):
    for path in ("", "?show=random&seed=5", "rows/?sort=plays", "columns/2/"):
        page = client.get(f"/datasets/plays/{path}").text
        links = re.findall(r'href="(/api/datasets/plays/[^"]+)"', page)
        assert len(links) > 0
        for link in links:
            if not link.endswith("format="):
                assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_show_names_refused_lines(client, stored):
    stored(b"a,b\n1,2\n<b>,4,5\n6,7\n")
    Dataset.objects.update(shared=True)
    page = client.get("/datasets/plays/").text
    assert "3 columns instead of 2" in page
    assert "&lt;b&gt;,4,5" in page


def test_rows_are_sorted_and_filtered_as_the_address_says(client, shared):
    query = "?where=who&op=is&value=ann&sort=what&order=up"
    page = client.get(f"/datasets/plays/rows/{query}").text
    assert [row[1] for row in rows_of(page)] == ["Muse", "Radiohead"]
    assert 'aria-sort="ascending"' in page
    assert "/api/datasets/plays/rows/?sort=what&amp;" in page


def test_rows_say_what_is_wrong_with_a_question(client, shared):
    number, near = "where=plays&op=is&value=x", "where=who&op=near&value=x"
    for query in ("sort=nope", number, near):
        page = client.get(f"/datasets/plays/rows/?{query}")
        assert page.status_code == 400, query
        assert 'class="problem"' in page.text


def test_rows_of_a_senseless_query_are_the_usual_ones(client, shared):
    for query in ("limit=9999", "offset=-1", "show=x", "where=who", "limit=%00"):
        page = client.get(f"/datasets/plays/rows/?{query}").text
        assert 'class="error"' in page, query
        assert len(rows_of(page)) == 3


def test_cells_are_escaped_on_every_page(client, stored):
    stored(f'"{SCRIPT}",b\n"{SCRIPT}",1\n'.encode(), name=SCRIPT, description=SCRIPT)
    Dataset.objects.update(shared=True)
    slug = Dataset.objects.get().slug
    for page in ("", "rows/", "columns/1/"):
        text = client.get(f"/datasets/{slug}/{page}").text
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


def test_wide_tables_are_shown_a_part_at_a_time(client, stored):
    names = ",".join(f"c{number}" for number in range(1, 51))
    stored(f"{names}\n{','.join('1' * 50)}\n".encode())
    Dataset.objects.update(shared=True)
    first = client.get("/datasets/plays/rows/").text
    assert "Columns 1 to 20 of 50" in first
    assert len(rows_of(client.get("/datasets/plays/rows/?column=41").text)[0]) == 10


def test_big_cells_are_clipped_and_can_be_opened(client, stored):
    stored(f"a,b\n{'x' * 9_000},1\n".encode())
    Dataset.objects.update(shared=True)
    page = client.get("/datasets/plays/rows/").text
    assert "9,000 characters" in page
    assert "x" * 5_001 not in page


def test_older_versions_keep_their_addresses(client, stored):
    stored()
    stored(b"who,what,plays\ncid,Hush,9\n")
    Dataset.objects.update(shared=True)
    for page in ("", "rows/"):
        old, new = (
            rows_of(client.get(f"/datasets/plays/{page}{query}").text)[0][0]
            for query in ("?version=1", "")
        )
        assert (old, new) == ("ann", "cid")
    assert client.get("/datasets/plays/?version=3").status_code == 404


def test_share_and_describe_are_for_the_owner(client, ann_client, shared):
    client.force_login(shared.dataset.owner.__class__.objects.create_user("bob"))
    sent = {"shared": "", "description": "mine"}
    for act in ("share", "describe", "delete"):
        assert client.post(f"/datasets/plays/{act}/", sent).status_code == 404
    ann_client.post("/datasets/plays/describe/", {"description": "Who hears whom"})
    ann_client.post("/datasets/plays/share/", {"shared": ""})
    dataset = Dataset.objects.get()
    assert (dataset.description, dataset.shared) == ("Who hears whom", False)


def test_delete_takes_the_files_with_it(
    ann_client, stored, django_capture_on_commit_callbacks
):
    folder = stored().folder
    with django_capture_on_commit_callbacks(execute=True):
        ann_client.post("/datasets/plays/delete/")
    assert not folder.exists()


def test_progress_says_how_far_it_is(ann_client, make_draft):
    version = make_draft()
    version.state, version.done = "running", 40
    version.save()
    said = ann_client.get("/datasets/plays/progress/").json()
    assert said == {"under_way": True, "text": "40 % done", "done": 40, "total": 100}
    assert 'value="40"' in ann_client.get("/datasets/plays/").text


@pytest.mark.parametrize("state", ["draft", "failed", "waiting"])
def test_strangers_see_nothing_of_versions_that_are_not_stored(
    client, ann_client, shared, make_draft, state
):
    next_ = make_draft(file_name="salaries.csv")
    next_.state, next_.problem = state, "broken" if state == "failed" else ""
    next_.save()
    page, list_ = (client.get(path).text for path in ("/datasets/plays/", "/datasets/"))
    assert "salaries" not in page
    assert not re.search("to be looked at|failed|waiting</span>", list_)
    assert "salaries" in ann_client.get("/datasets/plays/").text


def test_list_counts_what_it_shows(client, ann_client, shared, make_draft, monkeypatch):
    monkeypatch.setattr(views, "A_PAGE", 1)
    make_draft(name="Draft")
    Dataset.objects.update(shared=True)
    assert "Pages of datasets" not in client.get("/datasets/").text
    assert "Pages of datasets" in ann_client.get("/datasets/").text


def test_show_says_of_how_many_columns_something_is_missing(client, stored):
    names = ",".join(f"c{number}" for number in range(12))
    stored(f"{names}\n{'1,' * 11}1\n{',' * 11}\n".encode())
    Dataset.objects.update(shared=True)
    assert "of 12 columns that lack any" in client.get("/datasets/plays/").text


def test_rows_say_that_not_all_columns_are_suggested(client, shared, monkeypatch):
    assert "are suggested" not in client.get("/datasets/plays/rows/").text
    monkeypatch.setattr(row_table, "MAX_NAMES", 2)
    assert "first 2 columns are suggested" in client.get("/datasets/plays/rows/").text


def test_a_frequent_value_leads_to_its_rows_and_one_that_is_cut_to_none(client, stored):
    stored(f"n,t\n1,rock\n2,rock\n3,{'z' * 5_000}\n".encode())
    Dataset.objects.update(shared=True)
    page = client.get("/datasets/plays/columns/2/").text
    [link] = re.findall(r'href="([^"]+where=t[^"]+)"', page)
    found = rows_of(client.get(link.replace("&amp;", "&")).text)
    assert [row[0] for row in found] == ["1", "2"]


def test_a_column_that_takes_too_long_is_shown_as_far_as_it_is_known(
    client, shared, monkeypatch
):
    def slow(*args, **more):
        raise QuestionTooSlow("That takes too long.")

    monkeypatch.setattr(sql, "profile_column", slow)
    page = client.get("/datasets/plays/columns/3/")
    assert page.status_code == 503
    assert "That takes too long." in page.text
    monkeypatch.setattr(sql, "page", slow)
    assert client.get("/datasets/plays/rows/?sort=plays").status_code == 503


@pytest.mark.parametrize(
    "path", ["", "?column=pl", "rows/", "rows/?sort=plays", "columns/2/"]
)
def test_pages_leave_the_profiles_in_the_database(client, shared, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/datasets/plays/{path}").status_code == 200

    of_columns = [one["sql"] for one in captured if '"columns"' in one["sql"]]
    assert of_columns
    assert all("jsonb_path_query_array" in sql for sql in of_columns)


def test_show_says_where_rows_are_too_large(client, shared, monkeypatch):
    monkeypatch.setattr(parquet, "MAX_BYTES", 10)
    page = client.get("/datasets/plays/")
    assert page.status_code == 200
    assert "ask for fewer rows" in page.text


def test_pages_of_files_that_are_gone_are_not_found(client, shared):
    shared.table.unlink()
    for page in ("", "rows/", "rows/?sort=plays"):
        assert client.get(f"/datasets/plays/{page}").status_code == 404, page
    for path in ("rows/", "rows/?sort=plays", "download/?format=csv"):
        assert client.get(f"/api/datasets/plays/{path}").status_code == 404, path


def test_delete_version_is_for_the_owner(client, ann_client, stored, make_user):
    stored(), stored()
    client.force_login(make_user("bob"))
    path = "/datasets/plays/1/delete/"
    assert client.post(path).status_code == 404
    assert path in ann_client.get("/datasets/plays/").text
    page = ann_client.post(path, follow=True).text
    assert "Version 1 of Plays is deleted." in page
    assert [one.number for one in Dataset.objects.get().versions.all()] == [2]
