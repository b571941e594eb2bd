"""The background task that seals. One hub at a time, by an advisory lock of its transaction: one that dies loses its
turn and nothing else.

The order is that of commits: what is visible and not sealed is sealed, whenever it was inserted. A row whose
transaction was held open comes after those that were committed meanwhile, and is never passed over.
"""

import asyncio
from itertools import islice
from time import monotonic
from typing import Final
from uuid import UUID

import stamina
from sqlalchemy import text

from hub.audit import refusals
from hub.audit.rooms import ALL_BEHIND, seal_rooms
from hub.audit.seal import SEALED, Link, sealed
from hub.base.db import Database, passing
from hub.base.telemetry import audit_unsealed, logger
from hub.log import feed
from hub.wire.problems import Problem

SEAL_SECONDS: Final = 1.0
ROOMS_SECONDS: Final = 10.0
HEAD_SECONDS: Final = 3600.0  # how often the log, which is kept elsewhere, learns the head
ROWS: Final = 1000
ROOMS: Final = 100
ONE_SEALER = text("SELECT pg_try_advisory_xact_lock(4207849486)")
UNSEALED = text(
    f"SELECT {', '.join(name for name in SEALED if name not in ('number', 'sealed_at'))} "
    "FROM audit_log WHERE number IS NULL ORDER BY id LIMIT :limit"
)
HEAD = text("SELECT number, hash, hub_now() AS now FROM audit_head FOR UPDATE")
SEAL = text(
    "UPDATE audit_log a SET number = g.number, hash = g.hash, sealed_at = :at "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:numbers AS bigint[]), CAST(:hashes AS bytea[])) g(id, number, hash) "
    "WHERE a.id = g.id"
)
MOVE_HEAD = text("UPDATE audit_head SET number = :number, hash = :hash")
# Seconds on the wall: the plant's clock may run faster.
UNSEALED_AGE = text(
    "SELECT coalesce(extract(epoch FROM hub_now() - min(a.at)), 0)::float / (SELECT rate FROM hub_clock) "
    "FROM audit_log a WHERE a.number IS NULL"
)
log = logger("audit")


class Sealer:
    """Seals audit rows each second and rooms' logs every ten."""

    def __init__(self, db: Database):
        self._db = db
        self._cursor: str | None = None
        self._waiting: dict[UUID, None] = {}
        self._rooms_at = self._told_at = float("-inf")

    async def run(self) -> None:
        """Seal for the life of the process; an absent database only delays it."""
        while True:
            async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                with attempt:
                    await self.turn()
            await asyncio.sleep(SEAL_SECONDS)

    async def turn(self) -> None:
        """Seal what there is; returns at once when another hub is at it."""
        if monotonic() - self._rooms_at >= ROOMS_SECONDS:
            await self.seal_rooms()
            self._rooms_at = monotonic()
        while await self._seal() == ROWS:
            pass
        async with self._db.reading() as conn:
            audit_unsealed.set(max(0.0, await conn.scalar(UNSEALED_AGE) or 0.0))

    async def _seal(self) -> int:
        async with self._db.transaction() as tx:
            if not await tx.scalar(ONE_SEALER):
                return 0
            await refusals.settle(tx)
            rows = list((await tx.execute(UNSEALED, {"limit": ROWS})).mappings())
            if not rows:
                return 0
            last = (await tx.execute(HEAD)).one()
            made = dict(sealed(Link(last.number, last.hash), [dict(row) for row in rows], last.now))
            head = list(made.values())[-1]
            numbers, hashes = [link.number for link in made.values()], [link.hash for link in made.values()]
            await tx.execute(SEAL, {"ids": list(made), "numbers": numbers, "hashes": hashes, "at": last.now})
            await tx.execute(MOVE_HEAD, {"number": head.number, "hash": head.hash})
            tx.after_commit(lambda: self._tell(head))
        return len(rows)

    def _tell(self, head: Link) -> None:
        if monotonic() - self._told_at >= HEAD_SECONDS:
            self._told_at = monotonic()
            log.info("audit_head", head=str(head))

    async def seal_rooms(self) -> None:
        """Note digests of the rooms that moved, until none waits or another hub turns out to be at it."""
        await self._look()
        while self._waiting:
            rooms = list(islice(self._waiting, ROOMS))
            async with self._db.transaction() as tx:
                if not await tx.scalar(ONE_SEALER):
                    return
                left = await seal_rooms(tx, rooms)
            for room in set(rooms) - set(left):
                del self._waiting[room]

    async def _look(self) -> None:
        """Find rooms that moved: at first all that are behind, later those of the feed."""
        async with self._db.reading() as conn:
            try:
                if self._cursor is not None:
                    moved = await feed.moved_since(conn, self._cursor)
                    self._waiting |= dict.fromkeys(moved.rooms)
                    self._cursor = moved.cursor
                    return
            except Problem as problem:
                if problem.code != "cursor_invalid":  # else the database has been restored since
                    raise
            cursor = await feed.horizon(conn)
            self._waiting |= dict.fromkeys((await conn.execute(ALL_BEHIND)).scalars())
            self._cursor = cursor
