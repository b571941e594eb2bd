"""Changing who belongs to a room. The row of a member is written with the event that begins or ends it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from hub.base.db import Tx
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.people.tables import users
from hub.rooms import policy, queries
from hub.rooms.access import locked_room, writable
from hub.rooms.tables import room_members
from hub.wire.events import MemberAdded, MemberRemoved, RoleChanged
from hub.wire.problems import Problem
from hub.wire.views import RoomRole


async def join(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any]) -> None:
    """Acting in a room makes a member: nothing to do for one who is."""
    if room.my_role is None:
        await put_in(log, tx, actor.id, room.room_id, actor.id, "responder")


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
        await put_in(log, tx, actor.id, room_id, user_id, role)

    await log.act(change)


async def put_in(log: RoomLog, tx: Tx, actor_id: UUID | None, room_id: UUID, user_id: UUID, role: RoomRole) -> None:
    """Make a user a member of a locked room, whoever may do it."""
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
