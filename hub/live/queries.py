"""Reading who is online."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.clock import seconds
from hub.rooms import queries as rooms
from hub.wire import limits
from hub.wire.presence import Here
from hub.wire.views import Person

IS_ONLINE = "EXISTS (SELECT 1 FROM presence p WHERE p.user_id = m.user_id AND p.seen_at >= :since)"
OF_ROOMS = text(
    "SELECT m.room_id, array_agg(m.user_id) AS people FROM room_members m "
    f"WHERE m.room_id = ANY(:rooms) AND {rooms.PRESENT} AND {IS_ONLINE} GROUP BY m.room_id"
)
OF_ROOM = text(
    "SELECT u.id, u.name, u.kind, count(*) OVER () AS online FROM room_members m JOIN users u ON u.id = m.user_id "
    f"WHERE m.room_id = :room AND {rooms.PRESENT} AND {IS_ONLINE} ORDER BY m.from_seq, u.id LIMIT :limit"
)


def since(now: datetime) -> datetime:
    """What was written before counts no more; wall time."""
    return now - seconds(limits.PRESENCE_SECONDS)


async def online(conn: AsyncConnection, followed: Iterable[UUID], now: datetime) -> dict[UUID, frozenset[UUID]]:
    """Present members who are online, of many rooms in one statement; rooms without any are absent."""
    rows = await conn.execute(OF_ROOMS, {"rooms": list(followed), "since": since(now)})
    return {row.room_id: frozenset(row.people) for row in rows}


async def here(conn: AsyncConnection, room: UUID, now: datetime) -> Here:
    """Present members of a room who are online, who came first first."""
    found = {"room": room, "since": since(now), "limit": limits.NAMES_HERE}
    rows = list(await conn.execute(OF_ROOM, found))
    return Here(room, rows[0].online if rows else 0, [Person(row.id, row.name, row.kind) for row in rows])
