"""The room list: what it shows, in which order, page by page; and how many there are.

Each order is one ascending number, newer rooms first among equals, so that a page goes on after the last row's pair.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.rooms.listing import words
from hub.rooms.listing.cursor import Place
from hub.rooms.policy import SEVERITIES
from hub.rooms.queries import ROOM, VISIBLE, who
from hub.wire.room_admin import RoomCounts, RoomSort, ViewFilters

WORST: Final = ", ".join(f"'{name}'" for name in SEVERITIES)
ORDERS: Final[dict[RoomSort, str]] = {
    "newest": "-r.number",
    "severity": f"array_position(ARRAY[{WORST}], r.severity)::bigint",
    "longest_open": "(extract(epoch FROM coalesce(r.first_raised_at, r.opened_at)) * 1000000)::bigint",
    "activity": "-coalesce(h.moved::text::bigint, 0)",
}
LISTS: Final = ("status", "severity", "category")
PLACES: Final = ("site", "area", "line", "machine")
FOUND: Final = (
    "r.room_id IN (SELECT w.room_id FROM room_words w WHERE w.tokens @> CAST(:pieces AS text[]) "
    "AND position(:words IN w.words) > 0)"
)
OF_TEAM: Final = (
    "EXISTS (SELECT 1 FROM teams t WHERE t.id = :team AND (cardinality(t.lines) = 0 OR r.line = ANY(t.lines)))"
)


def conditions(actor: Actor, wanted: ViewFilters) -> tuple[list[str], dict[str, Any]]:
    """The filters as SQL, with its values. Pure."""
    where = [VISIBLE, f"r.archived_at IS {'NOT ' if wanted.archived else ''}NULL"]
    values: dict[str, Any] = who(actor)
    for name in LISTS:
        if chosen := getattr(wanted, name):
            where.append(f"r.{name} = ANY(:{name})")
            values[name] = list(chosen)
    for name in PLACES:
        if (place := getattr(wanted, name)) is not None:
            where.append(f"r.{name} = :{name}")
            values[name] = place
    if wanted.mine:
        where.append("m.user_id IS NOT NULL")
    if wanted.unread:
        where.append("m.user_id IS NOT NULL AND coalesce(d.last_read_seq, 0) < coalesce(h.last_seq, 0)")
    if wanted.team is not None:
        where.append(OF_TEAM)
        values["team"] = wanted.team
    if wanted.q and words.wanted(wanted.q)[0]:
        where.append(FOUND)
        values["words"], values["pieces"] = words.wanted(wanted.q)
    return where, values


def page_of(actor: Actor, wanted: ViewFilters, limit: int, after: Place | None) -> tuple[str, dict[str, Any]]:
    """The statement of one page. Pure."""
    where, values = conditions(actor, wanted)
    order = ORDERS[wanted.sort]
    if after is not None:
        where.append(f"({order}, -r.number) > (:after, :tie)")
        values |= {"after": after.value, "tie": -after.number}
    columns = ROOM.replace("SELECT r.*", f"SELECT {order} AS place, r.*", 1)
    return f"{columns} WHERE {' AND '.join(where)} ORDER BY {order}, -r.number LIMIT :limit", values | {"limit": limit}


async def list_rooms(
    conn: AsyncConnection, actor: Actor, wanted: ViewFilters, limit: int, after: Place | None = None
) -> list[Row[Any]]:
    """Rooms the actor may see, with their `place` in the order."""
    statement, values = page_of(actor, wanted, limit, after)
    return list(await conn.execute(text(statement), values))


async def counts(conn: AsyncConnection, actor: Actor, wanted: ViewFilters) -> RoomCounts:
    """How many rooms the list has, in all and by status, severity and line."""
    where, values = conditions(actor, wanted)
    source = ROOM[ROOM.index("FROM incident_rooms") :]
    statement = (
        "SELECT r.status, r.severity, coalesce(r.line, '') AS line, count(*) AS n "
        f"{source} WHERE {' AND '.join(where)} "
        "GROUP BY GROUPING SETS ((r.status), (r.severity), (coalesce(r.line, '')))"
    )
    found = RoomCounts(0, {}, {}, {})
    for row in await conn.execute(text(statement), values):
        if row.status is not None:
            found.status[row.status] = row.n
            found.total += row.n
        elif row.severity is not None:
            found.severity[row.severity] = row.n
        else:
            found.line[row.line] = row.n
    return found


VIEWS = text("SELECT id, name, filters FROM room_views WHERE user_id = :me ORDER BY name, id")


async def saved_views(conn: AsyncConnection, me: UUID) -> list[Row[Any]]:
    """The filters somebody keeps, by name."""
    return list(await conn.execute(VIEWS, {"me": me}))
