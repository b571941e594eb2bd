"""Reading the closing form."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rooms.closing import policy
from hub.rooms.templates import queries as templates
from hub.wire.room_admin import Closing, ClosingForm
from hub.wire.views import Person

FORM = text(
    "SELECT c.form, c.at, u.id, u.name, u.kind FROM room_closings c "
    'JOIN users u ON u.id = c."by" WHERE c.room_id = :room'
)


async def form_of(conn: AsyncConnection, room_id: UUID) -> tuple[ClosingForm, Row[Any] | None]:
    """The form of a room, empty when nobody has filled it in, and the row it stands in."""
    row = (await conn.execute(FORM, {"room": room_id})).one_or_none()
    return (ClosingForm() if row is None else msgspec.convert(row.form, ClosingForm)), row


async def required(conn: AsyncConnection, room: Row[Any]) -> list[str]:
    """Fields that the room must say something in before it is closed, by the house and by its template."""
    template = await templates.of_room(conn, room)
    return policy.required(room, template.closing_fields if template else ())


async def closing_view(conn: AsyncConnection, room: Row[Any]) -> Closing:
    """The form with what it still lacks."""
    form, row = await form_of(conn, room.room_id)
    wanted = await required(conn, room)
    return Closing(
        form,
        wanted,
        policy.missing(form, wanted),
        policy.proposed_minutes(room.first_raised_at or room.opened_at, room.restored_at),
        None if row is None else Person(row.id, row.name, row.kind),
        None if row is None else row.at,
    )
