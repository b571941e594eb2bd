"""Reading messages: keyset pages, snapshots, and the room list with what is mine in it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.log import read
from hub.people import queries as people
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import LastMessage, Message, MessagePage, Person, RoomRow, Snapshot

MESSAGE_COLUMNS = (
    "m.message_id, m.room_id, m.sequence_number, m.sender_id, m.message_type, m.content, m.metadata, "
    "m.client_msg_id, m.created_at, m.edited_at, m.deleted_at"
)
IN_SPANS = (
    "EXISTS (SELECT 1 FROM unnest(CAST(:starts AS bigint[]), CAST(:ends AS bigint[])) s(a, b) "
    "WHERE m.sequence_number BETWEEN s.a AND s.b)"
)
PAGE = (
    f"SELECT {MESSAGE_COLUMNS} FROM messages m WHERE m.room_id = :room AND {IN_SPANS} "
    "AND m.sequence_number > :after AND m.sequence_number < :before "
    "AND (CAST(:type AS text) IS NULL OR m.message_type = :type) ORDER BY m.sequence_number "
)
OLDEST_FIRST = text(PAGE + "ASC LIMIT :limit")
NEWEST_FIRST = text(PAGE + "DESC LIMIT :limit")
ONE = text(f"SELECT {MESSAGE_COLUMNS} FROM messages m WHERE m.message_id = :id AND m.room_id = :room AND {IN_SPANS}")
MINE = text(
    f"SELECT r.room_id, u.unread, {MESSAGE_COLUMNS.replace('m.room_id, ', '')} "
    "FROM unnest(CAST(:rooms AS uuid[]), CAST(:marks AS bigint[]), CAST(:starts AS bigint[])) r(room_id, mark, start) "
    "LEFT JOIN LATERAL (SELECT * FROM messages x WHERE x.room_id = r.room_id AND x.message_type <> 'system' "
    "AND x.sequence_number >= r.start ORDER BY x.sequence_number DESC LIMIT 1) m ON true "
    "CROSS JOIN LATERAL (SELECT count(*) AS unread FROM (SELECT 1 FROM messages x WHERE x.room_id = r.room_id "
    "AND x.sequence_number > greatest(r.mark, r.start - 1) AND x.message_type <> 'system' "
    "AND x.sender_id IS DISTINCT FROM :me AND x.deleted_at IS NULL LIMIT 100) y) u"
)
PREVIEW_CHARS = 120
LAST_OF_ALARM = ("text", "code", "value", "unit")
NO_END = 2**62


class Range(msgspec.Struct, frozen=True):
    """Which part of a room's messages: newest by default, before or after a seq, or around one."""

    before_seq: int | None = None
    after_seq: int | None = None
    around: int | None = None
    type: str | None = None
    limit: int = limits.PAGE


def message_view(row: Row[Any], names: dict[UUID, Person]) -> Message:
    """A message as readers get it; a deleted one is a tombstone."""
    sender = names.get(row.sender_id) if row.sender_id else None
    metadata = {} if row.deleted_at else row.metadata
    if row.message_type == "system":
        metadata = {**metadata, "params": _named(metadata.get("params", {}), names)}
    return Message(
        row.message_id,
        row.room_id,
        row.sequence_number,
        row.message_type,
        sender,
        "" if row.deleted_at else row.content,
        metadata,
        row.created_at,
        row.client_msg_id,
        row.edited_at,
        row.deleted_at,
    )


def _named(params: dict[str, Any], names: dict[UUID, Person]) -> dict[str, Any]:
    if "user_id" not in params:
        return params
    return {**params, "user": names.get(UUID(params["user_id"]))}


async def views(conn: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Message]:
    """Rows as messages with names."""
    named: set[UUID | None] = {row.sender_id for row in rows}
    for row in rows:
        if row.message_type == "system" and (user := row.metadata.get("params", {}).get("user_id")):
            named.add(UUID(user))
    names = await people.people(conn, named)
    return [message_view(row, names) for row in rows]


async def page(conn: AsyncConnection, actor: Actor, room_id: UUID, wanted: Range) -> MessagePage:
    """A page of a room's messages in seq order, within what the actor may read."""
    room = await rooms.room_for(conn, actor, room_id)
    spans = _columns(await rooms.spans(conn, actor, room))
    if wanted.around is not None:
        half = max(1, wanted.limit // 2)
        older = await _rows(conn, room_id, spans, wanted, half, before=wanted.around + 1)
        newer = await _rows(conn, room_id, spans, wanted, half, after=wanted.around)
        return await _page(conn, older + newer, len(older) == half, len(newer) == half)
    if wanted.after_seq is not None:
        newer = await _rows(conn, room_id, spans, wanted, wanted.limit, after=wanted.after_seq)
        return await _page(conn, newer, bool(newer) and newer[0].sequence_number > 1, len(newer) == wanted.limit)
    before = NO_END if wanted.before_seq is None else wanted.before_seq
    older = await _rows(conn, room_id, spans, wanted, wanted.limit, before=before)
    return await _page(conn, older, len(older) == wanted.limit, wanted.before_seq is not None)


async def _rows(
    conn: AsyncConnection,
    room_id: UUID,
    spans: dict[str, list[int]],
    wanted: Range,
    limit: int,
    *,
    after: int | None = None,
    before: int | None = None,
) -> list[Row[Any]]:
    values = {"room": room_id, "type": wanted.type, "limit": limit, "after": after or 0, "before": before or NO_END}
    rows = await conn.execute(NEWEST_FIRST if after is None else OLDEST_FIRST, {**values, **spans})
    return sorted(rows, key=lambda row: row.sequence_number)


async def _page(conn: AsyncConnection, rows: Sequence[Row[Any]], older: bool, newer: bool) -> MessagePage:
    return MessagePage(
        await views(conn, rows),
        rows[0].sequence_number if rows and older else None,
        rows[-1].sequence_number if rows and newer else None,
    )


def _columns(spans: Iterable[tuple[int, int]]) -> dict[str, list[int]]:
    pairs = list(spans)
    return {"starts": [start for start, _ in pairs], "ends": [end for _, end in pairs]}


async def one(conn: AsyncConnection, actor: Actor, room_id: UUID, message_id: UUID) -> Message:
    """A single message, else `not_found`."""
    room = await rooms.room_for(conn, actor, room_id)
    spans = _columns(await rooms.spans(conn, actor, room))
    row = (await conn.execute(ONE, {"id": message_id, "room": room_id, **spans})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return (await views(conn, [row]))[0]


async def snapshot(conn: AsyncConnection, actor: Actor, room_id: UUID) -> Snapshot:
    """The room with its newest messages; `conn` must see one snapshot of the database."""
    room = await rooms.room_for(conn, actor, room_id)
    newest = await page(conn, actor, room_id, Range(limit=limits.SNAPSHOT_MESSAGES))
    return Snapshot(
        epoch=await read.epoch(conn),
        as_of_seq=room.last_seq,
        room=rooms.room_view(room),
        members=await rooms.members(conn, room_id),
        messages=newest.messages,
        last_read_seq=room.last_read_seq,
    )


async def room_list(conn: AsyncConnection, actor: Actor, found: Sequence[Row[Any]]) -> list[RoomRow]:
    """Room rows with the newest message and my unread count (counted up to 100)."""
    values = {
        "rooms": [room.room_id for room in found],
        "marks": [room.last_read_seq for room in found],
        "starts": [room.my_from_seq if room.visibility == "members" and room.my_from_seq else 1 for room in found],
        "me": actor.id,
    }
    mine = {row.room_id: row for row in await conn.execute(MINE, values)}
    names = await people.people(conn, {row.sender_id for row in mine.values()})
    return [_room_row(room, mine[room.room_id], names) for room in found]


def _room_row(room: Row[Any], mine: Row[Any], names: dict[UUID, Person]) -> RoomRow:
    return RoomRow(
        rooms.room_view(room),
        _last(mine, names),
        room.members,
        mine.unread,
        room.last_read_seq,
        room.my_role is not None,
    )


def _last(row: Row[Any], names: dict[UUID, Person]) -> LastMessage | None:
    if row.message_id is None:
        return None
    preview = "" if row.deleted_at else row.content[:PREVIEW_CHARS]
    told = LAST_OF_ALARM if row.message_type == "incident_data" else ()
    metadata = {name: row.metadata.get(name) for name in told}
    sender = names.get(row.sender_id) if row.sender_id else None
    return LastMessage(row.sequence_number, row.message_type, sender, preview, row.created_at, metadata)
