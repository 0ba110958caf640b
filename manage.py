#!/usr/bin/env python
"""Django's command line for MoodiBeats."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "music_selector.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, InterfaceError, OperationalError) as exc:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(exc).strip().splitlines()[0])
    except EOFError:
        sys.exit("The input ended before the answer.")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
