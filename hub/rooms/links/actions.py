"""Merging a room into another, linking rooms that have to do with each other, and the archive."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Again, Tx
from hub.base.text import blank, checked
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy, queries
from hub.rooms.access import locked_room
from hub.rooms.groups import lock_groups
from hub.rooms.lifecycle.actions import set_status
from hub.rooms.members.actions import join, put_in
from hub.rooms.tables import incident_rooms, merged_groups, room_links
from hub.wire import limits
from hub.wire.events import RoomArchived, RoomLinked, RoomMerged, RoomUnarchived, RoomUnlinked
from hub.wire.problems import Problem

GROUPS = text(
    "SELECT grouping_key FROM incident_rooms WHERE room_id = ANY(:rooms) AND grouping_key IS NOT NULL UNION "
    "SELECT grouping_key FROM merged_groups WHERE room_id = ANY(:rooms)"
)
PRESENT = text(f"SELECT m.user_id, m.role, m.until FROM room_members m WHERE m.room_id = :room AND {queries.PRESENT}")
LINK = text("SELECT kind FROM room_links WHERE room_id = :room AND other_id = :other")
# Who brings a room back has it for as long again. `closed_at` stands alone for its index.
DUE = (
    "archived_at IS NULL AND closed_at < hub_now() - make_interval(secs => :after) "
    "AND (unarchived_at IS NULL OR unarchived_at < hub_now() - make_interval(secs => :after))"
)
RETIRED = text(f"SELECT room_id FROM incident_rooms WHERE {DUE} ORDER BY closed_at LIMIT 50")
STILL = text(f"SELECT 1 FROM incident_rooms WHERE room_id = :room AND {DUE}")
Pair = tuple[Row[Any], Row[Any]]


async def merge(log: RoomLog, actor: Actor, room_id: UUID, into: UUID, reason: str) -> None:
    """Let an incident go on in another room: its members come along, and its later alarms. It cannot be undone."""
    if room_id == into:
        raise Problem("invalid", "A room is not merged into itself", field="into")
    if blank(checked(reason)):
        raise Problem("reason_missing", field="reason")

    async def change(tx: Tx) -> None:
        keys = await _locked_groups(tx, [room_id, into])
        room, target = await _both(tx, actor, room_id, into)
        policy.check(actor, room, "merge")
        policy.check(actor, target, "merge")
        if set((await tx.execute(GROUPS, {"rooms": [room_id, into]})).scalars()) != keys:
            raise Again("db_unavailable", "An alarm changed its group meanwhile")
        await join(log, tx, actor, target)
        await _bring_members(log, tx, actor, room, target)
        await _bring_alarms(tx, room, target)
        await _tell(log, tx, actor, room, target, reason)

    await log.act(change)


async def _locked_groups(tx: Tx, rooms: list[UUID]) -> set[str]:
    """Lock the groups of rooms: no alarm looks for its room meanwhile."""
    keys = set((await tx.execute(GROUPS, {"rooms": rooms})).scalars())
    if keys:
        await lock_groups(await tx.driver(), keys)
    return keys


async def _both(tx: Tx, actor: Actor, one: UUID, other: UUID) -> Pair:
    await lock_rooms(tx, [one, other])
    try:
        return await queries.room_for(tx.conn, actor, one), await queries.room_for(tx.conn, actor, other)
    except Problem as problem:
        raise Problem(problem.code, "One of the rooms is not there", field="into") from None


async def _bring_members(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any], target: Row[Any]) -> None:
    """Members of the merged room come along as what they were; its owner leads."""
    there = await queries.member_ids(tx.conn, target.room_id)
    for user_id, role, until in (await tx.execute(PRESENT, {"room": room.room_id})).all():
        if user_id not in there:
            await put_in(log, tx, actor.id, target.room_id, user_id, "lead" if role == "owner" else role, until)


async def _bring_alarms(tx: Tx, room: Row[Any], target: Row[Any]) -> None:
    """Later alarms of the merged room's groups join the target: by a key of its own if it has none, else beside it."""
    old, new = room.room_id, target.room_id
    await tx.execute(update(merged_groups).where(merged_groups.c.room_id == old).values(room_id=new))
    if not room.accepting:
        return
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == old).values(accepting=False))
    if not target.accepting:
        facts = {"grouping_key": room.grouping_key, "accepting": True, "last_alarm_at": room.last_alarm_at}
        await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == new).values(**facts))
        return
    given = upsert(merged_groups).values(grouping_key=room.grouping_key, room_id=new)
    await tx.execute(given.on_conflict_do_update(index_elements=["grouping_key"], set_={"room_id": new}))


async def _tell(log: RoomLog, tx: Tx, actor: Actor, room: Row[Any], target: Row[Any], reason: str) -> None:
    old, new = room.room_id, target.room_id
    await tx.execute(delete(room_links).where(room_links.c.room_id == old, room_links.c.other_id == new))
    await tx.execute(delete(room_links).where(room_links.c.room_id == new, room_links.c.other_id == old))
    gone = RoomMerged(new, "into")
    come = RoomMerged(old, "from")
    rows = await log.append(tx, [New(old, actor.id, gone, content=reason), New(new, actor.id, come, content=reason)])
    await _put_links(tx, (old, new, "into", rows[0].seq), (new, old, "from", rows[1].seq))
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == old).values(merged_into=new))
    await set_status(log, tx, room, "merged", actor.id, reason=reason)


async def _put_links(tx: Tx, *rows: tuple[UUID, UUID, str, int]) -> None:
    names = ("room_id", "other_id", "kind", "seq")
    await tx.execute(insert(room_links), [dict(zip(names, row, strict=True)) for row in rows])


async def link(log: RoomLog, actor: Actor, room_id: UUID, other: UUID) -> None:
    """Say that two rooms have to do with each other; saying it again changes nothing."""
    if room_id == other:
        raise Problem("invalid", "A room is not linked with itself", field="other_id")

    async def change(tx: Tx) -> None:
        room, linked = await _both(tx, actor, room_id, other)
        policy.check(actor, room, "link")
        policy.check(actor, linked, "link")
        if await tx.scalar(LINK, {"room": room_id, "other": other}):
            return
        events = [
            New(room_id, actor.id, RoomLinked(other)),
            New(other, actor.id, RoomLinked(room_id)),
        ]
        rows = await log.append(tx, events)
        await _put_links(tx, (room_id, other, "related", rows[0].seq), (other, room_id, "related", rows[1].seq))

    await log.act(change)


async def unlink(log: RoomLog, actor: Actor, room_id: UUID, other: UUID) -> None:
    """Take a link back; merged rooms stay linked (`not_found`)."""

    async def change(tx: Tx) -> None:
        room, linked = await _both(tx, actor, room_id, other)
        policy.check(actor, room, "link")
        policy.check(actor, linked, "link")
        if await tx.scalar(LINK, {"room": room_id, "other": other}) != "related":
            raise Problem("not_found")
        links = room_links.c
        for one, two in ((room_id, other), (other, room_id)):
            await tx.execute(delete(room_links).where(links.room_id == one, links.other_id == two))
        events = [
            New(room_id, actor.id, RoomUnlinked(other)),
            New(other, actor.id, RoomUnlinked(room_id)),
        ]
        await log.append(tx, events)

    await log.act(change)


async def archive(log: RoomLog, actor: Actor, room_id: UUID) -> None:
    """Take a room that has ended out of the list, for reading only; again changes nothing."""

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if room.archived_at is None:
            policy.check(actor, room, "archive")
            await _archive(log, tx, actor.id, room_id)
        elif not policy.entitled(actor, room, "archive"):
            raise Problem("forbidden")

    await log.act(change)


async def unarchive(log: RoomLog, actor: Actor, room_id: UUID) -> None:
    """Bring a room back into the list, and not to the archive by time for as long as if it ended now; again changes
    nothing.
    """

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        if room.archived_at is None and policy.entitled(actor, room, "unarchive"):
            return
        policy.check(actor, room, "unarchive")
        [row] = await log.append(tx, [New(room_id, actor.id, RoomUnarchived())])
        facts = {"archived_at": None, "unarchived_at": row.at}
        await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room_id).values(**facts))

    await log.act(change)


async def _archive(log: RoomLog, tx: Tx, actor_id: UUID | None, room_id: UUID) -> None:
    [row] = await log.append(tx, [New(room_id, actor_id, RoomArchived())])
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room_id).values(archived_at=row.at))


async def archive_retired(log: RoomLog, after: float = limits.ARCHIVE_AFTER_SECONDS) -> int:
    """Archive rooms that ended, and were last brought back, so many seconds ago; returns how many."""
    async with log.db.reading() as conn:
        due = (await conn.execute(RETIRED, {"after": after})).scalars().all()
    for room_id in due:

        async def change(tx: Tx, room_id: UUID = room_id) -> None:
            await lock_rooms(tx, [room_id])
            if await tx.scalar(STILL, {"room": room_id, "after": after}):
                await _archive(log, tx, None, room_id)

        await log.act(change)
    return len(due)
