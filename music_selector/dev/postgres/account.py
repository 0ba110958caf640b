"""Under whose name PostgreSQL runs: our own, or an unprivileged one if we are root."""

import logging
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

CAPABILITIES = ("dac_read_search", "dac_override")  # the weaker one first


class SetupError(Exception):
    """The embedded PostgreSQL cannot be used here until a person changes something."""


@dataclass(frozen=True)
class Runner:
    """How to run a program of PostgreSQL: a prefix and options of subprocess.run."""

    uid: int
    gid: int
    capability: str = ""  # to enter closed folders
    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def run(
        self, command: Sequence[str | Path], **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run to its end, free of our PG* variables and of our locale."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            text=True,
            check=False,
            **self.options,
            **options,
        )


def choose_runner(folder: Path, postgres: Path) -> Runner:
    """Choose the account and the means to reach `folder` and the program `postgres`.

    As root that is the owner of `folder`, or `nobody` if root owns it. Where a parent
    folder is closed to that account, PostgreSQL gets one capability to pass it: no
    permission is changed. Raises SetupError if nothing works.
    """
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid())
    account = _unprivileged_account(folder)
    for runner in _runners(account):
        reach = 'cd "$1" && exec "$2" --version'
        command = ["/bin/sh", "-c", reach, "sh", folder, postgres]
        if runner.run(command, capture_output=True).returncode == 0:
            if runner.capability:
                logger.warning(
                    "%s cannot enter %s: PostgreSQL gets the capability %s",
                    *(account.pw_name, folder, runner.capability),
                )
            return runner
    raise SetupError(
        f"PostgreSQL does not run as root, and {account.pw_name} cannot enter {folder}"
        f" or start {postgres}: move the project out of closed folders,"
        " or set DATABASE_URL"
    )


def _unprivileged_account(folder: Path) -> pwd.struct_passwd:
    owner = folder.stat().st_uid
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError as exc:
        raise SetupError(
            "PostgreSQL does not run as root, and this system knows no account"
            f" {owner or 'nobody'}: create it, or set DATABASE_URL"
        ) from exc


def _runners(account: pwd.struct_passwd) -> list[Runner]:
    uid, gid = account.pw_uid, account.pw_gid
    options = {"user": uid, "group": gid, "extra_groups": ()}
    runners = [Runner(uid, gid, options=options)]
    setpriv = shutil.which("setpriv")
    if setpriv:
        identity = (f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
        for name in CAPABILITIES:
            means = (f"--inh-caps=-all,+{name}", f"--ambient-caps=+{name}")
            # Without this bit access(2), which initdb asks, ignores capabilities.
            prefix = (setpriv, *identity, *means, "--securebits=+no_setuid_fixup", "--")
            runners.append(Runner(uid, gid, name, prefix))
    return runners
