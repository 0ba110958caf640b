"""`python -m sandbox` as a person meets it."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.__main__ import main
from sandbox.kinds import KINDS
from tests.sandbox.asking import write_csv

ROOT = Path(__file__).resolve().parents[2]


def start(*options):
    """A sandbox process, and the line it prints when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process, process.stdout.readline()


def get(address, path):
    """The first bytes of an answer, or b"" when none comes within a moment."""
    client = socket.create_connection(address)
    client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    client.settimeout(0.3)
    try:
        return client, client.recv(15)
    except TimeoutError:
        return client, b""


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_main_says_its_address_and_ends_at_once_though_a_client_waits(signum):
    process, ready = start("--fault", "silent@search")
    port = int(re.search(r"http://127\.0\.0\.1:(\d+) \(261 videos\)", ready)[1])
    client, nothing = get(("127.0.0.1", port), "/youtube/v3/search?part=id&key=k")
    started = time.monotonic()
    process.send_signal(signum)
    rest, _ = process.communicate(timeout=30)
    client.close()

    assert (process.returncode, rest, nothing) == (0, "", b"")
    assert time.monotonic() - started < 5


def test_main_serves_a_catalogue(tmp_path):
    path = write_csv(tmp_path / "a.csv", [("abcdefghijk", "Song", "Text")])

    process, ready = start("--catalogue", str(path))
    process.terminate()
    process.communicate(timeout=30)

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
