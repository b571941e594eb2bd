"""The reader that fills the index: behind the log like any other reader, never in the way of a message.

One hub works at a time (an advisory lock of its transaction), so every message is indexed once; a hub that dies takes
nothing with it, because tokens and cursor are one transaction.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from time import monotonic, process_time
from typing import Any, Final
from uuid import UUID

import stamina
from sqlalchemy import text

from hub.base.db import Tx, passing
from hub.base.telemetry import logger, search_indexed, search_lag
from hub.log import cursors, feed
from hub.log.log import RoomLog
from hub.messages.search.texts import mentioned, tokens
from hub.people import queries as people
from hub.wire.problems import Problem
from hub.wire.views import Person

READER: Final = "search"
BATCH: Final = 200  # events of one transaction, shared by the rooms that wait
ROOMS: Final = 100
SLICE: Final = 20  # messages whose tokens are made before others have their turn: 1 or 2 ms
POLL_SECONDS: Final = 1.0
JOIN_SECONDS: Final = 0.25  # what comes within it is indexed together: a batch of ten costs as much as one of a hundred
GLANCE_SECONDS: Final = 0.02  # the shortest time in which it shows how busy the hub is
GIVE_WAY: Final = 240  # by the cube of how busy: at 15 % it rests as long as it indexes, at 30 % seven times as long
GIVE_WAY_MOST: Final = 30  # from half of the time on
NOTHING_SAID: Final = frozenset({"ReactionAdded", "ReactionRemoved"})
BETWEEN: Final = "\x1f"  # no token holds it: it is a space, and spaces are folded
ONE_WORKER = text("SELECT pg_try_advisory_xact_lock(4207849485)")
ALL_BEHIND = text(
    "SELECT h.room_id FROM room_heads h LEFT JOIN reader_cursors c ON c.room_id = h.room_id AND c.reader = :reader "
    "WHERE h.last_seq > coalesce(c.seq, 0)"
)
EVENTS = text(
    "SELECT e.room_id, e.seq, e.at, e.type, CAST(e.body ->> 'message_id' AS uuid) AS message_id "
    "FROM unnest(CAST(:rooms AS uuid[]), CAST(:seqs AS bigint[])) stands(room_id, seq) "
    "CROSS JOIN LATERAL (SELECT * FROM room_events o WHERE o.room_id = stands.room_id AND o.seq > stands.seq "
    "ORDER BY o.seq LIMIT :each) e"
)
MESSAGES = text(
    "SELECT m.message_id, m.room_id, m.sequence_number, m.sender_id, m.message_type, m.content, m.metadata, "
    "m.created_at, m.deleted_at, r.machine, r.line FROM messages m JOIN incident_rooms r ON r.room_id = m.room_id "
    "WHERE m.message_id = ANY(:ids)"
)
FORGET = text("DELETE FROM message_search WHERE message_id = ANY(:ids)")
STORE = f"""
INSERT INTO message_search AS known (message_id, room_id, seq, at, tokens)
SELECT message_id, room_id, seq, at, string_to_array(tokens, E'\\x{ord(BETWEEN):02x}')
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[])
     AS given(message_id, room_id, seq, at, tokens)
ON CONFLICT (message_id) DO UPDATE SET tokens = excluded.tokens WHERE known.tokens <> excluded.tokens
"""
log = logger("search")


class Indexer:
    """Follows all rooms and keeps `message_search` up to date."""

    def __init__(self, room_log: RoomLog):
        self._log = room_log
        self._cursor: str | None = None
        self._waiting: dict[UUID, None] = {}  # rooms that moved, first come first served
        self._rung = asyncio.Event()

    async def run(self) -> None:
        """Index for the life of the process; an absent database only delays it."""
        self._log.bell.listen(self._heard)
        try:
            while True:
                async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                    with attempt:
                        await self.turn()
                await self._wait()
        finally:
            self._log.bell.unlisten(self._heard)

    async def turn(self) -> None:
        """Index what there is; returns at once when another hub is at it."""
        await self._look()
        while await self._more_after_a_round():
            pass
        search_lag.set(0)  # all is seen, or another hub knows how far it is behind

    def _heard(self, room: UUID, _seq: int) -> None:
        self._waiting[room] = None
        self._rung.set()

    async def _wait(self) -> None:
        if not self._rung.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), POLL_SECONDS)
        self._rung.clear()
        await asyncio.sleep(JOIN_SECONDS)

    async def _look(self) -> None:
        """Find rooms that moved: all that are behind at first, later those of the feed. Hints only save the wait."""
        async with self._log.db.reading() as conn:
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
            self._waiting |= dict.fromkeys((await conn.execute(ALL_BEHIND, {"reader": READER})).scalars())
            self._cursor = cursor

    async def _more_after_a_round(self) -> bool:
        """Index a part of what each waiting room has new; whether one has more. What rings meanwhile waits."""
        due, self._waiting, more = self._waiting, {}, False
        try:
            while due:
                rooms, started = list(islice(due, ROOMS)), monotonic()
                left, mine = await self._batch(rooms)
                for room in rooms:
                    del due[room]
                self._waiting |= dict.fromkeys(left)
                if not mine:
                    return False
                more = more or bool(left)
                await _rest(monotonic() - started)
        finally:
            self._waiting = due | self._waiting
        return more

    async def _batch(self, rooms: list[UUID]) -> tuple[list[UUID], bool]:
        """Index a part of what the rooms have new. Returns the rooms that still wait, and whether it was our turn."""
        async with self._log.db.transaction() as tx:
            mine = bool(await tx.scalar(ONE_WORKER))
            stands = await cursors.behind(tx.conn, READER, rooms)  # a later statement: it sees what another hub did
            if not stands or not mine:
                return list(stands), mine
            each = max(1, BATCH // len(stands))
            given = {"rooms": list(stands), "seqs": [seq for seq, _ in stands.values()], "each": each}
            events = list(await tx.execute(EVENTS, given))
            search_lag.set((self._log.clock.now() - min(event.at for event in events)).total_seconds())
            await _index(tx, {e.message_id for e in events if e.message_id and e.type not in NOTHING_SAID})
            done = {event.room_id: event.seq for event in events}
            await cursors.advance_all(tx, READER, done)
        return [room for room, (_, last) in stands.items() if done[room] < last], True


async def _index(tx: Tx, ids: set[UUID]) -> None:
    """Put messages into the index as they are now; those that were deleted, or say nothing, leave it."""
    rows = list(await tx.execute(MESSAGES, {"ids": list(ids)})) if ids else []
    live = [row for row in rows if row.deleted_at is None]
    names = await people.people(tx.conn, set().union(*map(mentioned, live)))
    found = await _tokens(live, names)
    gone = [row.message_id for row in rows if row.message_id not in found]
    if gone:
        await tx.execute(FORGET, {"ids": gone})
    told = sorted((row for row in live if row.message_id in found), key=lambda row: (row.created_at, row.message_id))
    if told:
        await (await tx.driver()).execute(
            STORE,
            [row.message_id for row in told],
            [row.room_id for row in told],
            [row.sequence_number for row in told],
            [row.created_at for row in told],
            [BETWEEN.join(found[row.message_id]) for row in told],
        )
        tx.after_commit(lambda: search_indexed.inc(len(told)))


async def _tokens(rows: Sequence[Any], names: Mapping[UUID, Person]) -> dict[UUID, list[str]]:
    """Tokens of messages that have words; others of the process have their turn in between."""
    found = {}
    for place, row in enumerate(rows):
        if place % SLICE == 0:
            await asyncio.sleep(0)
        if made := tokens(row, names, row.machine, row.line):
            found[row.message_id] = made
    return found


async def _rest(worked: float) -> None:
    """Rest a little, and the longer the more the process has to do meanwhile."""
    cpu, glance = process_time(), max(worked / 4, GLANCE_SECONDS)
    await asyncio.sleep(glance)
    busy = min(1.0, (process_time() - cpu) / glance)
    await asyncio.sleep(worked * min(GIVE_WAY * busy**3, GIVE_WAY_MOST))
