"""Changing rooms: open, change, move on, members, read marks. One transaction each, the event in the same."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.telemetry import room_length, rooms_opened
from hub.base.text import blank, checked
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.people.policy import Actor, require
from hub.people.tables import users
from hub.rooms import policy, queries
from hub.rooms.signals import KIND_READ, ReadTo
from hub.rooms.tables import incident_rooms, read_marks, room_members
from hub.wire.events import (
    Body,
    MemberAdded,
    MemberRemoved,
    OwnerChanged,
    RoleChanged,
    RoomChanged,
    RoomOpened,
    SeverityChanged,
    StatusChanged,
)
from hub.wire.fold import CLOCKS
from hub.wire.problems import Problem
from hub.wire.requests import ChangeRoom, OpenRoom
from hub.wire.views import RoomRole, Status


async def locked_room(tx: Tx, actor: Actor, room_id: UUID) -> Row[Any]:
    """Lock a room, then read it in a later statement; `not_found` when the actor may not see it."""
    await lock_rooms(tx, [room_id])
    return await queries.room_for(tx.conn, actor, room_id)


def writable(actor: Actor, room: Row[Any]) -> None:
    """Refuse those who may only read."""
    if not policy.may_write(actor, room.my_role is not None, room.my_role, room.visibility):
        raise Problem("forbidden")


def check_title(title: str) -> None:
    """Refuse a title nobody can read."""
    if blank(checked(title)):
        raise Problem("invalid", "The title is blank", field="title")


async def open_room(log: RoomLog, actor: Actor, wanted: OpenRoom) -> UUID:
    """Open a room by hand; who opens it owns it."""
    require(actor, "responder")
    if actor.kind == "machine":  # it reads no room, so it would own one that is not there for it
        raise Problem("forbidden")
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
        await _add_member(log, tx, actor.id, room_id, actor.id, "owner")
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


async def join(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any]) -> None:
    """Acting in a room makes a member: nothing to do for one who is."""
    if room.my_role is None:
        await _add_member(log, tx, actor.id, room.room_id, actor.id, "responder")


async def enter(log: RoomLog, actor: Actor, room_id: UUID) -> None:
    """Join a room by oneself."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if room.my_role is not None:
            return
        policy.check_open(room)
        if not policy.may_join(actor, room.visibility):
            raise Problem("forbidden")
        await join(log, tx, actor, room)

    await log.act(change)


async def add_member(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID, role: RoomRole) -> None:
    """Add a user, or give a present member another role."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        writable(actor, room)
        policy.check_open(room)
        if role in {"owner", "lead"} and not policy.may_manage_members(actor, UUID(int=0), room.my_role):
            raise Problem("forbidden")
        known = await tx.scalar(select(func.count()).select_from(users).where(users.c.id == user_id))
        if not known:
            raise Problem("invalid", "Nobody has this id", field="user_id")
        if user_id in await queries.member_ids(tx.conn, room_id):
            return
        await _add_member(log, tx, actor.id, room_id, user_id, role)

    await log.act(change)


async def _add_member(
    log: RoomLog, tx: Tx, actor_id: UUID | None, room_id: UUID, user_id: UUID, role: RoomRole
) -> None:
    rows = await log.append(tx, [New(room_id, actor_id, MemberAdded(user_id, role))])
    await tx.execute(insert(room_members).values(room_id=room_id, user_id=user_id, role=role, from_seq=rows[0].seq))


async def change_role(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID, role: RoomRole) -> None:
    """Give a member another room role."""

    async def change(tx: Tx) -> None:
        await _managed(tx, actor, room_id, user_id, leaving=False)
        await tx.execute(_present(room_id, user_id).values(role=role))
        await log.append(tx, [New(room_id, actor.id, RoleChanged(user_id, role))])

    await log.act(change)


async def remove_member(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID) -> None:
    """Remove a member, or leave. The event itself is the last thing the member may read of a members-only room."""

    async def change(tx: Tx) -> None:
        await _managed(tx, actor, room_id, user_id, leaving=True)
        rows = await log.append(tx, [New(room_id, actor.id, MemberRemoved(user_id))])
        await tx.execute(_present(room_id, user_id).values(to_seq=rows[0].seq))

    await log.act(change)


async def _managed(tx: Tx, actor: Actor, room_id: UUID, user_id: UUID, *, leaving: bool) -> None:
    room = await locked_room(tx, actor, room_id)
    allowed = policy.may_manage_members(actor, user_id if leaving else UUID(int=0), room.my_role)
    if not allowed:
        raise Problem("forbidden")
    if user_id not in await queries.member_ids(tx.conn, room_id):
        raise Problem("not_found")


def _present(room_id: UUID, user_id: UUID) -> Any:
    table = room_members.c
    return update(room_members).where(table.room_id == room_id, table.user_id == user_id, table.to_seq.is_(None))


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
