"""People who may write, and a way to send JSON as they do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts import programs
from accounts.models import ProgramToken
from tests.recommenders.fixtures import (  # noqa: F401
    data_dir,
    make_recommender,
    owner,
    shelf,
    trained,
)


@pytest.fixture
def send(make_user: Callable[..., User]) -> Callable[..., HttpResponse]:
    """Posts a video as `mia`, who has the rights named."""

    def post(body: Any, *rights: str) -> HttpResponse:
        client = Client()
        client.force_login(make_user("mia", *rights))
        return client.post("/api/new-videos/", body, content_type="application/json")

    return post


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document, as the code generates it."""
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture
def make_token(db: None) -> Callable[..., str]:
    """The text of a new token with the scopes named, and columns such as a quota."""

    def make(*scopes: str, name: str = "radio", **columns: Any) -> str:
        token = ProgramToken(name=name, scopes=list(scopes), **columns)
        return programs.issue(token)

    return make
