"""Accounts of our own."""

import asyncio
from uuid import UUID

from hub.base.db import Database
from hub.people import queries
from hub.people.secrets import password_matches
from hub.wire.problems import Problem


class LocalAccounts:
    """Accounts whose password stands in our own database (argon2)."""

    def __init__(self, db: Database):
        self._db = db

    async def authenticate(self, username: str, password: str) -> UUID:
        """Check against the local hash; unknown accounts take the same time."""
        async with self._db.reading() as conn:
            account = await queries.account(conn, username)
        stored = account.password_hash if account else None
        matches = await asyncio.to_thread(password_matches, stored, password)  # slow by design: not in the loop
        if not matches or account is None:
            raise Problem("invalid_credentials")
        if account.disabled_at is not None:
            raise Problem("account_disabled")
        user_id: UUID = account.id
        return user_id

    async def recheck(self, session_id: UUID | None) -> None:
        """Nothing to look at: a disabled account of our own has no session."""
