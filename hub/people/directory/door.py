"""The door to whoever knows the passwords."""

from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class Directory(Protocol):
    """Checks an account's password and names the user it belongs to."""

    async def authenticate(self, username: str, password: str) -> UUID:
        """Return our user id; raise `invalid_credentials` or, with the right password, `account_disabled`."""
