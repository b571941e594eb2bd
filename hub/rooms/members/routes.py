"""REST: the members of a room."""

from typing import Any
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import queries
from hub.rooms.members import actions
from hub.wire.problems import Problem
from hub.wire.requests import AddMember, ChangeMember
from hub.wire.room_admin import HandOver
from hub.wire.views import Member


async def _members(log: RoomLog, actor: Actor, room_id: UUID) -> list[Member]:
    async with log.db.reading() as conn:
        await queries.room_for(conn, actor, room_id)
        return await queries.members(conn, room_id)


@get("/api/rooms/{room_id:str}/members", tags=["members"])
async def list_members(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> list[Member]:
    """Present members."""
    return await _members(log, actor, room_id)


@post("/api/rooms/{room_id:str}/members", tags=["members"])
async def add_member(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[AddMember]
) -> list[Member]:
    """Add a user or a team, or join."""
    if data.team_id is not None:
        if data.user_id is not None or data.until is not None:
            raise Problem("invalid", "A team is added as it is", field="team_id")
        await actions.add_team(log, actor, room_id, data.team_id, data.role)
    elif data.user_id is None or data.user_id == actor.id:
        await actions.enter(log, actor, room_id)
    else:
        await actions.add_member(log, actor, room_id, data.user_id, data.role, data.until)
    return await _members(log, actor, room_id)


@patch("/api/rooms/{room_id:str}/members/{user_id:str}", tags=["members"])
async def change_member(
    log: Given[RoomLog],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    user_id: FromPath[UUID],
    data: JSONBody[ChangeMember],
) -> list[Member]:
    """Give a member another room role."""
    await actions.change_role(log, actor, room_id, user_id, data.role)
    return await _members(log, actor, room_id)


@delete("/api/rooms/{room_id:str}/members/{user_id:str}", tags=["members"])
async def remove_member(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], user_id: FromPath[UUID]
) -> None:
    """Remove a member, or leave."""
    await actions.remove_member(log, actor, room_id, user_id)


@post("/api/rooms/{room_id:str}/owner", tags=["members"], status_code=200)
async def transfer(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[HandOver]
) -> list[Member]:
    """Hand the incident over to a member, who is its one owner from now on."""
    await actions.transfer(log, actor, room_id, data.user_id)
    return await _members(log, actor, room_id)


ROUTES: list[Any] = [list_members, add_member, change_member, remove_member, transfer]
