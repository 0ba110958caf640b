import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from music_selector.middleware import DatabaseOutage


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
