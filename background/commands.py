"""What the commands of the jobs share: their numbers, and how they end."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from background.locks import AlreadyRunning, Interrupted

EXIT_STATUS = (
    "exit status: 0 done, out of quota, or already running elsewhere; 1 failed; "
    "130 stopped by Ctrl-C; 143 stopped by SIGTERM. What was stored stays."
)
STOPPED = "Stopped; what was stored stays and the next run goes on from there."


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """An argparse type: a whole number from `least` to `most`."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text}: use a number from {least} to {most}")
        return int(text)

    return parse


def reason(text: str) -> str:
    """An argparse type: why a person does something."""
    if not text.strip():
        raise ArgumentTypeError("say why")
    return text.strip()


@contextmanager
def explained(
    command: BaseCommand, *known: type[Exception], stopped: str = STOPPED
) -> Iterator[None]:
    """Turn what can end a job, and `known` errors, into one line and an exit status."""
    try:
        yield
    except AlreadyRunning as exc:
        command.stdout.write(str(exc))
    except known as exc:
        raise CommandError(str(exc)) from exc
    except (OperationalError, InterfaceError) as exc:
        reason = str(exc).strip().partition("\n")[0]
        raise CommandError(f"The database cannot be used: {reason}") from exc
    except Interrupted as exc:
        raise CommandError(stopped, returncode=143) from exc
    except KeyboardInterrupt as exc:
        raise CommandError(stopped, returncode=130) from exc
