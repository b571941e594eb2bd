"""A PostgreSQL server of our own: TCP on loopback, scram passwords, durable, gone when we are gone."""

import re
import secrets
import shutil
import signal
import time
from functools import partial
from pathlib import Path

from hub.stack.place import postgres_programs
from hub.stack.process import (
    LOOPBACK,
    Child,
    StackError,
    free_port,
    own_folder,
    port_is_free,
    program_of,
    reachable,
    run,
    wait_until,
    write_private,
)

USER = "andon"
DATABASE = "andon"
READY_SECONDS = 60
TAKEOVER_SECONDS = 15
LOCKED = 'lock file "postmaster.pid" already exists'
PASSING = ("pre-existing shared memory block", LOCKED)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
SETTINGS = {
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "unix_socket_directories": "",
    "logging_collector": "off",
}


class Postgres:
    """A running server. Start it with `Postgres.start`; call the methods from the main thread."""

    def __init__(self, data_dir: Path, port: int, password: str, programs: Path, log: Path, child: Child):
        self.data_dir = data_dir
        self.port = port
        self.password = password
        self._programs = programs
        self._log = log
        self._child = child

    @classmethod
    def start(cls, data_dir: Path, port: int = 0, *, fast: bool = False, log: Path | None = None) -> "Postgres":
        """Make the cluster if there is none, start it, make the database `andon`.

        Port 0 takes a free one. `fast` only skips the sync of the new, still empty cluster. Raises StackError.
        """
        programs = postgres_programs()
        data_dir = data_dir.resolve()
        log = log or data_dir.with_name(f"{data_dir.name}.log")
        _check(data_dir, programs)
        password = _password(data_dir)
        if not (data_dir / "PG_VERSION").exists():
            _create(data_dir, programs, fast)
        port, child = _launch(data_dir, port, programs, log)
        server = cls(data_dir, port, password, programs, log, child)
        if not server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            server.sql(f"CREATE DATABASE {DATABASE}")
        return server

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""
        return self._child.alive

    def dsn(self, database: str = DATABASE) -> str:
        """Connection URL as libpq and asyncpg read it."""
        return f"postgresql://{USER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement through psql and return its output, columns parted by `|`. Raises StackError."""
        done = run(
            [self._programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, self._place(database)],
            env=ENVIRONMENT | {"PGPASSWORD": self.password},
        )
        if done.returncode:
            raise StackError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    @property
    def exit_code(self) -> int | None:
        """Exit code once it ended, negative for a signal."""
        return self._child.exit_code

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything is on disk."""
        self._child.stop(signal.SIGINT, grace=30)

    def kill(self) -> None:
        """SIGKILL the postmaster, as a crash would."""
        self._child.kill()

    def restart(self) -> None:
        """Start again on the same data and port, after `stop`, `kill` or a crash."""
        self._child.stop(signal.SIGINT, grace=30)
        self.port, self._child = _launch(self.data_dir, self.port, self._programs, self._log)

    def _place(self, database: str) -> str:
        """Where to connect without the password, which would show in the process list."""
        return f"postgresql://{USER}@{LOOPBACK}:{self.port}/{database}"


def _check(data_dir: Path, programs: Path) -> None:
    """Refuse folders we cannot or must not start on."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    if not reachable(data_dir.parent):
        raise StackError(f"The account nobody cannot enter {data_dir.parent}: choose a data folder outside of it.")
    if not data_dir.exists() or not any(data_dir.iterdir()):
        return
    marks = ("PG_VERSION", "global/pg_control", "postgresql.conf")
    missing = [mark for mark in marks if not (data_dir / mark).exists()]
    if missing:
        raise StackError(
            f"The data folder {data_dir} is half-written ({missing[0]} is missing): "
            f"restore it from a backup, or move it away to begin anew."
        )
    found, needed = (data_dir / "PG_VERSION").read_text().strip(), _major(programs)
    if found != needed:
        raise StackError(
            f"The data folder {data_dir} belongs to PostgreSQL {found}, the server here is {needed}: "
            f"restore a backup into a new folder, or run version {found}."
        )


def _major(programs: Path) -> str:
    words = run([programs / "postgres", "--version"], env=ENVIRONMENT).stdout
    match = re.search(r"(\d+)\.", words)
    return match[1] if match else words


def _password(data_dir: Path) -> str:
    """The password beside the data; a new random one before there is data."""
    kept = data_dir.with_name(f"{data_dir.name}.password")
    if kept.exists() and (password := kept.read_text().strip()):
        return password
    if (data_dir / "PG_VERSION").exists():
        raise StackError(f"The password file {kept} is missing: restore it, or move {data_dir} away to begin anew.")
    password = secrets.token_urlsafe(24)
    write_private(kept, password)
    return password


def _create(data_dir: Path, programs: Path, fast: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that a crash leaves nothing half-written."""
    part = data_dir.with_name(f"{data_dir.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    own_folder(part)
    password = data_dir.with_name(f"{data_dir.name}.password")
    options = ["--auth=scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--no-sync"] if fast else []
    command: list[str | Path] = [programs / "initdb", "-D", part, "-U", USER, f"--pwfile={password}", *options]
    done = run(command, env=ENVIRONMENT, unprivileged=True)
    if done.returncode:
        raise StackError(f"PostgreSQL could not make {data_dir}: {done.stderr.strip().splitlines()[-1]}")
    if data_dir.exists():
        data_dir.rmdir()
    part.rename(data_dir)


def _launch(data_dir: Path, port: int, programs: Path, log: Path) -> tuple[int, Child]:
    """Start the server on its data. Waits for what is left of a killed server to let go of it."""
    _forget_stale_lock(data_dir)
    end = time.monotonic() + TAKEOVER_SECONDS
    while True:
        chosen = port or free_port()
        if not port_is_free(chosen):
            raise StackError(f"Port {chosen} for PostgreSQL is in use: stop what listens there or set another port.")
        child = _spawn(data_dir, chosen, programs, log)
        if wait_until(partial(_ready, data_dir, child.pid), child, READY_SECONDS):
            return chosen, child
        child.stop(signal.SIGINT)
        words = child.output()
        passing = any(line in words for line in PASSING) or (not port and "could not bind" in words)
        if not passing or time.monotonic() > end:
            raise StackError(_why(data_dir, words, log))
        time.sleep(0.1)


def _spawn(data_dir: Path, port: int, programs: Path, log: Path) -> Child:
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return Child(
        [programs / "postgres", "-D", data_dir, "-h", LOOPBACK, "-p", str(port), *settings],
        log,
        env=ENVIRONMENT,
        parent_death=signal.SIGINT,
        unprivileged=True,
    )


def _ready(data_dir: Path, pid: int) -> bool:
    """Whether the lock file is of this server and its last line says that it takes connections."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _forget_stale_lock(data_dir: Path) -> None:
    """Remove a lock file whose process is not a server: ended, or its id reused (common when containers restart)."""
    lock = data_dir / "postmaster.pid"
    try:
        pid = int(lock.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return  # no lock, or one the server itself copes with
    if program_of(pid) != "postgres":
        lock.unlink()


def _why(data_dir: Path, words: str, log: Path) -> str:
    if LOCKED in words:
        return f"Another server already runs on {data_dir}: stop the other `andon up` first."
    fatal = [line for line in words.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
    return f"PostgreSQL did not start ({(fatal or words.splitlines() or ['no word'])[-1]}): see {log}"
