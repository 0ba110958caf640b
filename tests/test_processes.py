"""What tests start is what they say: whatever started them, and whatever happens."""

import os
import signal
import subprocess

import psutil
import pytest

from tests import waiting
from tests.environment import clean, environment
from tests.processes import IGNORED_BY_SOME, output_of, python, read_until
from tests.waiting import WaitedInVain, wait_until

IGNORED = """
import signal
print([signum for signum in signal.Signals if signal.getsignal(signum) is signal.SIG_IGN])
"""
WITH_A_CHILD = """
import os, signal
if child := os.fork():
    print(child, flush=True)
signal.pause()
"""


@pytest.fixture
def everything_ignored():
    before = {n: signal.signal(n, signal.SIG_IGN) for n in IGNORED_BY_SOME}
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


def test_process_heeds_the_signals_that_we_ignore(everything_ignored):
    ignored = output_of("-c", IGNORED)
    assert not any(signum.name in ignored for signum in IGNORED_BY_SOME)
    assert {signal.getsignal(n) for n in IGNORED_BY_SOME} == {signal.SIG_IGN}


def test_process_and_its_children_end_when_a_test_fails():
    with (
        pytest.raises(ZeroDivisionError),
        python("-c", WITH_A_CHILD, stdout=subprocess.PIPE) as process,
    ):
        child = int(process.stdout.readline())
        raise ZeroDivisionError
    assert process.returncode == -signal.SIGKILL
    assert process.stdout.closed
    wait_until(lambda: has_ended(child))


def has_ended(pid):
    try:  # whoever adopts it may be slow to bury it
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_read_until_fails_when_the_process_ends_first():
    with (
        pytest.raises(pytest.fail.Exception, match="ended early:\nsome words"),
        python("-c", "print('some words')", stdout=subprocess.PIPE) as process,
    ):
        read_until(process, "other words")


def test_environment_has_nothing_of_the_shell(monkeypatch):
    for name in ("DEVELOPER_KEY", "DATABASE_URL", "PYTHONWARNINGS", "WEB_CONCURRENCY"):
        monkeypatch.setenv(name, "1")
        assert name not in environment()
    assert environment(PORT="1", MOODIBEATS_DEV=None).keys() - {"HOME", "TMPDIR"} == {
        "PATH",
        "PORT",
        "PYTHON_DOTENV_DISABLED",
    } | ({"LD_LIBRARY_PATH"} & set(os.environ))


def test_clean_leaves_the_settings_nothing_but_where_to_work(monkeypatch):
    monkeypatch.setenv("DEVELOPER_KEY", "of-a-developer")
    monkeypatch.setenv("DATABASE_URL", "postgres://a@b/c")
    clean()
    assert "DEVELOPER_KEY" not in os.environ
    assert os.environ["DATABASE_URL"] == "postgres://a@b/c"
    assert os.environ["MOODIBEATS_DEV"] == "1"


def test_wait_until_passes_over_errors_and_gives_what_it_found():
    answers = iter([ZeroDivisionError(), 0, "found"])

    def condition():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert wait_until(condition, passing=(ZeroDivisionError,)) == "found"


def test_wait_until_says_what_it_saw_at_last(monkeypatch):
    monkeypatch.setattr(waiting, "PATIENCE_S", 0)
    with pytest.raises(WaitedInVain, match="at last: 0"):
        wait_until(lambda: 0)
