"""REST: what changes a room. The list and the room with its messages stand a floor higher."""

from typing import Any
from uuid import UUID

from litestar import patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import actions, queries
from hub.wire.requests import ChangeRoom
from hub.wire.views import Room


async def _room(log: RoomLog, actor: Actor, room_id: UUID) -> Room:
    async with log.db.reading() as conn:
        return queries.room_view(await queries.room_for(conn, actor, room_id))


@patch("/api/rooms/{room_id:str}", tags=["rooms"])
async def change_room(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[ChangeRoom]
) -> Room:
    """Change title, severity or visibility."""
    await actions.change_room(log, actor, room_id, data)
    return await _room(log, actor, room_id)


ROUTES: list[Any] = [change_room]
