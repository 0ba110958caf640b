"""Pages of people count as costly reads do, whatever else the address asks."""

import pytest

from recommenders.models import Recommender
from tests.recommenders.fixtures import (  # noqa: F401
    data_dir,
    make_recommender,
    owner,
    shelf,
    trained,
)
from web.models import RequestCount

pytestmark = pytest.mark.django_db
PAGE = "/recommenders/two-tastes/"
SIMILAR = "/similar/?item=Hush"


@pytest.fixture
def shared(trained):  # noqa: F811
    Recommender.objects.update(shared=True)


def test_pages_and_api_of_an_address_are_counted_together(client, shared, settings):
    settings.COSTLY_READ_LIMITS = {60: 3}
    paths = [f"{PAGE}similar/?item=Hush", f"/api{PAGE}similar/?item=Hush"]
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert client.post(f"{PAGE}clean/", {"playlist": "Hush"}).status_code == 200
    refused = client.get(f"{PAGE}for/")
    assert (refused.status_code, refused["RateLimit-Remaining"]) == (429, "0")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Too many" in refused.text
    assert client.get(paths[1]).status_code == 429
    other = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.get(paths[0], **other).status_code == 200


def test_pages_that_cost_little_are_not_counted(client, shared):
    for path in ("", "progress/", "suggest/?q=h"):
        assert client.get(PAGE + path).status_code == 200
    assert not RequestCount.objects.exists()
