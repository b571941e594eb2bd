"""REST: merging, linking and archiving rooms."""

from typing import Any
from uuid import UUID

from litestar import delete, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import queries
from hub.rooms.links import actions
from hub.wire.room_admin import Merge
from hub.wire.views import LinkedRoom, Room


async def _room(log: RoomLog, actor: Actor, room_id: UUID) -> Room:
    async with log.db.reading() as conn:
        return queries.room_view(await queries.room_for(conn, actor, room_id))


async def _links(log: RoomLog, actor: Actor, room_id: UUID) -> list[LinkedRoom]:
    async with log.db.reading() as conn:
        await queries.room_for(conn, actor, room_id)
        return await queries.links(conn, room_id)


@post("/api/rooms/{room_id:str}/merge", tags=["rooms"], status_code=200)
async def merge(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[Merge]) -> Room:
    """Let the incident go on in another room; its members and later alarms come along. It cannot be undone."""
    await actions.merge(log, actor, room_id, data.into, data.reason)
    return await _room(log, actor, room_id)


@put("/api/rooms/{room_id:str}/links/{other_id:str}", tags=["rooms"])
async def link(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], other_id: FromPath[UUID]
) -> list[LinkedRoom]:
    """Link another room, in both; again changes nothing. Answers all linked rooms."""
    await actions.link(log, actor, room_id, other_id)
    return await _links(log, actor, room_id)


@delete("/api/rooms/{room_id:str}/links/{other_id:str}", tags=["rooms"], status_code=204)
async def unlink(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], other_id: FromPath[UUID]) -> None:
    """Take a link back."""
    await actions.unlink(log, actor, room_id, other_id)


@put("/api/rooms/{room_id:str}/archive", tags=["rooms"])
async def archive(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> Room:
    """Take a room that has ended out of the list, for reading only."""
    await actions.archive(log, actor, room_id)
    return await _room(log, actor, room_id)


@delete("/api/rooms/{room_id:str}/archive", tags=["rooms"], status_code=204)
async def unarchive(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> None:
    """Bring a room back into the list."""
    await actions.unarchive(log, actor, room_id)


ROUTES: list[Any] = [merge, link, unlink, archive, unarchive]
