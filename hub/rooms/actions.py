"""Changing rooms: facts and read marks. One transaction each, the event in the same."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Tx
from hub.base.text import blank, checked
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor, require
from hub.rooms import policy, queries
from hub.rooms.access import locked_room, writable
from hub.rooms.members.actions import join
from hub.rooms.signals import KIND_READ, ReadTo
from hub.rooms.tables import incident_rooms, read_marks
from hub.wire.events import Body, RoomChanged, SeverityChanged
from hub.wire.problems import Problem
from hub.wire.requests import ChangeRoom


def check_title(title: str) -> None:
    """Refuse a title nobody can read."""
    if blank(checked(title)):
        raise Problem("invalid", "The title is blank", field="title")


async def change_room(log: RoomLog, actor: Actor, room_id: UUID, wanted: ChangeRoom) -> None:
    """Change title, visibility or severity."""

    if wanted.title is not None:
        check_title(wanted.title)

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        writable(actor, room)
        policy.check_open(room)
        events: list[Body] = []
        facts: dict[str, Any] = {}
        if wanted.title is not None and wanted.title != room.title:
            facts["title"] = wanted.title
        if wanted.visibility is not None and wanted.visibility != room.visibility:
            require(actor, "lead")
            facts["visibility"] = wanted.visibility
        if facts:
            events.append(RoomChanged(**facts))
        if wanted.severity is not None and wanted.severity != room.severity:
            events.append(SeverityChanged(room.severity, wanted.severity))
            facts["severity"] = wanted.severity
        if facts:
            await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room_id).values(**facts))
            await join(log, tx, actor, room)
            await log.append(tx, [New(room_id, actor.id, body) for body in events])

    await log.act(change)


async def mark_read(
    log: RoomLog, actor: Actor, room_id: UUID, seq: int, device: str = "", *, unread: bool = False
) -> int:
    """Remember how far the actor has read, never beyond the room's head; back only to make the rest unread again.

    Returns the mark. All devices of the actor hear of it, at whichever process, but for the one that says so.
    """

    async def change(tx: Tx) -> int:
        room = await queries.room_for(tx.conn, actor, room_id)
        mark = min(seq, room.last_seq)
        given = upsert(read_marks).values(user_id=actor.id, room_id=room_id, last_read_seq=mark)
        further = mark if unread else func.greatest(read_marks.c.last_read_seq, mark)
        marked = given.on_conflict_do_update(index_elements=["user_id", "room_id"], set_={"last_read_seq": further})
        mark = int(await tx.scalar(marked.returning(read_marks.c.last_read_seq)) or 0)
        told = ReadTo(actor.id, room_id, mark, device, unread)
        tx.after_commit(partial(log.signals.tell, KIND_READ, f"{actor.id}/{room_id}", told))
        return mark

    return await log.act(change)
