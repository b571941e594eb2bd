"""Reading rooms. Access is how you find a thing: what one may not see does not exist."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor, at_least
from hub.rooms.policy import LASTING, may_read
from hub.wire.problems import Problem
from hub.wire.requests import OpenRoom
from hub.wire.views import LinkedRoom, Member, Person, Reader, Room

# Who belongs to a room now, as `m`; a guest whose time is over does not, also before the log says so.
PRESENT = "m.to_seq IS NULL AND (m.until IS NULL OR m.until > hub_now())"
ROOM = f"""
SELECT r.*, coalesce(h.last_seq, 0) AS last_seq, o.name AS owner_name, o.kind AS owner_kind,
       (SELECT count(*) FROM room_members m WHERE m.room_id = r.room_id AND {PRESENT}) AS members,
       m.role AS my_role, m.from_seq AS my_from_seq, coalesce(d.last_read_seq, 0) AS last_read_seq
FROM incident_rooms r
LEFT JOIN room_heads h ON h.room_id = r.room_id
LEFT JOIN users o ON o.id = r.owner_id
LEFT JOIN room_members m ON m.room_id = r.room_id AND m.user_id = :me AND {PRESENT}
LEFT JOIN read_marks d ON d.room_id = r.room_id AND d.user_id = :me
"""
ONE = text(ROOM + "WHERE r.room_id = :room")
DOOR = text(
    "SELECT r.room_id, r.visibility, r.status, r.line, r.archived_at, "
    "coalesce(h.last_seq, 0) AS last_seq, m.role AS my_role "
    "FROM incident_rooms r LEFT JOIN room_heads h ON h.room_id = r.room_id "
    f"LEFT JOIN room_members m ON m.room_id = r.room_id AND m.user_id = :me AND {PRESENT} "
    "WHERE r.room_id = :room"
)
SEVERAL = text(ROOM + "WHERE r.room_id = ANY(:rooms)")
# `policy.may_read` for many rooms at once; a test compares the two.
VISIBLE = (
    "NOT :device AND (r.visibility = 'plant' OR m.user_id IS NOT NULL OR :all OR (r.visibility = 'line' AND "
    "(r.line IS NULL OR CAST(:lines AS text[]) IS NULL OR r.line = ANY(CAST(:lines AS text[])))))"
)
# The same for one message `s` of a room: of a members-only room, what was written while one belonged to it.
READABLE = (
    f"{VISIBLE} AND (r.visibility <> 'members' OR :all OR EXISTS (SELECT 1 FROM room_members p "
    "WHERE p.room_id = r.room_id AND p.user_id = :me AND s.seq BETWEEN p.from_seq "
    "AND coalesce(p.to_seq, 9223372036854775807)))"
)
LIKE = text(
    "SELECT r.room_id, r.number, r.title FROM incident_rooms r LEFT JOIN room_members m "
    "ON m.room_id = r.room_id AND m.user_id = :me AND m.to_seq IS NULL "
    f"WHERE {VISIBLE} AND r.status = ANY(:lasting) AND r.machine = :machine AND position(:title IN r.title) > 0 "
    "AND r.category = :category AND r.visibility = :visibility AND r.site IS NOT DISTINCT FROM :site "
    "AND r.line IS NOT DISTINCT FROM :line ORDER BY r.number DESC LIMIT 50"
)
MEMBERS = text(
    "SELECT m.user_id, u.name, u.kind, m.role, m.from_seq, m.to_seq, m.until FROM room_members m "
    f"JOIN users u ON u.id = m.user_id WHERE m.room_id = :room AND {PRESENT} ORDER BY m.from_seq, u.id"
)
MEMBER_IDS = text(f"SELECT m.user_id FROM room_members m WHERE m.room_id = :room AND {PRESENT}")
SPANS = text(
    "SELECT from_seq, coalesce(to_seq, 9223372036854775807) FROM room_members "
    "WHERE room_id = :room AND user_id = :me ORDER BY from_seq"
)
LINKED = text("SELECT other_id, kind FROM room_links WHERE room_id = :room ORDER BY seq")
NOBODY = UUID(int=0)


async def room_for(conn: AsyncConnection, actor: Actor, room_id: UUID) -> Row[Any]:
    """Row of a room the actor may read, else `not_found`."""
    return await _readable(conn, ONE, actor, room_id)


async def door_for(conn: AsyncConnection, actor: Actor, room_id: UUID) -> Row[Any]:
    """The same with what following a room needs alone: it is asked by every socket that comes back."""
    return await _readable(conn, DOOR, actor, room_id)


async def _readable(conn: AsyncConnection, query: TextClause, actor: Actor, room_id: UUID) -> Row[Any]:
    row = (await conn.execute(query, {"room": room_id, "me": actor.id})).one_or_none()
    if row is None or not may_read(actor, row.visibility, row.my_role is not None, row.line):
        raise Problem("not_found")
    return row


async def like_incidents(conn: AsyncConnection, actor: Actor, wanted: OpenRoom) -> list[Row[Any]]:
    """Rooms the actor may see where such a fault of the machine lasts, the wanted title somewhere in theirs."""
    facts = {name: getattr(wanted, name) for name in ("machine", "title", "category", "visibility", "site", "line")}
    return list(await conn.execute(LIKE, {**facts, **who(actor), "lasting": list(LASTING)}))


async def room_rows(conn: AsyncConnection, rooms: Sequence[UUID], me: UUID = NOBODY) -> list[Row[Any]]:
    """Rows of rooms, without asking who may read them."""
    return list(await conn.execute(SEVERAL, {"rooms": list(rooms), "me": me}))


def who(actor: Actor) -> dict[str, Any]:
    """Values of `VISIBLE` and `READABLE`."""
    lines = None if actor.lines is None or at_least(actor, "lead") else list(actor.lines)
    return {"me": actor.id, "all": at_least(actor, "admin"), "device": actor.kind == "machine", "lines": lines}


async def visible_rows(conn: AsyncConnection, actor: Actor, rooms: Sequence[UUID]) -> list[Row[Any]]:
    """Those of the rooms that the actor may see, newest first."""
    query = text(f"{ROOM} WHERE r.room_id = ANY(:rooms) AND {VISIBLE} ORDER BY r.number DESC")
    return list(await conn.execute(query, {"rooms": list(rooms), **who(actor)}))


async def members(conn: AsyncConnection, room_id: UUID) -> list[Member]:
    """Present members, in the order they came."""
    rows = await conn.execute(MEMBERS, {"room": room_id})
    return [
        Member(Person(row.user_id, row.name, row.kind), row.role, row.from_seq, row.to_seq, row.until) for row in rows
    ]


async def member_ids(conn: AsyncConnection, room_id: UUID) -> set[UUID]:
    """Present members."""
    return set((await conn.execute(MEMBER_IDS, {"room": room_id})).scalars())


async def spans(conn: AsyncConnection, actor: Actor, row: Row[Any]) -> list[tuple[int, int]]:
    """Which seqs of a room the actor may read: everything where the site may look, else the membership spans."""
    if row.visibility != "members" or at_least(actor, "admin"):
        return [(1, 2**62)]
    return [tuple(span) for span in await conn.execute(SPANS, {"room": row.room_id, "me": actor.id})]


def room_view(row: Row[Any]) -> Room:
    """The room as readers get it."""
    owner = Person(row.owner_id, row.owner_name, row.owner_kind) if row.owner_id else None
    return Room(
        id=row.room_id,
        code=room_code(row.number),
        title=row.title,
        fault=row.fault,
        site=row.site,
        line=row.line,
        machine=row.machine,
        category=row.category,
        severity=row.severity,
        status=row.status,
        visibility=row.visibility,
        owner=owner,
        opened_at=row.opened_at,
        first_raised_at=row.first_raised_at,
        acknowledged_at=row.acknowledged_at,
        on_site_at=row.on_site_at,
        restored_at=row.restored_at,
        monitoring_at=row.monitoring_at,
        closed_at=row.closed_at,
        active_alarms=row.active_alarms,
        last_seq=row.last_seq,
        area=row.area,
        reopened=row.reopened,
        archived_at=row.archived_at,
        merged_into=row.merged_into,
    )


async def links(conn: AsyncConnection, room_id: UUID) -> list[LinkedRoom]:
    """Rooms that have to do with this one, in the order they came."""
    found = await conn.execute(LINKED, {"room": room_id})
    return [LinkedRoom(row.other_id, row.kind) for row in found]


def reader_view(actor: Actor) -> Reader:
    """Who reads, for the rights table."""
    return Reader(actor.id, actor.role, actor.kind, None if actor.lines is None else list(actor.lines))


def room_code(number: int) -> str:
    """`INC-000042`."""
    return f"INC-{number:06d}"
