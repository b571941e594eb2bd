"""Hints flow again after whatever ended a connection of the bell."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.supervise import Supervisor
from hub.log import bell
from hub.log.bell import Bell
from tests.plant.waiting import until

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND query LIKE :query AND pid <> pg_backend_pid()"
)


class Pair:
    """Two processes' bells: one rings, the other hears."""

    def __init__(self, near: Database, far: Database):
        self.near, self.far = Bell(near), Bell(far)
        self.heard: set[UUID] = set()
        self.far.listen(lambda room, _: self.heard.add(room))
        self.tasks = Supervisor()
        self.tasks.start("sender", self.near.run_sender)
        self.tasks.start("near", self.near.run_listener)
        self.tasks.start("far", self.far.run_listener)

    async def flow(self) -> None:
        """Ring until the other hears: single hints may be lost."""
        room = uuid4()
        async with asyncio.timeout(10):
            while room not in self.heard:
                self.near.ring(room, 1)
                await asyncio.sleep(0.05)


@pytest.fixture
async def pair(database: Database) -> AsyncIterator[Pair]:
    pair = Pair(database, database)
    yield pair
    await pair.tasks.stop()


@pytest.mark.parametrize("query", ["%AS here", "%pg_notify('andon_bell', $1)"])
async def test_a_cut_connection_is_made_again(pair: Pair, database: Database, query: str) -> None:
    await pair.flow()
    async with database.transaction() as tx:
        assert (await tx.execute(CUT, {"query": query})).all()
    await pair.flow()
    assert pair.tasks.healthy


async def test_who_is_alone_sends_nothing(pair: Pair, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else listens any more: no transaction for hints; a newcomer is told again at once."""
    monkeypatch.setattr(bell, "GONE_SECONDS", 0.5)
    monkeypatch.setattr(bell, "HERE_SECONDS", 0.1)
    await pair.flow()
    await pair.tasks.stop()
    sent: list[str] = []
    lonely, tasks = Watched(database, sent), Supervisor()
    tasks.start("sender", lonely.run_sender)
    tasks.start("listener", lonely.run_listener)
    await asyncio.sleep(1)
    sent.clear()
    lonely.ring(uuid4(), 1)
    await asyncio.sleep(0.3)
    assert sent == []
    other = Bell(database)
    tasks.start("newcomer", other.run_listener)
    async with asyncio.timeout(5):
        while not sent:
            lonely.ring(uuid4(), 1)
            await asyncio.sleep(0.02)
    await tasks.stop()


class Watched(Bell):
    """A bell that writes down the hints it sends."""

    def __init__(self, db: Database, sent: list[str]):
        super().__init__(db)
        self._sent = sent

    async def _send(self, conn: Any, hints: list[tuple[UUID, int]]) -> None:
        self._sent += [f"{room}:{seq}" for room, seq in hints]
        await super()._send(conn, hints)


class Refusing(Database):
    """A server that has no connection left, or is shutting down, before it takes one."""

    def __init__(self, url: str):
        super().__init__(url, pool=1)
        self.refusals = [asyncpg.TooManyConnectionsError(), asyncpg.AdminShutdownError(), asyncpg.CrashShutdownError()]

    async def connect(self) -> Any:
        if self.refusals:
            raise self.refusals.pop()
        return await super().connect()


async def test_a_server_that_refuses_is_asked_again(database_url: str) -> None:
    near, far = Refusing(database_url), Refusing(database_url)
    pair = Pair(near, far)
    await until(lambda: not near.refusals and not far.refusals)
    await pair.flow()
    assert pair.tasks.healthy
    await pair.tasks.stop()
