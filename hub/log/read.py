"""Reading the log by cursor."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.log.append import Row

PAGE = text(
    "SELECT room_id, seq, type, actor_id, body, at FROM room_events "
    "WHERE room_id = :room AND seq > :after AND seq <= :until ORDER BY seq LIMIT :limit"
)
HEADS = text("SELECT room_id, last_seq FROM room_heads WHERE room_id = ANY(:rooms)")
EPOCH = text("SELECT epoch FROM hub_epoch ORDER BY since DESC LIMIT 1")
NO_END = 2**62


async def page(conn: AsyncConnection, room: UUID, after: int, limit: int, until: int = NO_END) -> list[Row]:
    """Events of a room with `after < seq <= until`, oldest first, at most `limit`."""
    result = await conn.execute(PAGE, {"room": room, "after": after, "until": until, "limit": limit})
    return [Row(*row) for row in result]


async def heads(conn: AsyncConnection, rooms: list[UUID]) -> dict[UUID, int]:
    """Last seq of each room; a room without events is absent."""
    result = await conn.execute(HEADS, {"rooms": rooms})
    return {row.room_id: row.last_seq for row in result}


async def epoch(conn: AsyncConnection) -> str:
    """The life of this log: another one after a restore, so that no reader trusts its old cursor."""
    return str((await conn.execute(EPOCH)).scalar_one())
