"""Django's database backend: PostgreSQL that starts when a connection is wanted."""

from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base, client

from music_selector.dev.postgres.account import SetupError
from music_selector.dev.postgres.server import Server, StartError, programs, server


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that came with the server."""

    def runshell(self, parameters: list[str]) -> None:
        """Open psql on the running server."""
        self.connection.ensure_connection()  # makes us a user while psql runs
        super().runshell(parameters)

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: list[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Point psql to the socket."""
        socket_folder = server(Path(settings_dict["HOST"])).use()
        arguments, env = super().settings_to_cmd_args_env(
            {**settings_dict, "HOST": str(socket_folder)}, parameters
        )
        return [str(programs() / "psql"), *arguments[1:]], env


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend, which starts the server it connects to."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; start or restart the server first where that is needed.

        Raises ImproperlyConfigured where a person must change something, and
        OperationalError where PostgreSQL cannot start or refuses the connection.
        """
        embedded: Server = server(Path(self.settings_dict["HOST"]))
        try:
            try:
                socket_folder = str(embedded.use())
                return super().get_new_connection(
                    {**conn_params, "host": socket_folder}
                )
            except psycopg2.OperationalError:
                socket_folder = str(embedded.revive())
                return super().get_new_connection(
                    {**conn_params, "host": socket_folder}
                )
        except SetupError as exc:
            raise ImproperlyConfigured(str(exc)) from exc
        except StartError as exc:
            raise psycopg2.OperationalError(str(exc)) from exc
