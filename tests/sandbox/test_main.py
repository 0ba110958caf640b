"""`python -m sandbox` as a person meets it."""

import re
import signal
import socket
import subprocess

import pytest

from sandbox.__main__ import main
from sandbox.youtube.kinds import KINDS
from tests.processes import end
from tests.sandbox.asking import write_csv
from tests.waiting import PATIENCE_S


@pytest.fixture
def start(start_python):
    """Starts a sandbox; returns its process and the line it prints when it is ready."""

    def run(*options):
        process = start_python(
            *("-m", "sandbox", "--port", "0", *options),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return process, process.stdout.readline()

    return run


def ask(port, method):
    """The socket of a client that has sent a request."""
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    client.sendall(f"GET /youtube/v3/{method}?part=id&key=k HTTP/1.0\r\n\r\n".encode())
    return client


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_main_says_its_address_and_ends_though_a_client_waits(start, signum):
    process, ready = start("--fault", "silent@search")
    port = int(re.search(r"http://127\.0\.0\.1:(\d+) \(261 videos\)", ready)[1])
    with ask(port, "search") as waits, ask(port, "videos") as later:
        assert later.recv(8) == b"HTTP/1.1"  # so the first is accepted, too
        process.send_signal(signum)
        rest, _ = end(process)
        nothing = waits.recv(1)

    assert (process.returncode, rest, nothing) == (0, "", b"")


def test_main_serves_a_catalogue(start, tmp_path):
    path = write_csv(tmp_path / "a.csv", [("abcdefghijk", "Song", "Text")])

    process, ready = start("--catalogue", str(path))
    process.terminate()
    end(process)

    assert "(1 videos)" in ready


def test_main_with_a_bad_catalogue_says_why(tmp_path, capsys):
    assert main(["--port", "0", "--catalogue", str(tmp_path / "nowhere.csv")]) == 1
    assert "nowhere.csv" in capsys.readouterr().err


def test_main_with_a_taken_port_says_so(server, capsys):
    port = server.url.rpartition(":")[2]

    assert main(["--port", port]) == 1
    assert f"port {port} cannot be used" in capsys.readouterr().err


def test_main_with_an_unknown_fault_lists_the_known_ones(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--port", "0", "--fault", "nonsense"])

    assert ended.value.code == 2
    assert "tokenLoop" in capsys.readouterr().err


def test_main_help_names_every_fault(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    helped = capsys.readouterr().out
    assert all(kind in helped for kind in KINDS)
