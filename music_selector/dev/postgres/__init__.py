"""The PostgreSQL of a machine where `DATABASE_URL` is not set.

`database` describes it to Django. The backend in `base` starts the server when a
connection is wanted; it ends with its last user. The reasons are in
docs/decisions/0001-embedded-postgresql.md.
"""

from pathlib import Path

PORT = 5432  # of the socket's file name only: nothing listens on the network
NAME = "moodibeats"


def database(data_dir: Path) -> dict[str, str]:
    """Describe the embedded database as an entry of Django's DATABASES.

    HOST is `data_dir`: the backend replaces it by the folder of the socket, which is
    another one at each start of the server. Nothing is started, read or written.
    """
    return {
        "ENGINE": "music_selector.dev.postgres",
        "NAME": NAME,
        "USER": NAME,
        "HOST": str(data_dir.absolute()),
        "PORT": str(PORT),
    }
