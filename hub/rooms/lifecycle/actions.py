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
from hub.rooms.access import locked_room
from hub.rooms.closing import actions as closing
from hub.rooms.members.actions import hand_over, join
from hub.rooms.tables import incident_rooms
from hub.wire.events import StatusChanged
from hub.wire.fold import CLOCKS
from hub.wire.problems import Problem
from hub.wire.room_admin import ClosingForm
from hub.wire.views import Status


async def move_on(
    log: RoomLog, actor: Actor, room_id: UUID, to: Status, reason: str = "", form: ClosingForm | None = None
) -> None:
    """Move the incident to a status, with a reason for the timeline.

    Taking it makes the actor its owner; giving it back clears the owner. Closing asks for the closing form, which may
    come with it (`closing_incomplete`).
    """

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if room.status != to:
            policy.check_move(actor, room, to)
        elif not policy.entitled(actor, room, "post"):
            raise Problem("forbidden")
        if form is not None:
            await closing.fill(log, tx, actor, room, form)
            room = await locked_room(tx, actor, room_id)  # filling it in makes a member
        if room.status == to:
            return
        if to == "closed":
            await closing.check_complete(tx, room)
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
    if room.status in policy.ENDED and to == "open":
        facts["reopened"] = room.reopened + 1
    [row] = await log.append(
        tx, [New(room.room_id, actor_id, StatusChanged(room.status, to, by_source), content=reason)]
    )
    if to in policy.ENDED:
        tx.after_commit(lambda: room_length.observe(row.seq))
    if to in CLOCKS:
        facts[CLOCKS[to]] = row.at  # the event's own time, so that readers fold to the same clock
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room.room_id).values(**facts))
    taken = to in {"acknowledged", "on_site"} and actor_id != room.owner_id
    if taken and (room.owner_id is None or room.status == "open"):
        await hand_over(log, tx, actor_id, room, actor_id, "taken")
    elif to == "open" and not by_source and room.owner_id is not None:
        await hand_over(log, tx, actor_id, room, None, "given_back")
