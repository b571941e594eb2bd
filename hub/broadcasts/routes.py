"""REST: broadcasts."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.broadcasts import actions, policy, queries
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.wire.presence import Broadcast, Seen
from hub.wire.problems import Problem
from hub.wire.requests import NewBroadcast


async def _broadcast(log: RoomLog, actor: Actor, broadcast_id: UUID) -> Broadcast:
    async with log.db.reading() as conn:
        return queries.broadcast_view(await queries.broadcast_for(conn, actor, broadcast_id))


@post("/api/broadcasts", tags=["broadcasts"])
async def send(log: Given[RoomLog], actor: Given[Actor], data: JSONBody[NewBroadcast]) -> Broadcast:
    """Tell one person, a room, a line or everybody, for a time; for leads and admins."""
    return await _broadcast(log, actor, await actions.send(log, actor, data))


@get("/api/broadcasts", tags=["broadcasts"])
async def list_broadcasts(log: Given[RoomLog], actor: Given[Actor]) -> list[Broadcast]:
    """Those running for me, newest first, with when I have seen them."""
    async with log.db.reading() as conn:
        return await queries.running(conn, actor)


@put("/api/broadcasts/{broadcast_id:str}/seen", tags=["broadcasts"])
async def see(log: Given[RoomLog], actor: Given[Actor], broadcast_id: FromPath[UUID]) -> Broadcast:
    """I have seen it; the same again changes nothing."""
    await actions.see(log, actor, broadcast_id)
    return await _broadcast(log, actor, broadcast_id)


@get("/api/broadcasts/{broadcast_id:str}/seen", tags=["broadcasts"])
async def list_seen(log: Given[RoomLog], actor: Given[Actor], broadcast_id: FromPath[UUID]) -> list[Seen]:
    """Who has seen it; for its sender, and for leads and admins whom it concerns."""
    async with log.db.reading() as conn:
        broadcast = await queries.broadcast_for(conn, actor, broadcast_id)  # not_found where it is not told to them
        if not policy.may_see_readers(actor, broadcast):
            raise Problem("forbidden")
        return await queries.seen(conn, broadcast_id)


ROUTES: list[Any] = [send, list_broadcasts, see, list_seen]
