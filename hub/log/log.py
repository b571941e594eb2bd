"""The log as the slices above use it: one object that holds the database, the bell, signals and the tails."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.clock import PlantClock
from hub.base.db import Database, Tx
from hub.log import append, read
from hub.log.append import New, Row, Timeline
from hub.log.bell import Bell
from hub.log.signals import Signals
from hub.log.tail import Tails
from hub.wire.views import Event

T = TypeVar("T")


class RoomLog:
    """All rooms' logs."""

    def __init__(self, db: Database, timeline: Timeline, clock: PlantClock):
        self.db = db
        self.clock = clock
        self.bell = Bell(db)
        self.signals = Signals(self.bell)
        db.tell = self.signals.tell
        self.timeline = timeline
        self.tails = Tails(db, self.events)
        self.bell.listen(self.tails.heard)

    async def act(self, change: Callable[[Tx], Awaitable[T]]) -> T:
        """Run a change in a transaction of its own, again after a lost race (action lane)."""
        return await self.db.act(change)

    async def append(self, tx: Tx, events: Sequence[New]) -> list[Row]:
        """Append to rooms that `tx` has locked."""
        return await append.append(tx, self.bell, self.timeline, events)

    async def events(
        self, conn: AsyncConnection, room: UUID, after: int, limit: int, until: int = read.NO_END
    ) -> list[Event]:
        """Hydrated events of a room, oldest first."""
        return await self.timeline.hydrate(conn, await read.page(conn, room, after, limit, until))
