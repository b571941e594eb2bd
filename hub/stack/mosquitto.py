"""A mosquitto broker of our own: passwords and rights, every queued message kept, the same port over restarts."""

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from hub.stack.process import (
    LOOPBACK,
    Child,
    StackError,
    answers,
    free_port,
    own_folder,
    port_is_free,
    reachable,
    run,
    wait_until,
    write_private,
)

READY_SECONDS = 20
BIND_TRIES = 5
SYSTEM_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin"
CONFIGURATION = """\
listener {port} {host}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
persistence true
persistence_location {folder}/
# The defaults drop a queue's messages after the 1000th and save every half hour.
max_queued_messages 0
autosave_on_changes true
autosave_interval 1
log_dest stderr
log_type error
log_type warning
log_type notice
"""


class Mosquitto:
    """A running broker. Start it with `Mosquitto.start`; call the methods from the main thread."""

    def __init__(self, folder: Path, port: int, users: Mapping[str, str], log: Path, child: Child):
        self.folder = folder
        self.port = port
        self.users = dict(users)
        self._log = log
        self._child = child

    @classmethod
    def start(cls, folder: Path, port: int, users: Mapping[str, str], *, log: Path | None = None) -> "Mosquitto":
        """Start a broker with these users and passwords, who may read and write every topic.

        Port 0 takes a free one. Sessions and queued messages stay in the folder. Raises StackError.
        """
        folder = folder.resolve()
        log = log or folder.with_name(f"{folder.name}.log")
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not reachable(folder.parent):
            raise StackError(f"The account nobody cannot enter {folder.parent}: choose a folder outside of it.")
        own_folder(folder)
        _write_users(folder, users)
        port, child = _launch(folder, port, log)
        return cls(folder, port, users, log, child)

    @property
    def pid(self) -> int:
        """Process id of the broker."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the broker runs."""
        return self._child.alive

    def url(self, user: str) -> str:
        """Where and as whom to connect: `mqtt://user:password@host:port`."""
        return f"mqtt://{user}:{self.users[user]}@{LOOPBACK}:{self.port}"

    @property
    def exit_code(self) -> int | None:
        """Exit code once it ended, negative for a signal."""
        return self._child.exit_code

    def stop(self) -> None:
        """Ask the broker to save and end."""
        self._child.stop()

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self._child.kill()

    def restart(self) -> None:
        """Start again on the same folder and port, after `stop`, `kill` or a crash."""
        self._child.stop()
        self.port, self._child = _launch(self.folder, self.port, self._log)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=SYSTEM_PATH)
    if not found:
        raise StackError("mosquitto is missing: run `apt-get install mosquitto`, or set MQTT_URL to your broker.")
    return found


def _write_users(folder: Path, users: Mapping[str, str]) -> None:
    """Passwords go in by a file that mosquitto_passwd hashes in place: none shows in the process list."""
    passwords = folder / "passwords"
    write_private(passwords, "".join(f"{user}:{password}\n" for user, password in users.items()))
    done = run([_program("mosquitto_passwd"), "-U", passwords], unprivileged=True)
    if done.returncode:
        raise StackError(f"mosquitto_passwd could not write {passwords}: {done.stderr.strip()}")
    write_private(folder / "rights", "".join(f"user {user}\ntopic readwrite #\n" for user in users))


def _launch(folder: Path, port: int, log: Path) -> tuple[int, Child]:
    for _ in range(BIND_TRIES):
        chosen = port or free_port()
        if not port_is_free(chosen):
            raise StackError(f"Port {chosen} for mosquitto is in use: stop what listens there or set another port.")
        write_private(folder / "mosquitto.conf", CONFIGURATION.format(port=chosen, host=LOOPBACK, folder=folder))
        child = Child([_program("mosquitto"), "-c", folder / "mosquitto.conf"], log, unprivileged=True)
        if wait_until(partial(answers, chosen), child, READY_SECONDS):
            return chosen, child
        child.stop()
        if port or "Address already in use" not in child.output():
            break
    raise StackError(f"mosquitto did not start ({(child.output().splitlines() or ['no word'])[-1]}): see {log}")
