"""A folder of its own for the bytes of datasets, people, and tables that are stored."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from datasets.models import DatasetVersion
from datasets.storage import build
from datasets.upload import receive

PLAYS = b"who,what,plays\nann,Radiohead,3\nbob,Muse,1\nann,Muse,\n"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def ann(make_user):
    return make_user("ann")


@pytest.fixture
def make_draft(ann) -> Callable[..., DatasetVersion]:
    """A draft of Ann's; the content is bytes."""

    def take(content=PLAYS, file_name="plays.csv", name="Plays", owner=None, **more):
        file = ContentFile(content, name=file_name)
        return receive.receive(owner or ann, name, file, **more)

    return take


@pytest.fixture
def stored(make_draft) -> Callable[..., DatasetVersion]:
    """A version of Ann's that is stored."""

    def store(*args, **more):
        version = make_draft(*args, **more)
        receive.start(version)
        return build.store(version)

    return store
