"""The room list, live: every socket hears which rooms moved. Lossy; a client asks `changed_after` when it reconnects.

The first move is told at once, what follows within the pause is told together; talk may wait longer (`pace.py`).
"""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.base.telemetry import logger
from hub.live.outlet import frame
from hub.live.pace import Pace
from hub.live.slice import write_in_slices
from hub.live.station import Station
from hub.log import feed
from hub.people.policy import at_least
from hub.rooms import queries as rooms
from hub.rooms.policy import may_read
from hub.wire.frames import LobbyRoom, Signal
from hub.wire.problems import Problem

if TYPE_CHECKING:
    from hub.live.socket import LiveSocket

PAUSE_SECONDS = 0.5
SWEEP_SECONDS = 5.0
PER_SIGNAL = 50
log = logger("lobby")


class Lobby:
    """Tells sockets of rooms that moved."""

    def __init__(self, station: Station):
        self._station = station
        self._moved: set[UUID] = set()
        self._pace = Pace()
        self._wake = asyncio.Event()
        station.log.bell.listen(self._heard)

    def _heard(self, room: UUID, _seq: int) -> None:
        self._moved.add(room)
        self._wake.set()

    async def run(self) -> None:
        """Tell, for the life of the process; every 5 s the feed finds what a lost hint left out."""
        cursor, due = "", 0.0
        while True:
            try:
                if monotonic() >= due:
                    cursor = await self._sweep(cursor)
                    due = monotonic() + SWEEP_SECONDS
                await self._tell()
            except Problem as problem:
                log.warning("lobby_failed", code=problem.code)
                cursor = "" if problem.code == "cursor_invalid" else cursor
            await asyncio.sleep(PAUSE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._longest_wait())
            self._wake.clear()

    def _longest_wait(self) -> float:
        return min(SWEEP_SECONDS, max(0.0, self._pace.due - monotonic())) if self._pace.waiting else SWEEP_SECONDS

    async def _sweep(self, cursor: str) -> str:
        async with self._station.db.reading() as conn:
            if not cursor:
                return await feed.horizon(conn)
            moved = await feed.moved_since(conn, cursor)
        self._moved |= set(moved.rooms)
        return moved.cursor

    async def _tell(self) -> None:
        moved, self._moved = self._moved | self._pace.waiting, set()
        sockets = self._station.ready_sockets()
        if not moved or not sockets:
            return
        try:
            found, private = await self._looked_up(list(moved))
        except Problem:
            self._moved |= moved
            self._wake.set()
            raise
        rows = self._pace.now(found, monotonic(), len(sockets))
        parties: dict[tuple[str, ...] | None, list[LiveSocket]] = {}
        for socket in sockets:
            parties.setdefault(_lines(socket), []).append(socket)
        for lines, party in parties.items():
            if payloads := _payloads(row for row in rows if shown_to(row, lines)):
                await write_in_slices([socket.outlet for socket in party], payloads)
        for row in rows:
            if row.room_id in private:
                [payload] = _payloads([row])
                self._tell_members(row, payload, private[row.room_id])

    async def _looked_up(self, moved: list[UUID]) -> tuple[list[Any], dict[UUID, set[UUID]]]:
        """The rooms' rows, and who are the members where not everybody may look."""
        async with self._station.db.reading() as conn:
            rows = await rooms.room_rows(conn, moved)
            parted = any(_lines(socket) is not None for socket in self._station.ready_sockets())
            private = [row.room_id for row in rows if not shown_to(row, () if parted else None)]
            return list(rows), {room: await rooms.member_ids(conn, room) for room in private}

    def _tell_members(self, row: Any, payload: bytes, members: set[UUID]) -> None:
        """Tell those who may look for another reason than their line, and have not been told for that."""
        for socket in self._station.ready_sockets():
            assert socket.actor is not None
            reads = may_read(socket.actor, row.visibility, socket.user_id in members, row.line)
            if reads and not shown_to(row, _lines(socket)):
                socket.outlet.write([payload], frame(payload))


def _lines(socket: "LiveSocket") -> tuple[str, ...] | None:
    """The lines a socket's user looks after; None = all."""
    assert socket.actor is not None
    return None if at_least(socket.actor, "lead") else socket.actor.lines


def shown_to(row: Any, lines: Collection[str] | None) -> bool:
    """Whether a room is shown to all who look after these lines. Pure."""
    if row.visibility == "line":
        return row.line is None or lines is None or row.line in lines
    return bool(row.visibility == "plant")


def _payloads(rows: Iterable[Any]) -> list[bytes]:
    listed = [LobbyRoom(rooms.room_view(row), row.members) for row in rows]
    parts = [listed[start : start + PER_SIGNAL] for start in range(0, len(listed), PER_SIGNAL)]
    return [msgspec.json.encode(Signal("lobby", rooms=part)) for part in parts]
