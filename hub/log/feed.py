"""Readers of many rooms: which rooms moved since a cursor.

The cursor is a transaction id. Rooms are reported when the transaction that moved them is older than every running
one, so nothing that commits late is passed over; a timestamp or a sequence would miss it.
"""

from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.wire.problems import Problem

MOVED = text(
    "SELECT room_id, last_seq FROM room_heads "
    "WHERE moved >= CAST(CAST(:cursor AS text) AS xid8) AND moved < CAST(CAST(:horizon AS text) AS xid8) "
    "ORDER BY moved"
)
HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
REACH = text(
    "SELECT pg_snapshot_xmin(now)::text AS settled, pg_snapshot_xmax(now)::text AS next "
    "FROM pg_current_snapshot() AS now"
)
START = "0"
MAX_XID = 2**63


class Moved(msgspec.Struct):
    """Rooms that moved, with their heads, and the cursor to go on with."""

    rooms: dict[UUID, int]
    cursor: str


def checked(cursor: str) -> str:
    """Refuse a cursor that is not ours (`cursor_invalid`)."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 19 and int(cursor) < MAX_XID):
        raise Problem("cursor_invalid")
    return cursor


async def horizon(conn: AsyncConnection) -> str:
    """Cursor for «everything committed before now»; take it *before* reading what it shall cover."""
    return str((await conn.execute(HORIZON)).scalar_one())


async def moved_since(conn: AsyncConnection, cursor: str) -> Moved:
    """Rooms moved at or after the cursor by transactions that are settled.

    A cursor from the future is from a database that has been restored since: its reader must start afresh.
    """
    reach = (await conn.execute(REACH)).one()
    if int(checked(cursor)) > int(reach.next):
        raise Problem("cursor_invalid")
    result = await conn.execute(MOVED, {"cursor": cursor, "horizon": reach.settled})
    return Moved({row.room_id: row.last_seq for row in result}, max(reach.settled, cursor, key=int))
