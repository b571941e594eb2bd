"""Who is online: each process writes whom it has sockets of, and tells its followers who of a room came and left.

A process that was killed is not heard of any more, so its people are gone when their rows are too old.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Final
from uuid import UUID, uuid4

import msgspec

from hub.base.clock import wall
from hub.base.db import Tx
from hub.base.telemetry import logger, presence_online
from hub.live import actions, queries
from hub.live.station import Station
from hub.wire.frames import Signal
from hub.wire.problems import Problem

KEEP_SECONDS: Final = 20.0  # a third of what it counts for: two may get lost
GATHER_SECONDS: Final = 1.0  # a page that is loaded anew has not been away
LOOK_SECONDS: Final = 1.5
WRITES_PER_SECOND: Final = 500  # a room with many followers is told the more rarely
NAMED: Final = 50
log = logger("presence")


class Moves:
    """What followers were told of each room, and what to tell now. Pure: time is given."""

    def __init__(self) -> None:
        self._told: dict[UUID, frozenset[UUID]] = {}
        self._due: dict[UUID, float] = {}

    def now(self, online: Mapping[UUID, frozenset[UUID]], readers: Mapping[UUID, int], now: float) -> list[Signal]:
        """Signals for the followed rooms (`readers`) that have changed; for a room that is new here, who is online."""
        self._told = {room: told for room, told in self._told.items() if room in readers}
        self._due = {room: due for room, due in self._due.items() if room in readers}
        signals = []
        for room, many in readers.items():
            before, after = self._told.get(room), online.get(room, frozenset())
            if before == after or now < self._due.get(room, 0):
                continue
            self._told[room], self._due[room] = after, now + many / WRITES_PER_SECOND
            before = before or frozenset()
            came, left = _named(after - before), _named(before - after)
            signals.append(Signal("presence", room=room, count=len(after), came=came, left=left))
        return signals


def _named(people: Iterable[UUID]) -> list[UUID]:
    return sorted(people)[:NAMED]


class Presence:
    """This process's part of who is online, and its followers' view of all of it."""

    def __init__(self, station: Station):
        self._station = station
        self._hub = uuid4()
        self._moves = Moves()

    async def run_keeper(self) -> None:
        """Write who is here, every 20 s and when it changes, for the life of the process."""
        changed = self._station.users_changed
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), KEEP_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
                changed.clear()
                await self._keep(self._station.people_here())
        finally:
            await self._keep(set())  # a process that stops takes its people with it

    async def _keep(self, people: set[UUID]) -> None:
        async def change(tx: Tx) -> None:
            await actions.keep(tx, self._hub, people, wall())

        presence_online.set(len(people))
        try:
            await self._station.db.act(change)
        except Problem as problem:
            log.warning("presence_not_kept", code=problem.code)
            self._station.users_changed.set()

    async def run_teller(self) -> None:
        """Tell who came and left, for the life of the process."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._tell()
            except Problem as problem:
                log.warning("presence_not_told", code=problem.code)

    async def _tell(self) -> None:
        channels = self._station.channels
        readers = channels.rooms()
        if not readers:
            return
        async with self._station.db.reading() as conn:
            online = await queries.online(conn, readers, wall())
        for signal in self._moves.now(online, readers, monotonic()):
            assert signal.room is not None
            await channels.signal(signal.room, msgspec.json.encode(signal))
