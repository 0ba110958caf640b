"""How manage.py ends when a command cannot: one line, no traceback."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

import manage


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("no server\n and more"), "no server"),
        (ImproperlyConfigured("no database"), "no database"),
        (EOFError(), "The input ended before the answer."),
        (KeyboardInterrupt(), 130),
    ],
    ids=repr,
)
def test_main_ends_without_a_traceback(monkeypatch, error, status):
    def fail(argv):
        raise error

    monkeypatch.setattr(manage, "execute_from_command_line", fail)
    with pytest.raises(SystemExit) as ended:
        manage.main()
    assert ended.value.code == status
