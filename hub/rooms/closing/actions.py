"""Filling in the closing form, and asking for it."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, func
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Tx
from hub.base.text import checked
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy as room_policy
from hub.rooms.access import locked_room
from hub.rooms.closing import policy, queries
from hub.rooms.members.actions import join
from hub.rooms.tables import room_closings
from hub.wire.events import ClosingFilled
from hub.wire.problems import Problem
from hub.wire.room_admin import ClosingForm


async def put_closing(log: RoomLog, actor: Actor, room_id: UUID, form: ClosingForm) -> None:
    """Fill in the form; what it said before is replaced."""

    async def change(tx: Tx) -> None:
        await fill(log, tx, actor, await locked_room(tx, actor, room_id), form)

    await log.act(change)


async def fill(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any], form: ClosingForm) -> None:
    """The same in a locked room. The same form again changes nothing; the log keeps which fields say something."""
    checked("".join(value for value in msgspec.structs.astuple(form) if isinstance(value, str)))
    room_policy.check(actor, room, "fill_closing")
    former, _ = await queries.form_of(tx.conn, room.room_id)
    if form == former:
        return
    await join(log, tx, actor, room)
    row = {"room_id": room.room_id, "form": msgspec.to_builtins(form), "by": actor.id}
    given = upsert(room_closings).values(row)
    again = {"form": row["form"], "by": actor.id, "at": func.hub_now()}
    await tx.execute(given.on_conflict_do_update(index_elements=["room_id"], set_=again))
    await log.append(tx, [New(room.room_id, actor.id, ClosingFilled(policy.filled(form)))])


async def check_complete(tx: Tx, room: Row[Any]) -> None:
    """Refuse (`closing_incomplete`) closing while required fields say nothing."""
    form, _ = await queries.form_of(tx.conn, room.room_id)
    if lacking := policy.missing(form, await queries.required(tx.conn, room)):
        raise Problem("closing_incomplete", f"Fill in: {', '.join(lacking)}", field=lacking[0])
