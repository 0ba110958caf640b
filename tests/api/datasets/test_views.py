"""`/api/datasets/`: the same as the pages show, for programs."""

import io
import json

import pyarrow.parquet as pq
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datasets.models import Dataset
from datasets.storage import build
from datasets.upload import receive

PLAYS = b"who,what,plays\nann,Radiohead,3\nbob,=1+1,1\nann,Muse,\n"
BELOW = ["", "columns/", "columns/1/", "missing/", "rows/", "download/"]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def ann(make_user):
    return make_user("ann")


@pytest.fixture
def store(ann):
    """A version of Ann's that is stored, and shared with everybody."""

    def store_one(content=PLAYS, name="Plays", *, shared=True):
        version = receive.receive(ann, name, ContentFile(content, name="plays.csv"))
        receive.start(version)
        Dataset.objects.filter(pk=version.dataset_id).update(shared=shared)
        return build.store(version)

    return store_one


@pytest.mark.parametrize("path", BELOW[1:])
def test_routes_leave_the_profiles_in_the_database(client, store, path):
    store()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/datasets/plays/{path}").status_code == 200

    of_columns = [one["sql"] for one in captured if '"columns"' in one["sql"]]
    assert all("jsonb_path_query_array" in sql for sql in of_columns)


def test_routes_are_there_for_everybody_once_it_is_shared(client, store):
    store()
    for path in BELOW:
        route = f"/api/datasets/plays/{path}".rstrip("/")
        assert client.get(route).status_code == 200, route
        assert client.get(f"{route}/").status_code == 200, route


def test_routes_of_a_private_dataset_are_for_its_owner(client, store, ann):
    store(shared=False)
    for path in BELOW:
        answer = client.get(f"/api/datasets/plays/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    client.force_login(ann)
    for path in BELOW:
        assert client.get(f"/api/datasets/plays/{path}").status_code == 200, path


def test_list_shows_what_is_shared_and_its_newest_version(client, store):
    store()
    store(b"a\n1\n", "Plays")
    store(name="Secret", shared=False)
    answer = client.get("/api/datasets/").json()
    assert answer["total"] == 1
    assert answer["results"][0]["current"]["number"] == 2


def test_list_needs_few_queries_whatever_it_shows(
    client, store, django_assert_num_queries
):
    for number in range(3):
        store(name=f"Plays {number}")
    with django_assert_num_queries(3):  # rows, their versions, count
        client.get("/api/datasets/")


def test_dataset_shows_a_stranger_no_draft(client, store, ann):
    version = store()
    receive.receive(ann, "Plays", ContentFile(b"a\n1\n", name="next.csv"))
    answer = client.get("/api/datasets/plays/").json()
    assert [one["number"] for one in answer["versions"]] == [1]
    assert answer["current"]["sha256"] == version.sha256
    client.force_login(ann)
    assert len(client.get("/api/datasets/plays/").json()["versions"]) == 2


def test_dataset_without_a_stored_version_says_so(client, store):
    version = store()
    version.state = "waiting"
    version.save()
    answer = client.get("/api/datasets/plays/rows/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_stored")
    assert client.get("/api/datasets/plays/").json()["current"] is None
    assert client.get("/api/datasets/").json()["total"] == 0


def test_rows_have_every_cell_as_it_was(client, store):
    store()
    answer = client.get("/api/datasets/plays/rows/").json()
    assert answer["columns"] == ["who", "what", "plays"]
    assert answer["rows"][1:] == [["bob", "=1+1", 1], ["ann", "Muse", None]]
    assert (answer["numbers"], answer["total"]) == ([1, 2, 3], 3)


def test_rows_are_sorted_and_filtered(client, store):
    store()
    query = "where=who&op=is&value=ann&sort=what&column=2&columns=1"
    answer = client.get(f"/api/datasets/plays/rows/?{query}").json()
    assert (answer["rows"], answer["numbers"]) == ([["Muse"], ["Radiohead"]], [3, 1])


def test_random_rows_are_the_same_for_a_seed(client, store):
    store(b"a\n" + b"\n".join(b"%d" % n for n in range(500)))
    ask = "/api/datasets/plays/rows/?show=random&seed="
    first, again, other = (client.get(ask + seed).json()["rows"] for seed in "112")
    assert first == again != other


WRONG = {
    "limit=1000000": "limit",
    "limit=-1": "limit",
    "offset=x": "offset",
    "show=all": "show",
    "x=1": "x",
    "limit=1&limit=2": "limit",
    "where=who": "op",
    "where=who&op=near&value=": "op.0",
    "sort=%00": "sort",
    "column=4": "column",
    "sort=nope": "non_field_errors",
    "where=plays&op=is&value=x": "non_field_errors",
}  # a query, and the field that it is about


def test_rows_name_what_is_wrong_with_a_query(client, store):
    store()
    for query, field in WRONG.items():
        answer = client.get(f"/api/datasets/plays/rows/?{query}")
        assert answer.status_code == 400, query
        assert field in answer.json()["fields"]


def test_column_says_what_it_holds(client, store):
    store()
    column = client.get("/api/datasets/plays/columns/3/").json()
    assert (column["name"], column["type"], column["nulls"]) == ("plays", "integer", 1)
    assert sum(one["count"] for one in column["histogram"]) == 2
    listed = client.get("/api/datasets/plays/columns/?q=PLAY").json()
    assert listed["results"] == [column]


def test_column_that_is_not_there_is_404(client, store):
    store()
    assert client.get("/api/datasets/plays/columns/4/").status_code == 404
    assert client.get("/api/datasets/plays/rows/?version=2").status_code == 404


def test_missing_values_are_counted(client, store):
    store()
    answer = client.get("/api/datasets/plays/missing/").json()
    assert answer["results"] == [
        {"number": 3, "name": "plays", "nulls": 1, "share": pytest.approx(1 / 3)}
    ]


def test_download_is_safe_for_spreadsheets_and_true_elsewhere(client, store):
    store()
    ask = "/api/datasets/plays/download/?format="
    got = {
        kind: client.get(ask + kind).getvalue() for kind in ("csv", "json", "parquet")
    }
    assert b"'=1+1" in got["csv"]
    assert json.loads(got["json"])[1]["what"] == "=1+1"
    assert pq.read_table(io.BytesIO(got["parquet"]))["what"][1].as_py() == "=1+1"


def test_download_of_an_unknown_format_is_a_wrong_parameter(client, store):
    store()
    answer = client.get("/api/datasets/plays/download/?format=xls")
    assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["format"])


def test_options_of_a_download_are_json_whatever_is_asked(client, store):
    store()
    answer = client.options("/api/datasets/plays/download/?format=csv")
    assert answer["Content-Type"] == "application/json"
