"""Moving an incident on, with its clocks and owner."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, update

from hub.base.db import Tx
from hub.base.telemetry import room_length
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy
from hub.rooms.access import locked_room, writable
from hub.rooms.members.actions import join
from hub.rooms.tables import incident_rooms
from hub.wire.events import Body, OwnerChanged, StatusChanged
from hub.wire.fold import CLOCKS
from hub.wire.views import Status


async def move_on(log: RoomLog, actor: Actor, room_id: UUID, to: Status, reason: str = "") -> None:
    """Move the incident to a status, with a reason for the timeline.

    Taking it makes the actor its owner; giving it back clears the owner.
    """

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        writable(actor, room)
        if room.status == to:
            return
        policy.check_transition(room.status, to)
        await join(log, tx, actor, room)
        await set_status(log, tx, room, to, actor.id, reason=reason)

    await log.act(change)


async def set_status(
    log: RoomLog,
    tx: Tx,
    room: Row[Any],
    to: Status,
    actor_id: UUID | None,
    *,
    by_source: bool = False,
    reason: str = "",
) -> None:
    """Write a status with its clocks and owner into a locked room, and the events of it."""
    facts: dict[str, Any] = dict.fromkeys(policy.clocks_cleared(to))
    facts["status"] = to
    if to in policy.ENDED:
        facts["accepting"] = False
    events: list[Body] = [StatusChanged(room.status, to, by_source)]
    owner = actor_id if to in {"acknowledged", "on_site"} and room.owner_id is None else room.owner_id
    if to == "open" and not by_source:
        owner = None
    if owner != room.owner_id:
        facts["owner_id"] = owner
        events.append(OwnerChanged(owner))
    told = [New(room.room_id, actor_id, events[0], content=reason)]
    rows = await log.append(tx, told + [New(room.room_id, actor_id, body) for body in events[1:]])
    if to in policy.ENDED:
        tx.after_commit(lambda: room_length.observe(rows[-1].seq))
    if to in CLOCKS:
        facts[CLOCKS[to]] = rows[0].at  # the event's own time, so that readers fold to the same clock
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room.room_id).values(**facts))
