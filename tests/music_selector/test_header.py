"""The header of all pages names what the project has; so do those of errors."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from web.errors import server_error

LINKS = [f'href="{path}"' for path in ("/datasets/", "/recommenders/", "/api/docs/")]


def has_links(page: str) -> bool:
    return all(link in page for link in LINKS)


def test_page_has_the_links_of_the_header_and_the_sign_in(client, db):
    page = client.get("/").content.decode()
    assert has_links(page)
    assert 'href="/login/"' in page


def test_page_of_somebody_who_is_signed_in_has_the_way_out(admin_client):
    page = admin_client.get("/").content.decode()
    assert 'action="/logout/"' in page
    assert "Signed in as root" in page


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503"])
def test_error_page_has_the_links_without_a_request(name):
    page = render_to_string(f"{name}.html")
    assert has_links(page)
    assert "login" not in page


def test_server_error_has_the_links_and_asks_for_nobody():
    assert has_links(server_error(RequestFactory().get("/")).content.decode())
