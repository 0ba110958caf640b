from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from music_selector.dev import run


class Command(BaseCommand):
    help = "Change the password of the admin account, which is made where it lacks."

    def handle(self, **options: Any) -> None:
        call_command("changepassword", run.ensure_admin(self.stdout.write))
