"""The product from outside: commands, pages, queued tasks, rows by their models' labels."""

import io
import sys
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils.module_loading import import_string

PASSWORD = "a password of 2026"


def session(name: str) -> str:
    """Sign in by the form; the key of the session."""
    client = browser()
    sent = client.post("/login/", {"username": name, "password": PASSWORD})
    assert sent.status_code == 302, sent.content
    return client.cookies["sessionid"].value


def signed_in(name: str) -> Any:
    client = browser()
    client.cookies["sessionid"] = session(name)
    return client


def browser(address: str = "127.0.0.1") -> Any:
    return Client(REMOTE_ADDR=address)


def run(command: str, *arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    sys.stderr.write(f"{command}: {out.getvalue()}\n")
    return out.getvalue()


def task(path: str, *arguments: Any) -> None:
    """Queue a task as a button does; its path is what a row keeps of it."""
    import_string(path).enqueue(*arguments)


def tasks() -> Any:
    return model("django_tasks_database", "DBTaskResult").objects


def model(app: str, name: str) -> Any:
    return apps.get_model(app, name)


def rows(app: str, name: str) -> dict[Any, Any]:
    return model(app, name).objects.in_bulk()


def posted(client: Any, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    response = client.post(path, sent, content_type="application/json")
    assert response.status_code in (200, 201), (path, response.content)
    return response.json()
