import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from background.registry import Finding
from songs import health


class Command(BaseCommand):
    help = (
        "Say how everything is: database, key (costs one unit), quota, jobs, the "
        "30-day rule, labels, models, recommenders, disk. Exit status 1 when a person must act."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a monitor")

    def handle(self, *, json: bool, **options: Any) -> None:
        findings = health.examine()
        self.stdout.write(_as_json(findings) if json else _as_text(findings))
        if any(finding.act for finding in findings):
            sys.exit(1)


def _as_json(findings: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings], indent=1)


def _as_text(findings: list[Finding]) -> str:
    lines = [
        f"{'ACT ' if f.act else 'ok  '} {f.subject:<18} {f.text}" for f in findings
    ]
    needed = sum(finding.act for finding in findings)
    return "\n".join([*lines, f"{needed} of {len(findings)} findings need a person"])
