"""`make admin`: alone, and after somebody has renamed the account."""

import getpass

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

PASSWORD = "correct horse 9"


def test_admin_makes_the_account_that_lacks(db, monkeypatch, capsys):
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSWORD)
    call_command("admin")
    assert "Admin account: admin" in capsys.readouterr().out
    assert authenticate(username="admin", password=PASSWORD).is_superuser


def test_admin_changes_the_password_of_the_first_superuser(db, monkeypatch):
    User.objects.create_superuser("boss", password="old")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSWORD)
    call_command("admin")
    assert authenticate(username="boss", password=PASSWORD)
    assert User.objects.count() == 1
