"""Looking at the log from behind, in the database, after everything is over."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import text

from hub.base.db import Database

ROOMS = """
SELECT h.room_id::text, h.last_seq, count(e.seq), min(e.seq), max(e.seq), count(DISTINCT e.seq)
FROM room_heads h LEFT JOIN room_events e USING (room_id) GROUP BY 1, 2
"""
MESSAGES = """
SELECT m.client_msg_id, m.room_id::text, m.sequence_number, e.type, e.body ->> 'message_id' = m.message_id::text
FROM messages m LEFT JOIN room_events e ON e.room_id = m.room_id AND e.seq = m.sequence_number
WHERE m.message_type = 'text'
"""
TWINS = "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) n FROM messages WHERE content <> '' GROUP BY content) c"
ORPHANS = """
SELECT (SELECT count(*) FROM room_events e LEFT JOIN messages m ON m.message_id::text = e.body ->> 'message_id'
        WHERE e.type = 'MessagePosted' AND m.message_id IS NULL)
     + (SELECT count(*) FROM room_events e LEFT JOIN incident_rooms r USING (room_id) WHERE r.room_id IS NULL)
     + (SELECT count(*) FROM messages m LEFT JOIN incident_rooms r USING (room_id)
        LEFT JOIN users u ON u.id = m.sender_id WHERE r.room_id IS NULL OR (m.sender_id IS NOT NULL AND u.id IS NULL))
"""


class Count(msgspec.Struct):
    """What is wrong with a log; all zero when nothing is."""

    gaps: int = 0
    lost: int = 0
    doubled: int = 0
    orphans: int = 0


async def count(database: Database, acked: dict[str, tuple[str, int]]) -> Count:
    """Compare the log with what clients were told: `acked` is room and seq by client message id.

    Every message must have a content of its own, so that one stored twice under two keys is found too.
    """
    found = Count()
    async with database.reading() as conn:
        for _, last, events, lowest, highest, distinct in await conn.execute(text(ROOMS)):
            found.gaps += not (lowest == 1 and last == highest == events == distinct)
        stored = {row[0]: row[1:] for row in await conn.execute(text(MESSAGES))}
        found.doubled = int(await conn.scalar(text(TWINS)) or 0)
        found.orphans = int(await conn.scalar(text(ORPHANS)) or 0)
    found.lost = sum(stored.get(key) != (room, seq, "MessagePosted", True) for key, (room, seq) in acked.items())
    return found


async def heads(database: Database, rooms: Collection[str]) -> dict[str, int]:
    """Last seq of rooms."""
    async with database.reading() as conn:
        rows = await conn.execute(text("SELECT room_id::text, last_seq FROM room_heads"))
        return {room: seq for room, seq in rows if room in rooms}


async def scalar(database: Database, query: str, **values: Any) -> Any:
    """One value."""
    async with database.reading() as conn:
        return await conn.scalar(text(query), values)
