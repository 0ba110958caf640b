from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import listeners, programs
from accounts.models import Account, ProgramToken
from background.commands import explained


class Command(BaseCommand):
    help = "Sign a listener out everywhere, or let the token of a program open nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("user_id", type=int, nargs="?", help="the id of an account")
        whose.add_argument("--program", metavar="NAME", help="the name of an API token")

    def handle(
        self, *, user_id: int | None, program: str | None, **options: Any
    ) -> str:
        with explained(self):
            return _of_program(program) if user_id is None else _of_account(user_id)


def _of_account(user_id: int) -> str:
    try:
        account = Account.objects.get(pk=user_id)
    except Account.DoesNotExist as exc:
        raise CommandError(
            f"There is no account {user_id}; /admin/ lists them."
        ) from exc
    return f"revoked {listeners.revoke(account.tokens.all())} tokens of {account}"


def _of_program(name: str) -> str:
    if not programs.revoke(ProgramToken.objects.filter(name=name)):
        raise CommandError(
            f"There is no token {name} that is not revoked; /admin/ lists them."
        )
    return f"revoked the token of {name}"
