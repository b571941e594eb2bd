"""REST: a room's checklist."""

from typing import Any
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy
from hub.rooms import queries as rooms
from hub.rooms.checklist import actions, queries
from hub.rooms.templates import queries as templates
from hub.wire.templates import ChangeItem, NewItem, RoomChecklist


async def _checklist(log: RoomLog, actor: Actor, room_id: UUID) -> RoomChecklist:
    async with log.db.reading() as conn:
        room = await rooms.room_for(conn, actor, room_id)
        items = await queries.of_room(conn, room_id)
        template = await templates.of_room(conn, room)
    return RoomChecklist(items, template, "post" in policy.can(actor, room))


@get("/api/rooms/{room_id:str}/checklist", tags=["checklist"])
async def checklist(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> RoomChecklist:
    """The checklist in its order, and the template the room was opened by with its runbooks."""
    return await _checklist(log, actor, room_id)


@post("/api/rooms/{room_id:str}/checklist", tags=["checklist"])
async def add_item(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[NewItem]
) -> RoomChecklist:
    """Put something on the checklist."""
    await actions.add_item(log, actor, room_id, data)
    return await _checklist(log, actor, room_id)


@patch("/api/rooms/{room_id:str}/checklist/{item_id:str}", tags=["checklist"])
async def change_item(
    log: Given[RoomLog],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    item_id: FromPath[UUID],
    data: JSONBody[ChangeItem],
) -> RoomChecklist:
    """Check an item (done, skipped, open again) or give it to somebody; what it is already changes nothing."""
    await actions.change_item(log, actor, room_id, item_id, data)
    return await _checklist(log, actor, room_id)


ROUTES: list[Any] = [checklist, add_item, change_item]
