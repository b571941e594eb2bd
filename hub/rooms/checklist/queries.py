"""Reading checklists."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people import queries as people
from hub.wire.problems import Problem
from hub.wire.views import ChecklistItem, Text

OF_ROOM = text("SELECT * FROM checklist_items WHERE room_id = :room ORDER BY added_seq")
ONE = text("SELECT * FROM checklist_items WHERE item_id = :item AND room_id = :room")
COUNT = text("SELECT count(*) FROM checklist_items WHERE room_id = :room")
TEXTS = text("SELECT item_id, text FROM checklist_items WHERE item_id = ANY(:items)")


async def of_room(conn: AsyncConnection, room_id: UUID) -> list[ChecklistItem]:
    """A room's items in the order they came; who may read the room is asked before."""
    rows = list(await conn.execute(OF_ROOM, {"room": room_id}))
    names = await people.people(conn, {person for row in rows for person in (row.assignee_id, row.checked_by)})
    return [
        ChecklistItem(
            row.item_id,
            row.text,
            row.state,
            names.get(row.assignee_id),
            row.team,
            row.due_at,
            names.get(row.checked_by),
            row.checked_at,
        )
        for row in rows
    ]


async def item_of(conn: AsyncConnection, room_id: UUID, item_id: UUID) -> Row[Any]:
    """One item of a room, else `not_found`."""
    row = (await conn.execute(ONE, {"item": item_id, "room": room_id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def texts(conn: AsyncConnection, items: Iterable[UUID]) -> dict[UUID, Text]:
    """What items say."""
    wanted = list(items)
    return {row.item_id: row.text for row in await conn.execute(TEXTS, {"items": wanted})} if wanted else {}
