"""Child processes that never outlive their parent, and what their starters share: ports, logs, accounts.

Start children from the main thread: Linux delivers the parent-death signal when the *thread* that forked ends.
"""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LOOPBACK = "127.0.0.1"
OUTPUT_BYTES = 64 * 1024
UNPRIVILEGED = "nobody"
POLL_SECONDS = 0.02

_libc = ctypes.CDLL(None)


class StackError(Exception):
    """The stack cannot start. The message is one line that says what to do."""


def account() -> dict[str, Any]:
    """`subprocess` arguments that drop root to an unprivileged account; empty when we are not root."""
    if os.geteuid() != 0:
        return {}
    return {"user": UNPRIVILEGED, "group": pwd.getpwnam(UNPRIVILEGED).pw_gid, "extra_groups": []}


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, stdin: str = "", unprivileged: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end and keep what it wrote; the caller reads the exit code."""
    return subprocess.run(  # noqa: S603 - the stack's own programs
        command, env=env, input=stdin, capture_output=True, text=True, **(account() if unprivileged else {})
    )


def give(path: Path, mode: int) -> None:
    """Hand a file or folder to the account that `account()` names."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(UNPRIVILEGED)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    path.chmod(mode)


def own_folder(path: Path) -> Path:
    """Make a folder (0700) of the unprivileged account."""
    path.mkdir(parents=True, exist_ok=True)
    give(path, 0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file (0600) of the unprivileged account."""
    path.touch(0o600)
    give(path, 0o600)
    path.write_text(text)


def reachable(path: Path) -> bool:
    """Whether the unprivileged account can enter this existing folder. Asks the kernel, as that account."""
    return run(["/usr/bin/test", "-x", path], unprivileged=True).returncode == 0


def program_of(pid: int) -> str | None:
    """Name of the program that runs as this process; None when it ended, even if nobody has noticed (a zombie)."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if rest.split()[0] in "ZX" else name


def free_port() -> int:
    """A loopback port that was free a moment ago; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether we could listen here now. Connections still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether something accepts TCP connections here."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(ready: Callable[[], bool], child: "Child", seconds: float) -> bool:
    """Poll until ready. False when the child died or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and child.alive:
        if ready():
            return True
        time.sleep(POLL_SECONDS)
    return False


class Child:
    """One running child with its log file. It gets `parent_death` when we die, however we die.

    It leads a session of its own, so Ctrl-C at the terminal reaches only us and we choose the order of stopping.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        parent_death: signal.Signals = signal.SIGTERM,
        unprivileged: bool = False,
    ):
        """Start the command; its output is appended to the log."""
        self._command = command
        self._log = log
        self._env = env
        self._cwd = cwd
        self._parent_death = parent_death
        self._account = account() if unprivileged else {}
        self._log_start = 0
        self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()

        def bind_to_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, self._parent_death)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

        with self._log.open("ab") as output:
            self._log_start = output.tell()
            return subprocess.Popen(  # noqa: S603 - the stack's own programs
                self._command,
                env=self._env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=bind_to_parent,  # prctl and getppid only: safe after a fork
                **self._account,
            )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Exit code once it ended, negative for a signal."""
        return self._process.poll()

    def output(self, last: int = OUTPUT_BYTES) -> str:
        """What it has written since it started, the last so many bytes of it."""
        with self._log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, size - last))
            return log.read().decode("utf-8", "replace")

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False when it still runs."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when it has already ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, at once."""
        self.send(signal.SIGKILL)
        self._process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM, grace: float = 10) -> None:
        """Ask it to end; SIGKILL when it has not after `grace` seconds."""
        self.send(number)
        if not self.wait(grace):
            self.kill()

    def restart(self) -> None:
        """Start the same command again, after it was stopped, killed or died."""
        self.stop()
        self._process = self._spawn()
