"""REST: the closing form."""

from typing import Any
from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.rooms.closing import actions, queries
from hub.wire.room_admin import Closing, ClosingForm


@get("/api/rooms/{room_id:str}/closing", tags=["rooms"])
async def get_closing(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> Closing:
    """The closing form, what it must say before the room is closed, and what it lacks."""
    async with log.db.reading() as conn:
        return await queries.closing_view(conn, await rooms.room_for(conn, actor, room_id))


@put("/api/rooms/{room_id:str}/closing", tags=["rooms"])
async def put_closing(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[ClosingForm]
) -> Closing:
    """Fill in the closing form; what it said before is replaced."""
    await actions.put_closing(log, actor, room_id, data)
    async with log.db.reading() as conn:
        return await queries.closing_view(conn, await rooms.room_for(conn, actor, room_id))


ROUTES: list[Any] = [get_closing, put_closing]
