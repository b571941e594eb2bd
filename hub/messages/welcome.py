"""The reader that welcomes people in new rooms: it renders the template's text, outside of any transaction, and posts
it once.

Every hub reads; a room's welcome has a key, and is written with the reader's cursor under the room's lock. So two hubs
post one, and a hub that dies leaves none or one, which the next turn finds.
"""

import asyncio
from contextlib import suppress
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import stamina
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.db import Tx, passing
from hub.base.telemetry import logger
from hub.log import cursors, feed
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.rooms import queries as rooms
from hub.rooms.checklist import queries as checklist
from hub.rooms.templates import queries as templates
from hub.rooms.templates import welcome
from hub.wire import limits
from hub.wire.events import RoomWelcomed
from hub.wire.problems import Problem
from hub.wire.templates import AlarmFacts

READER: Final = "welcome"
KEY: Final = "template:welcome"
POLL_SECONDS: Final = 1.0
OPENING_MOST: Final = 2 + limits.TEMPLATE_MEMBERS + limits.TEMPLATE_ITEMS  # a room with more events has been seen
UNWELCOMED: Final = (
    "SELECT r.room_id FROM incident_rooms r WHERE r.template_id IS NOT NULL AND NOT EXISTS "
    f"(SELECT 1 FROM reader_cursors c WHERE c.reader = '{READER}' AND c.room_id = r.room_id)"
)
ALL: Final = text(UNWELCOMED)
AMONG: Final = text(f"{UNWELCOMED} AND r.room_id = ANY(:rooms)")
SAY: Final = text(
    "UPDATE messages SET metadata = metadata || jsonb_build_object('text', CAST(:texts AS jsonb)) "
    "WHERE message_id = :id"
)
log = logger("welcome")


class Welcomer:
    """Follows all rooms. `language` is the site's: the one whose text stands in the message's content."""

    def __init__(self, room_log: RoomLog, language: str, time_zone: str):
        self._log = room_log
        self._language = language
        self._zone = ZoneInfo(time_zone)
        self._cursor: str | None = None
        self._rung: set[UUID] = set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Welcome for the life of the process; an absent database only delays it."""
        self._log.bell.listen(self._heard)
        try:
            while True:
                async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                    with attempt:
                        await self.turn()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                self._wake.clear()
        finally:
            self._log.bell.unlisten(self._heard)

    async def turn(self) -> None:
        """Welcome in every room that has opened; the feed finds those that no hint told of."""
        rung, self._rung = self._rung, set()
        async with self._log.db.reading() as conn:
            waiting = await self._waiting(conn, rung)
        for room_id in waiting:
            await self._welcome(room_id)

    def _heard(self, room: UUID, seq: int) -> None:
        if seq <= OPENING_MOST:
            self._rung.add(room)
            self._wake.set()

    async def _waiting(self, conn: AsyncConnection, rung: set[UUID]) -> list[UUID]:
        try:
            if self._cursor is not None:
                moved = await feed.moved_since(conn, self._cursor)
                self._cursor = moved.cursor
                among = {"rooms": list(rung | moved.rooms.keys())}
                return list((await conn.execute(AMONG, among)).scalars()) if among["rooms"] else []
        except Problem as problem:
            if problem.code != "cursor_invalid":  # else the database has been restored since
                raise
        cursor = await feed.horizon(conn)
        waiting = list((await conn.execute(ALL)).scalars())
        self._cursor = cursor
        return waiting

    async def _welcome(self, room_id: UUID) -> None:
        async with self._log.db.snapshot() as conn:
            [room] = await rooms.room_rows(conn, [room_id])
            texts = await self._rendered(conn, room)
        event = RoomWelcomed(room.template_id, room.template_version)

        async def change(tx: Tx) -> None:
            await lock_rooms(tx, [room_id])
            if await cursors.stands_at(tx.conn, READER, room_id):
                return
            seq = 1  # of RoomOpened: all that this reader reads
            if texts:
                content = welcome.said(texts, self._language)
                [row] = await self._log.append(tx, [New(room_id, None, event, KEY, content)])
                told = {"id": UUID(row.body["message_id"]), "texts": msgspec.json.encode(texts).decode()}
                await tx.execute(SAY, told)
            await cursors.advance(tx, READER, room_id, seq)

        await self._log.act(change)

    async def _rendered(self, conn: AsyncConnection, room: Row[Any]) -> dict[str, str]:
        """The text in each language of the template. One that fails is left out: the room has to do without."""
        template = await templates.version(conn, room.template_id, room.template_version)
        if not template.welcome:
            return {}
        people = [(it.user.name, it.role) for it in await rooms.members(conn, room.room_id)]
        items = [(it.text, it.due_at) for it in await checklist.of_room(conn, room.room_id)]
        code, found = rooms.room_code(room.number), {}
        for language, source in template.welcome.items():
            facts = welcome.context(
                _facts(room), code, room.title, language, people, items, template.runbooks, self._zone
            )
            try:
                found[language] = welcome.rendered(source, facts)
            except Problem as problem:
                log.warning("welcome_failed", room=str(room.room_id), language=language, code=problem.code)
        return {language: said for language, said in found.items() if said}


def _facts(room: Row[Any]) -> AlarmFacts:
    names = ("site", "area", "line", "machine", "category", "severity", "code", "condition")
    return AlarmFacts(text=room.fault, **{name: getattr(room, name) for name in names})
