import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from music_selector.middleware import DatabaseOutage, without_body_for_head


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


@pytest.mark.parametrize("kind", [HttpResponse, StreamingHttpResponse])
@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"words")])
def test_head_is_answered_without_a_body(kind, method, body):
    respond = without_body_for_head(lambda request: kind([b"words"]))
    response = respond(RequestFactory().generic(method, "/"))
    assert response.getvalue() == body
