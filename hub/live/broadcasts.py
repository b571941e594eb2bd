"""Broadcasts, live: every socket of whom one concerns gets it once. Who connects later asks `GET /api/broadcasts`."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row

from hub.base.telemetry import logger
from hub.broadcasts import queries
from hub.broadcasts.actions import KIND, Sent
from hub.broadcasts.policy import concerns
from hub.live.slice import write_in_slices
from hub.live.station import Station
from hub.rooms import queries as rooms
from hub.rooms.policy import may_read
from hub.wire.frames import Signal
from hub.wire.problems import Problem

LOOK_SECONDS: Final = 3.0  # repairs a lost signal
MARGIN: Final = timedelta(minutes=1)  # what has expired may be forgotten, by a clock that is a little ahead too
log = logger("broadcasts")


class Announcer:
    """Looks for new broadcasts when it hears of one, and now and then."""

    def __init__(self, station: Station):
        self._station = station
        self._told: dict[UUID, datetime] = {}
        self._wake = asyncio.Event()
        station.log.signals.hear(KIND, Sent, self._heard)

    def _heard(self, _sender: str, _sent: Sent) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Tell, for the life of the process. Those that run when it begins come by GET: nobody was here before."""
        began = False
        while True:
            try:
                for row, readers in await self._fresh():
                    if began:
                        await self._tell(row, readers)
                    self._told[row.id] = row.expires_at
                began = True
            except Problem as problem:
                log.warning("broadcasts_not_read", code=problem.code)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)
            self._wake.clear()

    async def _fresh(self) -> list[tuple[Row[Any], "Readers"]]:
        past = self._station.clock.now() - MARGIN
        self._told = {told: expires for told, expires in self._told.items() if expires > past}
        async with self._station.db.reading() as conn:
            found = await queries.fresh(conn, self._told)
            places = {row.room_id for row in found if row.room_id is not None}
            readers = {
                room.room_id: Readers(room.visibility, room.line, await rooms.member_ids(conn, room.room_id))
                for room in await rooms.room_rows(conn, list(places))
            }
        return [(row, readers.get(row.room_id, NOBODY)) for row in found]

    async def _tell(self, row: Row[Any], readers: "Readers") -> None:
        signal = msgspec.json.encode(Signal("broadcast", broadcast=queries.broadcast_view(row)))
        concerned = [
            socket.outlet
            for socket in self._station.ready_sockets()
            if socket.actor is not None
            and concerns(
                socket.actor,
                row,
                reads_room=may_read(socket.actor, readers.visibility, socket.user_id in readers.members, readers.line),
            )
        ]
        await write_in_slices(concerned, [signal])


class Readers(msgspec.Struct, frozen=True):
    """Who may read a room."""

    visibility: str
    line: str | None
    members: set[UUID]


NOBODY: Final = Readers("members", None, set())
