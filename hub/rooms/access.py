"""Coming to a room to change it: its lock first, then the row as the actor sees it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hub.base.db import Tx
from hub.log.append import lock_rooms
from hub.people.policy import Actor
from hub.rooms import queries


async def locked_room(tx: Tx, actor: Actor, room_id: UUID) -> Row[Any]:
    """Lock a room, then read it in a later statement; `not_found` when the actor may not see it."""
    await lock_rooms(tx, [room_id])
    return await queries.room_for(tx.conn, actor, room_id)
