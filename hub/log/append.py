"""The action lane: append events in the transaction of the change they describe.

Order of every writer: lock the rooms in a statement of their own, check in a later one, then append. A check in the
locking statement would read a snapshot taken before the wait and accept what has just been forbidden.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.log.bell import Bell
from hub.wire.events import Body
from hub.wire.problems import Problem
from hub.wire.views import Event

LOCK = text("SELECT room_id FROM incident_rooms WHERE room_id = ANY(:rooms) ORDER BY room_id FOR NO KEY UPDATE")
FIND_KEYS = text("SELECT key, seq, type, body, at FROM room_events WHERE room_id = :room AND key = ANY(:keys)")
ADVANCE = """
INSERT INTO room_heads AS head (room_id, last_seq, moved)
SELECT room_id, n, pg_current_xact_id() FROM unnest($1::uuid[], $2::bigint[]) AS given(room_id, n)
ON CONFLICT (room_id) DO UPDATE SET last_seq = head.last_seq + excluded.last_seq, moved = excluded.moved
RETURNING room_id, last_seq
"""
INSERT = """
WITH now AS MATERIALIZED (SELECT hub_now() AS at) -- once for all: what one change brings happens at one time
INSERT INTO room_events (room_id, seq, type, actor_id, body, at, key)
SELECT room_id, seq, type, actor_id, body::jsonb, now.at, key
FROM now,
     unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::text[])
     AS given(room_id, seq, type, actor_id, body, key)
RETURNING at
"""


class New(msgspec.Struct, frozen=True):
    """An event to append. `key` makes it idempotent in its room for ever.

    `content` is what a person wrote with it; it goes to the timeline row, never into the log.
    """

    room_id: UUID
    actor_id: UUID | None
    body: Body
    key: str | None = None
    content: str = ""


class Row(msgspec.Struct):
    """An event as stored; `body` without anything a person wrote. `content` is only there while it is written."""

    room_id: UUID
    seq: int
    type: str
    actor_id: UUID | None
    body: dict[str, Any]
    at: datetime
    content: str = ""


class Timeline(Protocol):
    """What the floor of messages does for the log, which knows no messages."""

    async def store(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Store the timeline rows of events that are shown, in the same transaction."""

    async def hydrate(self, conn: AsyncConnection, rows: Sequence[Row]) -> list[Event]:
        """Turn stored events into what readers get: people's names, current message or tombstone."""


async def lock_rooms(tx: Tx, rooms: Iterable[UUID]) -> list[UUID]:
    """Lock rooms in the one order everybody keeps; returns those that exist."""
    result = await tx.execute(LOCK, {"rooms": sorted(set(rooms))})
    return list(result.scalars())


async def append(tx: Tx, bell: Bell, timeline: Timeline, events: Sequence[New]) -> list[Row]:
    """Append to locked rooms and return the stored rows, in order, with their seqs.

    An event whose key stands in the room already is not appended again: its first row is returned; with another
    body it is `key_reused`. After COMMIT the bell tells every reader.
    """
    first = await _already_there(tx, events)
    fresh = [event for event in events if event.key is None or (event.room_id, event.key) not in first]
    stored = iter(await _insert(tx, bell, fresh) if fresh else [])
    rows = [first.get((event.room_id, event.key or "")) or next(stored) for event in events]
    new = [row for event, row in zip(events, rows, strict=True) if (event.room_id, event.key or "") not in first]
    await timeline.store(tx, new)
    return rows


async def _already_there(tx: Tx, events: Sequence[New]) -> dict[tuple[UUID, str], Row]:
    first: dict[tuple[UUID, str], Row] = {}
    for room in {event.room_id for event in events if event.key}:
        mine = {event.key: event for event in events if event.room_id == room and event.key}
        for key, seq, type_, body, at in await tx.execute(FIND_KEYS, {"room": room, "keys": list(mine)}):
            event = mine[key]
            facts = {name: value for name, value in body.items() if name != "message_id"}
            if type_ != type(event.body).__name__ or facts != msgspec.to_builtins(event.body):
                raise Problem("key_reused")
            first[(room, key)] = Row(room, seq, type_, event.actor_id, body, at)
    return first


async def _insert(tx: Tx, bell: Bell, events: Sequence[New]) -> list[Row]:
    rows = await number(await tx.driver(), events)
    for room, head in {row.room_id: row.seq for row in rows}.items():
        tx.after_commit(partial(bell.ring, room, head))
    return rows


async def number(driver: Any, events: Sequence[New]) -> list[Row]:
    """Give events of locked rooms their seqs and insert them, in two statements; returns the rows in order.

    The fast lane does the same within its one statement (`post_messages`). `driver` is an asyncpg connection inside a
    transaction.
    """
    counts = Counter(event.room_id for event in events)
    moved = await driver.fetch(ADVANCE, list(counts), list(counts.values()))
    heads = {room: head - counts[room] for room, head in moved}
    seqs = []
    for event in events:
        heads[event.room_id] += 1
        seqs.append(heads[event.room_id])
    facts = [_facts(event.body) for event in events]
    at = await driver.fetchval(
        INSERT,
        [event.room_id for event in events],
        seqs,
        [type(event.body).__name__ for event in events],
        [event.actor_id for event in events],
        [msgspec.json.encode(fact).decode() for fact in facts],
        [event.key for event in events],
    )
    return [
        Row(event.room_id, seq, type(event.body).__name__, event.actor_id, fact, at, event.content)
        for event, seq, fact in zip(events, seqs, facts, strict=True)
    ]


def _facts(body: Body) -> dict[str, Any]:
    """Body as JSON, with the id of its timeline row where it is shown."""
    facts: dict[str, Any] = msgspec.to_builtins(body)
    if type(body).message_type is not None:
        facts["message_id"] = str(new_id())
    return facts
