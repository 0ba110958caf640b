from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import programs
from accounts.models import ProgramToken, Scope
from background.commands import explained, whole_number

A_MILLION = whole_number(1, 1_000_000)
A_CENTURY = whole_number(1, 36_500)


class Command(BaseCommand):
    help = (
        "Create the token of a program and print it, once: nobody can find it out "
        "again. Without a scope it reads what everybody may read, by its own quota."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", type=str.strip, help="which program this is")
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            choices=Scope.values,
            help="what it may do; may be given several times",
        )
        fields = {f.name: f.default for f in ProgramToken._meta.fields}
        for unit in ("minute", "day"):
            parser.add_argument(
                f"--per-{unit}",
                type=A_MILLION,
                default=fields[f"per_{unit}"],
                help=f"requests a {unit} (%(default)s)",
            )
        parser.add_argument(
            "--expires-days", type=A_CENTURY, metavar="DAYS", help="never, unless given"
        )

    def handle(
        self,
        *,
        name: str,
        scope: list[str],
        per_minute: int,
        per_day: int,
        expires_days: int | None,
        **options: Any,
    ) -> str:
        ends = expires_days and timezone.now() + timedelta(days=expires_days)
        token = ProgramToken(
            name=name,
            scopes=sorted({*scope}),
            per_minute=per_minute,
            per_day=per_day,
            expires=ends,
        )
        with explained(self):
            try:
                text = programs.issue(token)
            except ValidationError as exc:
                raise CommandError(" ".join(exc.messages)) from exc
        self.stderr.write(
            "Send it as `Authorization: Bearer TOKEN`; it is not shown again."
        )
        return text
