"""Coming to a room to change it: its lock first, then the row as the actor sees it, then what they may do there."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hub.base.db import Tx
from hub.log.append import lock_rooms
from hub.people.policy import Actor
from hub.rooms import policy, queries
from hub.wire.problems import Problem


async def locked_room(tx: Tx, actor: Actor, room_id: UUID) -> Row[Any]:
    """Lock a room, then read it in a later statement; `not_found` when the actor may not see it."""
    await lock_rooms(tx, [room_id])
    return await queries.room_for(tx.conn, actor, room_id)


def writable(actor: Actor, room: Row[Any]) -> None:
    """Refuse those who may only read."""
    if not policy.may_write(actor, room.my_role is not None, room.my_role, room.visibility):
        raise Problem("forbidden")
