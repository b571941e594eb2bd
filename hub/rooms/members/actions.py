"""Changing who belongs to a room. The row of a member is written with the event that begins or ends it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, text, update

from hub.base.db import Tx
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy, queries
from hub.rooms.access import locked_room
from hub.rooms.tables import incident_rooms, room_members
from hub.wire.events import Body, MemberAdded, MemberRemoved, OwnerChanged, OwnerReason, RoleChanged
from hub.wire.problems import Problem
from hub.wire.views import RoomRole

KNOWN = text(
    "SELECT kind, role, disabled_at, CAST(:until AS timestamptz) > hub_now() AS ahead FROM users WHERE id = :id"
)
OF_TEAM = text(
    "SELECT DISTINCT t.user_id FROM team_members t JOIN teams g ON g.id = t.team_id JOIN users u ON u.id = t.user_id "
    "WHERE t.team_id = :team AND g.archived_at IS NULL AND u.disabled_at IS NULL AND u.kind <> 'machine' "
    "ORDER BY t.user_id"
)
TEAM = text("SELECT 1 FROM teams WHERE id = :team AND archived_at IS NULL")
OWNER = text("SELECT user_id FROM room_members WHERE room_id = :room AND to_seq IS NULL AND role = 'owner'")
NEXT = text(
    f"SELECT m.user_id FROM room_members m WHERE m.room_id = :room AND {queries.PRESENT} AND m.role = 'lead' "
    "AND m.user_id <> :gone ORDER BY m.from_seq LIMIT 1"
)
STALE = text("SELECT 1 FROM room_members WHERE room_id = :room AND user_id = :user AND to_seq IS NULL")
STALE_NOW = text(f"{STALE} AND until <= hub_now()")
OVERDUE = text(
    "SELECT room_id, user_id FROM room_members WHERE to_seq IS NULL AND until <= hub_now() ORDER BY until LIMIT 100"
)


async def join(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any]) -> None:
    """Acting in a room makes a member: nothing to do for one who is."""
    if room.my_role is None:
        await put_in(log, tx, actor.id, room.room_id, actor.id, "responder")


async def enter(log: RoomLog, actor: Actor, room_id: UUID) -> None:
    """Join a room by oneself."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if room.my_role is None:
            policy.check(actor, room, "join")
            await join(log, tx, actor, room)

    await log.act(change)


async def add_member(
    log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID, role: RoomRole, until: datetime | None = None
) -> None:
    """Add a user; one who is there already stays as they are. A guest may be given a time after which they are out."""
    if until is not None and role != "guest":
        raise Problem("invalid", "Only a guest's membership ends by itself", field="until")

    async def change(tx: Tx) -> None:
        room = await _room_to_add(tx, actor, room_id, role)
        await _check_user(tx, user_id, role, until)
        if user_id in await queries.member_ids(tx.conn, room_id):
            return
        await put_in(log, tx, actor.id, room_id, user_id, "responder" if role == "owner" else role, until)
        if role == "owner":
            await hand_over(log, tx, actor.id, room, user_id, "handed_over")

    await log.act(change)


async def add_team(log: RoomLog, actor: Actor, room_id: UUID, team_id: UUID, role: RoomRole) -> None:
    """Add everybody of a team who is not there yet."""
    if role == "owner":
        raise Problem("invalid", "A room has one owner", field="role")

    async def change(tx: Tx) -> None:
        await _room_to_add(tx, actor, room_id, role)
        if not await tx.scalar(TEAM, {"team": team_id}):
            raise Problem("invalid", "There is no such team", field="team_id")
        present = await queries.member_ids(tx.conn, room_id)
        for user_id in (await tx.execute(OF_TEAM, {"team": team_id})).scalars().all():
            if user_id not in present:
                await put_in(log, tx, actor.id, room_id, user_id, role)

    await log.act(change)


async def _room_to_add(tx: Tx, actor: Actor, room_id: UUID, role: RoomRole) -> Row[Any]:
    room = await locked_room(tx, actor, room_id)
    policy.check(actor, room, "add_member")
    if role in {"owner", "lead"}:
        policy.check(actor, room, "transfer" if role == "owner" else "change_role")
    return room


async def _check_user(tx: Tx, user_id: UUID, role: RoomRole, until: datetime | None = None) -> None:
    """Refuse who is nobody, who could not do what an owner does, and a time that is over."""
    row = (await tx.execute(KNOWN, {"id": user_id, "until": until})).one_or_none()
    if row is None:
        raise Problem("invalid", "Nobody has this id", field="user_id")
    if role == "owner" and (row.kind == "machine" or row.role == "viewer" or row.disabled_at is not None):
        raise Problem("invalid", "They could not act as its owner", field="user_id")
    if until is not None and not row.ahead:
        raise Problem("invalid", "That time is over", field="until")


async def put_in(
    log: RoomLog,
    tx: Tx,
    actor_id: UUID | None,
    room_id: UUID,
    user_id: UUID,
    role: RoomRole,
    until: datetime | None = None,
) -> None:
    """Make a user a member of a locked room, whoever may do it. A guest's membership that is over is ended before."""
    if await tx.scalar(STALE, {"room": room_id, "user": user_id}):
        await _take_out(log, tx, None, room_id, user_id, expired=True)
    rows = await log.append(tx, [New(room_id, actor_id, MemberAdded(user_id, role, until))])
    row = {"room_id": room_id, "user_id": user_id, "role": role, "from_seq": rows[0].seq, "until": until}
    await tx.execute(insert(room_members).values(row))


async def change_role(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID, role: RoomRole) -> None:
    """Give a member another room role; making somebody the owner is handing over."""
    if role == "owner":
        return await transfer(log, actor, room_id, user_id)

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        policy.check(actor, room, "change_role")
        await _check_present(tx, room_id, user_id)
        was_owner = user_id == await tx.scalar(OWNER, {"room": room_id})
        facts = {"role": role} | ({} if role == "guest" else {"until": None})
        await tx.execute(_present(room_id, user_id).values(**facts))
        await log.append(tx, [New(room_id, actor.id, RoleChanged(user_id, role))])
        if was_owner:
            await _follow_owner(log, tx, actor.id, room, user_id)

    await log.act(change)


async def transfer(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID) -> None:
    """Hand the incident over to a member: a room has one owner, who was it leads it from now on."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        policy.check(actor, room, "transfer")
        await _check_user(tx, user_id, "owner")
        if user_id not in await queries.member_ids(tx.conn, room_id):
            raise Problem("invalid", "They are no member of the room", field="user_id")
        if user_id != room.owner_id or user_id != await tx.scalar(OWNER, {"room": room_id}):
            await log.append(tx, [New(room_id, actor.id, RoleChanged(user_id, "owner"))])
            await hand_over(log, tx, actor.id, room, user_id, "handed_over")

    await log.act(change)


async def hand_over(
    log: RoomLog, tx: Tx, actor_id: UUID | None, room: Row[Any], to: UUID | None, why: OwnerReason
) -> None:
    """Give a locked room another owner, or none, in its columns, its members' roles and one event."""
    former = await tx.scalar(OWNER, {"room": room.room_id})
    left: RoomRole = "responder" if why == "given_back" else "lead"
    event = OwnerChanged(to, why=why) if former in {None, to} else OwnerChanged(to, former, left, why)
    await log.append(tx, [New(room.room_id, actor_id, event)])
    if former not in {None, to}:
        await tx.execute(_present(room.room_id, former).values(role=left))
    if to is not None:
        await tx.execute(_present(room.room_id, to).values(role="owner", until=None))
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room.room_id).values(owner_id=to))


async def _follow_owner(log: RoomLog, tx: Tx, actor_id: UUID | None, room: Row[Any], gone: UUID) -> None:
    """The owner is none any more: the longest-serving lead of the room follows, else nobody; the event says which."""
    following = await tx.scalar(NEXT, {"room": room.room_id, "gone": gone})
    if following is not None or room.owner_id == gone:
        await hand_over(log, tx, actor_id, room, following, "left")


async def remove_member(log: RoomLog, actor: Actor, room_id: UUID, user_id: UUID) -> None:
    """Remove a member, or leave. The event itself is the last thing the member may read of a members-only room."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if actor.id != user_id:
            policy.check(actor, room, "remove_member")
        await _check_present(tx, room_id, user_id)
        await _take_out(log, tx, actor.id, room_id, user_id)

    await log.act(change)


async def _take_out(
    log: RoomLog, tx: Tx, actor_id: UUID | None, room_id: UUID, user_id: UUID, *, expired: bool = False
) -> None:
    [room] = await queries.room_rows(tx.conn, [room_id])
    was_owner = user_id == await tx.scalar(OWNER, {"room": room_id})
    body: Body = MemberRemoved(user_id, expired)
    rows = await log.append(tx, [New(room_id, actor_id, body)])
    await tx.execute(_present(room_id, user_id).values(to_seq=rows[0].seq))
    if was_owner or room.owner_id == user_id:
        await _follow_owner(log, tx, actor_id, room, user_id)


async def end_overdue(log: RoomLog) -> int:
    """End the memberships of guests whose time is over; returns how many. The hub itself removes them."""
    async with log.db.reading() as conn:
        due = (await conn.execute(OVERDUE)).all()
    for room_id, user_id in due:

        async def change(tx: Tx, room_id: UUID = room_id, user_id: UUID = user_id) -> None:
            await lock_rooms(tx, [room_id])
            if await tx.scalar(STALE_NOW, {"room": room_id, "user": user_id}):
                await _take_out(log, tx, None, room_id, user_id, expired=True)

        await log.act(change)
    return len(due)


async def _check_present(tx: Tx, room_id: UUID, user_id: UUID) -> None:
    if user_id not in await queries.member_ids(tx.conn, room_id):
        raise Problem("not_found")


def _present(room_id: UUID, user_id: UUID) -> Any:
    table = room_members.c
    return update(room_members).where(table.room_id == room_id, table.user_id == user_id, table.to_seq.is_(None))
