"""The door to whoever knows the passwords, and how it says no."""

from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

from hub.wire.problems import Problem

Step = Literal["connect", "tls", "bind", "search"]


@runtime_checkable
class Directory(Protocol):
    """Checks an account's password and names the user it belongs to."""

    async def authenticate(self, username: str, password: str) -> UUID:
        """Return our user id; raise `invalid_credentials`, with the right password the reason, when it is away
        `directory_unavailable`."""

    async def recheck(self, session_id: UUID | None) -> None:
        """Look again who a session's user is, unless that was done lately; whoever was let go has no session then."""


class SignInRefused(Problem):
    """A sign-in the directory refused; `reason` is for the audit alone."""

    def __init__(self, code: str, reason: str):
        super().__init__(code)
        self.reason = reason


class DirectoryAway(Problem):
    """No answer came (`directory_unavailable`); `step` is how far the question got, or `timeout`."""

    def __init__(self, step: str, retry_after: float):
        super().__init__("directory_unavailable", retry_after=retry_after)
        self.step = step


class DirectoryFault(Exception):
    """The directory could not be asked: at which step, and what it said. Never holds a password."""

    def __init__(self, step: Step, detail: str):
        super().__init__(f"{step}: {detail}")
        self.step = step
        self.detail = detail
