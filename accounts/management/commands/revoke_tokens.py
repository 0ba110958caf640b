from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from accounts import tokens
from accounts.models import Account


class Command(BaseCommand):
    help = "Sign a listener out everywhere: revoke the tokens of an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user_id", type=int, help="the id of the account")

    def handle(self, *, user_id: int, **options: Any) -> str:
        try:
            account = Account.objects.get(pk=user_id)
        except Account.DoesNotExist as exc:
            raise CommandError(
                f"There is no account {user_id}; /admin/ lists them."
            ) from exc
        except (OperationalError, InterfaceError) as exc:
            reason = str(exc).strip().partition("\n")[0]
            raise CommandError(f"The database cannot be used: {reason}") from exc
        return f"revoked {tokens.revoke(account.tokens.all())} tokens of {account}"
