"""The baseline as a process of its own, and who is in its rooms: what tests and benchmarks need of it."""

import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import jwt
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from hub.stack.process import LOOPBACK, Child, free_port, wait_until
from tests.bench.baseline import settings
from tests.bench.baseline.models import IncidentRoom, RoomMember

PROGRAM = [sys.executable, "-m", "tests.bench.baseline"]
READY_SECONDS = 30.0
TOKEN_HOURS = 12


class Baseline:
    """A running baseline. Rate limits are raised unless said otherwise; `database_url` must not hold anything else."""

    def __init__(self, database_url: str, log: Path, messages_per_second: int = 100_000):
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.database_url = database_url
        self._secret = secrets.token_hex(32)
        own = {
            settings.DATABASE_URL: database_url,
            settings.SECRET_KEY: self._secret,
            settings.MESSAGES_PER_SECOND: str(messages_per_second),
            settings.PORT: str(self.port),
        }
        self._child = Child(PROGRAM, log, env=os.environ | own)
        if not wait_until(self._answers, self._child, READY_SECONDS):
            self._child.stop()
            raise RuntimeError(f"the baseline did not start: {self._child.output()[-2000:]}")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    @property
    def pid(self) -> int:
        return self._child.pid

    def stop(self) -> None:
        """SIGTERM, and wait for its end; SIGKILL when its sockets keep it."""
        self._child.stop(grace=5)

    def authorization(self, user_id: str) -> str:
        """Value of the header that signs a user in."""
        claims = {"sub": user_id, "exp": datetime.now(UTC) + timedelta(hours=TOKEN_HOURS)}
        return "Bearer " + jwt.encode(claims, self._secret, algorithm="HS256")

    async def open_rooms(self, members: Sequence[Sequence[str]]) -> list[UUID]:
        """Make one room for each list of members (email addresses); returns their ids."""
        rooms = [uuid4() for _ in members]
        engine = create_async_engine(self.database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
        async with engine.begin() as connection:
            await connection.execute(
                insert(IncidentRoom),
                [
                    {"room_id": room, "title": "Zone 5", "severity": "high", "status": "active", "created_by": users[0]}
                    for room, users in zip(rooms, members, strict=True)
                ],
            )
            await connection.execute(
                insert(RoomMember),
                [
                    {"room_id": room, "user_id": user, "role": "editor"}
                    for room, users in zip(rooms, members, strict=True)
                    for user in users
                ],
            )
        await engine.dispose()
        return rooms
