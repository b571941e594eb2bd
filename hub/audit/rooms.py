"""Rooms' logs in the chain: a row «rooms_sealed» holds, for each room that moved, a range of seqs and its digest.

The database makes the digests, so no event travels for it. Ranges of a room follow each other without a gap: an event
that is altered, left out or put in no longer fits the digest in a sealed row.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.actions import record
from hub.base.db import Tx
from hub.log import cursors

READER: Final = "audit"
ACTION: Final = "rooms_sealed"
EVENTS_EACH: Final = 2000  # of one room in one row
ALL_BEHIND = text(
    "SELECT h.room_id FROM room_heads h LEFT JOIN reader_cursors c ON c.room_id = h.room_id AND c.reader = 'audit' "
    "WHERE h.last_seq > coalesce(c.seq, 0)"
)
DIGESTS = text(
    "SELECT g.room_id, g.first, g.last, count(e.seq) AS events, encode(sha256(convert_to(coalesce(string_agg("
    "jsonb_build_array(e.seq, e.type, e.actor_id, extract(epoch FROM e.at), e.key, e.body)::text, "
    "chr(10) ORDER BY e.seq), ''), 'UTF8')), 'hex') AS digest "
    "FROM unnest(CAST(:rooms AS uuid[]), CAST(:firsts AS bigint[]), CAST(:lasts AS bigint[])) g(room_id, first, last) "
    "LEFT JOIN room_events e ON e.room_id = g.room_id AND e.seq BETWEEN g.first AND g.last "
    "GROUP BY g.room_id, g.first, g.last"
)
Range = tuple[int, int]


async def digests(conn: AsyncConnection, ranges: Mapping[UUID, Range]) -> dict[UUID, tuple[int, int, str, int]]:
    """First and last seq, digest and number of the events there are, for one range of each room."""
    given = {
        "rooms": list(ranges),
        "firsts": [first for first, _ in ranges.values()],
        "lasts": [last for _, last in ranges.values()],
    }
    return {row.room_id: (row.first, row.last, row.digest, row.events) for row in await conn.execute(DIGESTS, given)}


async def seal_rooms(tx: Tx, rooms: list[UUID]) -> list[UUID]:
    """Note the digests of what is new in these rooms; returns those that have more than fits in one row."""
    behind = await cursors.behind(tx.conn, READER, rooms)
    if not behind:
        return []
    ranges = {room: (seq + 1, min(last, seq + EVENTS_EACH)) for room, (seq, last) in behind.items()}
    found = await digests(tx.conn, ranges)
    told = {str(room): [first, last, digest] for room, (first, last, digest, _) in found.items()}
    await record(tx, None, ACTION, "rooms", rooms=told)
    await cursors.advance_all(tx, READER, {room: last for room, (_, last) in ranges.items()})
    return [room for room, (_, last) in ranges.items() if last < behind[room][1]]


def ranges_in(row: Mapping[str, Any]) -> dict[UUID, tuple[int, int, str]]:
    """What a row «rooms_sealed» says; raises ValueError, KeyError or TypeError when it is none."""
    return {UUID(room): (int(first), int(last), str(digest)) for room, (first, last, digest) in row["rooms"].items()}
