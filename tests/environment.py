"""The environment of tests: nothing that a developer's shell or `.env` sets is in it."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READ_BY_SETTINGS = set(
    re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
)
PLACES = {"DATABASE_URL", "DATA_DIR"}  # where pytest works, not what it finds
OF_THE_MACHINE = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
OURS = {"MOODIBEATS_DEV": "1", "PYTHON_DOTENV_DISABLED": "1"}


def clean() -> None:
    """Have this process read its settings as if nobody had set any."""
    for name in READ_BY_SETTINGS - PLACES:
        os.environ.pop(name, None)
    os.environ.update(OURS)


def environment(**variables: str | None) -> dict[str, str]:
    """Return that of a process which a test starts; a variable that is None is not set."""
    machine = {name: os.environ.get(name) for name in OF_THE_MACHINE}
    wanted = machine | OURS | variables
    return {name: value for name, value in wanted.items() if value is not None}
