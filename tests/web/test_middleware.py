import pytest
from csp.utils import build_policy
from django.contrib import admin
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from web.middleware import DatabaseOutage, without_body_for_head


def process(path, exception):
    middleware = DatabaseOutage(lambda request: None)
    return middleware.process_exception(RequestFactory().get(path), exception)


@pytest.mark.parametrize(
    "exception", [OperationalError("host"), InterfaceError("host")]
)
def test_database_outage_is_a_503_in_json_for_the_api(exception):
    response = process("/api/new-videos/", exception)
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert b"database_unavailable" in response.content
    assert b"host" not in response.content


def test_database_outage_is_a_page_elsewhere():
    response = process("/admin/", OperationalError("host"))
    assert response.status_code == 503
    assert b"<html" in response.content
    assert b"host" not in response.content


def test_other_errors_pass():
    assert process("/api/", ValueError()) is None


def test_pages_have_the_policy_of_the_settings(client, db):
    sent = client.get("/")["Content-Security-Policy"]
    assert sorted(sent.split("; ")) == sorted(build_policy().split("; "))


@pytest.mark.parametrize("kind", [HttpResponse, StreamingHttpResponse])
@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"words")])
def test_head_is_answered_without_a_body(kind, method, body):
    respond = without_body_for_head(lambda request: kind([b"words"]))
    response = respond(RequestFactory().generic(method, "/"))
    assert response.getvalue() == body


@pytest.mark.parametrize("model", [*admin.site._registry])
def test_nul_in_the_query_of_an_admin_page_is_a_bad_request(admin_client, model):
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for field in model._meta.concrete_fields:
        assert admin_client.get(f"{page}?{field.name}=%00").status_code == 400


def test_nul_in_a_query_of_the_api_is_ignored(client, db):
    assert client.get("/api/new-videos/?mood=%00").status_code == 200
