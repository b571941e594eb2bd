"""The embedded PostgreSQL: its data outlives everything but our wish to delete it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from hub.stack.postgres import Postgres
from hub.stack.process import StackError, port_is_free, program_of


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    server = Postgres.start(folder / "pg", fast=True)
    yield server
    server.stop()


async def test_it_speaks_tcp_with_scram_to_who_knows_the_password(server: Postgres) -> None:
    connection = await asyncpg.connect(server.dsn())
    assert await connection.fetchval("SELECT current_database()") == "andon"
    assert await connection.fetchval("SELECT upper('é生產')") == "É生產"
    await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.dsn().replace(server.password, "wrong"))


def test_settings_and_secrets(server: Postgres) -> None:
    assert [server.sql(f"SHOW {name}") for name in ("fsync", "max_connections", "max_locks_per_transaction")] == [
        "on",
        "200",
        "256",
    ]
    kept = server.data_dir.with_name("pg.password")
    assert kept.read_text() == server.password
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_second_start_finds_its_data_again(server: Postgres) -> None:
    server.sql("CREATE TABLE kept AS SELECT 42 AS n", "andon")
    server.stop()
    again = Postgres.start(server.data_dir)
    assert again.sql("SELECT n FROM kept", "andon") == "42"
    assert again.password == server.password
    again.stop()


async def test_kill_nine_loses_nothing_committed_even_with_sessions_open(server: Postgres) -> None:
    connection = await asyncpg.connect(server.dsn())
    await connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    server.kill()
    server.restart()  # its lock file is stale and its children may still hold shared memory
    assert server.sql("SELECT count(*) FROM kept", "andon") == "1000"
    connection.terminate()


def test_it_dies_with_its_parent(folder: Path) -> None:
    code = "import os, pathlib, sys; from hub.stack.postgres import Postgres\n"
    code += "server = Postgres.start(pathlib.Path(sys.argv[1]), fast=True)\n"
    code += "print(server.pid, server.port, flush=True); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, folder / "pg"], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    pid, port = map(int, done.stdout.split())
    end = time.monotonic() + 10
    while time.monotonic() < end and program_of(pid):
        time.sleep(0.05)
    assert program_of(pid) is None
    assert port_is_free(port)
    Postgres.start(folder / "pg").stop()


def test_a_lock_file_whose_pid_is_another_program_is_forgotten(server: Postgres) -> None:
    server.kill()
    lock = server.data_dir / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.restart()
    assert server.sql("SELECT 1") == "1"


def test_a_busy_port_is_named(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"^Port {port} for PostgreSQL is in use: stop .*$"):
            Postgres.start(folder / "pg", port, fast=True)


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control"])
def test_a_half_written_data_folder_is_named_and_left_alone(server: Postgres, lost: str) -> None:
    server.stop()
    (server.data_dir / lost).unlink()
    before = sorted(server.data_dir.iterdir())
    with pytest.raises(StackError, match=rf"half-written \({lost} is missing\): .*move it away"):
        Postgres.start(server.data_dir)
    assert sorted(server.data_dir.iterdir()) == before


def test_an_interrupted_first_start_begins_anew(folder: Path) -> None:
    (folder / "pg.part" / "base").mkdir(parents=True)
    (folder / "pg.password").touch()
    server = Postgres.start(folder / "pg", fast=True)
    assert server.sql("SELECT 1") == "1"
    server.stop()


def test_data_of_another_version_is_named(server: Postgres) -> None:
    server.stop()
    (server.data_dir / "PG_VERSION").write_text("14\n")
    with pytest.raises(StackError, match="belongs to PostgreSQL 14, the server here is 18"):
        Postgres.start(server.data_dir)


def test_a_lost_password_is_named(server: Postgres) -> None:
    server.stop()
    server.data_dir.with_name("pg.password").unlink()
    with pytest.raises(StackError, match=r"password file .* is missing"):
        Postgres.start(server.data_dir)


def test_two_servers_never_share_a_folder(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.stack.postgres.TAKEOVER_SECONDS", 0.5)
    with pytest.raises(StackError, match="Another server already runs"):
        Postgres.start(server.data_dir)
    assert server.sql("SELECT 1") == "1"
