"""Real processes and real kills."""

import os
import signal

import pytest

from music_selector.dev.postgres import files
from music_selector.dev.postgres.account import SetupError
from music_selector.dev.postgres.server import Server
from tests.music_selector.dev.postgres.processes import (
    WAIT,
    assert_it_stopped,
    end_user,
    fetch,
    is_running,
    kill_user,
    monitor_pid,
    postmaster_pid,
)
from tests.processes import end
from tests.waiting import wait_until


def test_server_listens_on_no_network_and_syncs_its_disk(connection):
    sql = "SELECT current_setting('listen_addresses'), current_setting('fsync')"

    assert fetch(connection, sql) == ("", "on")


def test_last_user_leaves_nothing_behind(data_dir, start_user):
    user = start_user(data_dir)
    user.stdout.readline()
    socket_folder = files.socket_folder(data_dir / "postgres")

    end_user(user)

    assert_it_stopped(data_dir)
    assert not socket_folder.exists()


def test_interrupted_user_leaves_nothing_behind(data_dir, start_user):
    user = start_user(data_dir)
    user.stdout.readline()

    user.send_signal(signal.SIGINT)
    end(user)

    assert_it_stopped(data_dir)


def test_users_of_the_same_second_share_one_server(empty_data_dir, start_user):
    users = [start_user(empty_data_dir) for _ in range(3)]

    started = {user.stdout.readline() for user in users}
    end_user(users.pop())
    assert is_running(empty_data_dir)
    for user in users:
        end_user(user)

    assert len(started) == 1
    assert "20" in started.pop()


def test_monitor_stops_the_server_of_a_killed_user(data_dir, start_user):
    user = start_user(data_dir)
    user.stdout.readline()

    kill_user(user)

    wait_until(lambda: not is_running(data_dir))


def test_new_user_waits_for_the_end_of_a_stop(data_dir, start_user):
    user = start_user(data_dir)
    before = user.stdout.readline()
    kill_user(user)

    user = start_user(data_dir)

    assert user.stdout.readline() >= before
    end_user(user)
    assert_it_stopped(data_dir)


@pytest.mark.parametrize("victims", ["server", "monitor", "server monitor user"])
def test_kills_do_not_break_the_next_start(data_dir, victims, start_user):
    user = start_user(data_dir)
    user.stdout.readline()
    pids = {"user": user.pid, "server": postmaster_pid(data_dir)}
    pids["monitor"] = monitor_pid(data_dir)
    for name in victims.split():
        os.kill(pids[name], signal.SIGKILL)

    newcomer = start_user(data_dir)

    assert newcomer.stdout.readline()
    kill_user(user)
    end_user(newcomer)
    assert_it_stopped(data_dir)


def test_kill_during_initdb_is_recovered(empty_data_dir, start_user):
    user = start_user(empty_data_dir)
    wait_until((empty_data_dir / "postgres" / "cluster.new" / "PG_VERSION").exists)
    kill_user(user)
    assert not (empty_data_dir / "postgres" / "cluster").exists()

    user = start_user(empty_data_dir)

    assert user.stdout.readline()
    end_user(user)


def test_stale_pid_file_of_a_living_process_is_ignored(
    data_dir, start_user, start_python
):
    end_user(start_user(data_dir))
    bystander = start_python("-c", "import signal; signal.pause()")
    pid_file = data_dir / "postgres" / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{bystander.pid}\n")

    user = start_user(data_dir)

    assert user.stdout.readline()
    end_user(user)
    assert bystander.poll() is None


def test_forked_child_is_a_user_of_its_own(data_dir, start_user):
    leave_in_child_after_parent = """
(joined, say_joined), (left, say_left) = os.pipe(), os.pipe()
if os.fork():
    os.read(joined, 1)
    embedded.leave()
    os.write(say_left, b".")
    os.wait()
else:
    first = started()
    os.write(say_joined, b".")
    os.read(left, 1)
    print(first == started(), flush=True)
"""
    user = start_user(data_dir, then=leave_in_child_after_parent)

    output, _ = end(user)

    assert output.splitlines()[1:] == ["True"]
    assert_it_stopped(data_dir)


@pytest.mark.parametrize(
    "make_child",
    [
        "os.fork() or signal.pause()",
        "subprocess.Popen([sys.executable, '-c', PAUSE], close_fds=False).pid",
    ],
)
def test_children_do_not_keep_the_server_alive(data_dir, make_child, start_user):
    pause = "import signal; PAUSE = 'import signal; signal.pause()'"
    user = start_user(
        data_dir, then=f"{pause}\nprint({make_child}, flush=True)\n{WAIT}"
    )
    user.stdout.readline()
    child = int(user.stdout.readline())

    user.kill()
    wait_until(lambda: not is_running(data_dir))

    os.kill(child, signal.SIGKILL)  # fails if it is not there any more


def test_long_path_with_spaces_works(empty_data_dir, start_user):
    deep = empty_data_dir / "a long name " / ("$HOME 'n \" `so` on; " * 10)

    user = start_user(deep)

    assert user.stdout.readline()
    end_user(user)


def test_socket_folder_open_to_others_is_not_trusted(data_dir, start_user):
    user = start_user(data_dir)
    user.stdout.readline()
    path = files.socket_folder(data_dir / "postgres")

    path.chmod(0o755)
    distrusted = files.socket_folder(data_dir / "postgres")
    path.chmod(0o700)

    end_user(user)
    assert distrusted is None


def test_use_refuses_the_folder_of_somebody_else(empty_data_dir, monkeypatch):
    (empty_data_dir / "postgres").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    with pytest.raises(SetupError, match="belongs to user id"):
        Server(empty_data_dir).use()


def test_use_refuses_a_folder_that_cannot_be_created(empty_data_dir):
    (empty_data_dir / "file").write_text("")

    with pytest.raises(SetupError, match="cannot be created"):
        Server(empty_data_dir / "file").use()
