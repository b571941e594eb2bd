"""What a new database gets at its first start: the connectors' token and, for the demo, people to sign in as."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.stack.process import StackError

PEOPLE = (
    ("admin", "管理員", "admin"),
    ("lin", "林怡君", "lead"),
    ("wang", "王志明", "responder"),
    ("chen", "陳淑芬", "responder"),
    ("guest", "訪客", "viewer"),
)
"""Account, name, hub role of the demo's people that one is told of."""
UNROSTERED = ("admin", "guest")
"""Those of them who work no shift; `andon demo-staff` adds the others, with their colleagues."""

Command = Callable[[Sequence[str], str], None]
"""Runs `andon WORDS…` with this standard input; raises StackError when it fails."""


def secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(36)) -> str:
    """The secret kept in this file (0600); made at the first call."""
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    part = path.with_name(path.name + ".part")
    part.touch(0o600)
    part.write_text(value := make())
    part.rename(path)
    return value


def once(mark: Path, do: Callable[[], None]) -> None:
    """Do it unless the mark is there, then leave the mark. Marks lie in the data they speak of, and go with it."""
    if not mark.exists():
        do()
        mark.touch()


def demo_password() -> str:
    """One password for all of the demo's people, different on every installation."""
    return f"andon-{secrets.token_hex(4)}"


def seed_connectors(andon: Command, token_file: Path) -> None:
    """A machine token for the connectors that may speak for every source."""
    token_file.unlink(missing_ok=True)
    andon(["token", "add", "connectors", "--kind", "machine", "--sources", "*", "--out", str(token_file)], "")
    if not token_file.exists():
        raise StackError(f"`andon token add` left no {token_file}: see its log.")


def seed_demo(andon: Command, password: str) -> None:
    """The demo's people, all with the same password, who of them works when, and the templates that come along."""
    for username, name, role in PEOPLE:
        if username in UNROSTERED:
            andon(["user", "add", username, "--name", name, "--role", role, "--password-file", "-"], password)
    andon(["demo-staff", "--password-file", "-"], password)
    andon(["templates", "import", "presets", "--as", "admin"], "")
