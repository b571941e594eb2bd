"""Reading broadcasts."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.broadcasts.policy import concerns
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.wire.presence import Broadcast, Seen
from hub.wire.problems import Problem
from hub.wire.views import Person

BROADCAST = """
SELECT b.*, f.name AS sender_name, f.kind AS sender_kind, t.name AS user_name, t.kind AS user_kind, s.at AS seen_at
FROM broadcasts b
JOIN users f ON f.id = b.sender_id
LEFT JOIN users t ON t.id = b.user_id
LEFT JOIN broadcast_seen s ON s.broadcast_id = b.id AND s.user_id = :me
"""
# Those to other people are left out here already; who may read the room of one is asked of the rooms.
RUNNING = text(
    f"{BROADCAST} WHERE b.expires_at > hub_now() AND (b.scope <> 'person' OR :me IN (b.user_id, b.sender_id)) "
    "ORDER BY b.created_at DESC, b.id DESC"
)
FRESH = text(f"{BROADCAST} WHERE b.expires_at > hub_now() AND b.id <> ALL(:known) ORDER BY b.created_at, b.id")
ONE = text(f"{BROADCAST} WHERE b.id = :id")
SEEN = text(
    "SELECT u.id, u.name, u.kind, s.at FROM broadcast_seen s JOIN users u ON u.id = s.user_id "
    "WHERE s.broadcast_id = :id ORDER BY s.at, u.id"
)
NOBODY = UUID(int=0)


def broadcast_view(row: Row[Any]) -> Broadcast:
    """A broadcast as readers get it."""
    return Broadcast(
        id=row.id,
        scope=row.scope,
        text=row.text,
        severity=row.severity,
        sender=Person(row.sender_id, row.sender_name, row.sender_kind),
        created_at=row.created_at,
        expires_at=row.expires_at,
        room_id=row.room_id,
        line=row.line,
        person=Person(row.user_id, row.user_name, row.user_kind) if row.user_id else None,
        seen_at=row.seen_at,
    )


async def running(conn: AsyncConnection, actor: Actor) -> list[Broadcast]:
    """Broadcasts for the actor that have not expired, newest first."""
    rows = list(await conn.execute(RUNNING, {"me": actor.id}))
    return [broadcast_view(row) for row in await _concerning(conn, actor, rows)]


async def fresh(conn: AsyncConnection, known: Iterable[UUID]) -> list[Row[Any]]:
    """All broadcasts that have not expired but those known, oldest first, whomever they are for."""
    return list(await conn.execute(FRESH, {"known": list(known), "me": NOBODY}))


async def _concerning(conn: AsyncConnection, actor: Actor, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    wanted = {row.room_id for row in rows if row.room_id is not None}
    visible = await rooms.visible_rows(conn, actor, list(wanted)) if wanted else []
    readable = {room.room_id for room in visible}
    return [row for row in rows if concerns(actor, row, reads_room=row.room_id in readable)]


async def found(conn: AsyncConnection, actor: Actor, broadcast_id: UUID) -> Row[Any]:
    """Any broadcast, also one that has expired and is for others, else `not_found`."""
    row = (await conn.execute(ONE, {"id": broadcast_id, "me": actor.id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def broadcast_for(conn: AsyncConnection, actor: Actor, broadcast_id: UUID) -> Row[Any]:
    """One that is told to the actor, also when it has expired, else `not_found`."""
    rows = await _concerning(conn, actor, [await found(conn, actor, broadcast_id)])
    if not rows:
        raise Problem("not_found")
    return rows[0]


async def seen(conn: AsyncConnection, broadcast_id: UUID) -> list[Seen]:
    """Who has seen it, the first one first."""
    rows = await conn.execute(SEEN, {"id": broadcast_id})
    return [Seen(Person(row.id, row.name, row.kind), row.at) for row in rows]
