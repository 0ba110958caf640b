"""Each test has a server in a folder of its own."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from music_selector.dev import postgres
from music_selector.dev.postgres.server import Server, server
from tests.music_selector.dev.postgres.processes import USER, WAIT, is_running
from tests.processes import Process, Start
from tests.waiting import wait_until


@pytest.fixture
def empty_data_dir() -> Iterator[Path]:
    """A folder that every account may enter, unlike tmp_path."""
    path = Path(tempfile.mkdtemp(prefix="pg-test-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    wait_until(lambda: not is_running(path))
    shutil.rmtree(path)


@pytest.fixture
def start_user(
    empty_data_dir: Path, start_python: Start
) -> Callable[..., Process]:  # all of them end before the folder is deleted
    """Starts a process that uses the server of a folder, and says when it does."""

    def start(data_dir: Path, then: str = WAIT) -> Process:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return start_python("-c", USER + then, data_dir, **pipes)

    return start


@pytest.fixture(scope="session")
def stopped_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster made once, to be copied: initdb takes most of a first start."""
    embedded = Server(tmp_path_factory.mktemp("pg"))
    embedded.use()
    embedded.leave()
    return embedded.cluster


@pytest.fixture
def data_dir(empty_data_dir: Path, stopped_cluster: Path) -> Path:
    """A folder with a cluster, whose server is not running."""
    folder = empty_data_dir / "postgres"
    folder.mkdir()
    subprocess.run(["cp", "-a", stopped_cluster, folder], check=True)
    return empty_data_dir


@pytest.fixture
def connection(data_dir: Path, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    """Django's connection to the embedded database of `data_dir`."""
    with django_db_blocker.unblock():
        handler = ConnectionHandler({"default": postgres.database(data_dir)})
        yield handler["default"]
        handler["default"].close()
        server(data_dir).leave()
