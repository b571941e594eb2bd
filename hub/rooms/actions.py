"""Changing rooms: open, change, read marks. One transaction each, the event in the same."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.telemetry import rooms_opened
from hub.base.text import blank, checked
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor, require
from hub.rooms import policy, queries
from hub.rooms.access import locked_room, writable
from hub.rooms.members.actions import join, put_in
from hub.rooms.signals import KIND_READ, ReadTo
from hub.rooms.tables import incident_rooms, read_marks
from hub.wire.events import Body, RoomChanged, RoomOpened, SeverityChanged
from hub.wire.problems import Problem
from hub.wire.requests import ChangeRoom, OpenRoom


def check_title(title: str) -> None:
    """Refuse a title nobody can read."""
    if blank(checked(title)):
        raise Problem("invalid", "The title is blank", field="title")


async def open_room(log: RoomLog, actor: Actor, wanted: OpenRoom) -> UUID:
    """Open a room by hand; who opens it owns it."""
    require(actor, "responder")
    check_title(wanted.title)

    async def change(tx: Tx) -> UUID:
        room_id = new_id()
        facts: dict[str, Any] = {
            "room_id": room_id,
            "title": wanted.title,
            "fault": {},
            "site": wanted.site,
            "line": wanted.line,
            "machine": wanted.machine,
            "category": wanted.category,
            "severity": wanted.severity,
            "visibility": wanted.visibility,
        }
        [(_, opened)] = await insert_rooms(tx, [facts])
        await log.append(tx, [New(room_id, actor.id, opened)])
        await put_in(log, tx, actor.id, room_id, actor.id, "owner")
        return room_id

    return await log.act(change)


async def insert_rooms(tx: Tx, facts: Sequence[dict[str, Any]]) -> list[tuple[UUID, RoomOpened]]:
    """Insert rooms (nobody else can hold their locks yet), in one statement; the events that open them, in order."""
    columns = incident_rooms.c
    statement = insert(incident_rooms).returning(columns.number, sort_by_parameter_order=True)
    numbers = (await tx.execute(statement, list(facts))).scalars()
    for one in facts:
        tx.after_commit(rooms_opened.labels(one["category"]).inc)
    return [(one["room_id"], _opened(number, one)) for number, one in zip(numbers, facts, strict=True)]


def _opened(number: int, facts: dict[str, Any]) -> RoomOpened:
    names = ("title", "fault", "site", "line", "machine", "category", "severity", "visibility")
    told = {name: facts[name] for name in names}
    return RoomOpened(code=queries.room_code(number), first_raised_at=facts.get("first_raised_at"), **told)


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
