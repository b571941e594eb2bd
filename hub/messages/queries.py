"""Reading messages: keyset pages, snapshots, and the room list with what is mine in it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.log import read
from hub.messages import mentions, reactions
from hub.messages.policy import check_groups, may_see_history, my_groups
from hub.messages.system import system_key
from hub.people import queries as people
from hub.people.policy import Actor
from hub.people.shifts import queries as shifts
from hub.rooms import policy as room_policy
from hub.rooms import queries as rooms
from hub.rooms.checklist import queries as checklist
from hub.wire import limits
from hub.wire.messages import Version
from hub.wire.problems import Problem
from hub.wire.views import LastMessage, Mentions, Message, MessagePage, Person, RoomRow, Snapshot

MESSAGE_COLUMNS = (
    "m.message_id, m.room_id, m.sequence_number, m.sender_id, m.message_type, m.content, m.metadata, "
    "m.client_msg_id, m.created_at, m.edited_at, m.deleted_at, m.version"
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
    f"SELECT r.room_id, u.unread, u.mentions, {MESSAGE_COLUMNS.replace('m.room_id, ', '')} "
    "FROM unnest(CAST(:rooms AS uuid[]), CAST(:marks AS bigint[]), CAST(:starts AS bigint[]), CAST(:groups AS text[])) "
    "r(room_id, mark, start, groups) "
    "LEFT JOIN LATERAL (SELECT * FROM messages x WHERE x.room_id = r.room_id AND x.message_type <> 'system' "
    "AND x.sequence_number >= r.start ORDER BY x.sequence_number DESC LIMIT 1) m ON true "
    "CROSS JOIN LATERAL (SELECT count(*) AS unread, count(*) FILTER (WHERE y.calls_me) AS mentions FROM (SELECT "
    "coalesce(jsonb_exists(x.metadata #> '{mentions,people}', CAST(CAST(:me AS uuid) AS text)), false) "
    "OR coalesce(jsonb_exists(x.metadata #> '{mentions,on_shift}', CAST(CAST(:me AS uuid) AS text)), false) "
    # Where `oncall` called who was on shift it called nobody else: array_remove of NULL leaves my groups alone.
    "OR coalesce(jsonb_exists_any(x.metadata #> '{mentions,groups}', array_remove(string_to_array(r.groups, ','), "
    "CASE WHEN x.metadata #> '{mentions,on_shift}' IS NOT NULL THEN 'oncall' END)), false) AS calls_me "
    "FROM messages x WHERE x.room_id = r.room_id "
    "AND x.sequence_number > greatest(r.mark, r.start - 1) AND x.message_type <> 'system' "
    "AND x.sender_id IS DISTINCT FROM :me AND x.deleted_at IS NULL LIMIT 100) y) u"
)
CALLABLE = text(
    "SELECT u.id, u.name, u.kind, u.username FROM room_members m JOIN users u ON u.id = m.user_id "
    f"WHERE m.room_id = :room AND {rooms.PRESENT} AND u.disabled_at IS NULL AND u.kind <> 'machine'"
)
KNOWN = text("SELECT id, name, kind FROM users WHERE id = ANY(:ids) AND disabled_at IS NULL AND kind <> 'machine'")
FORMER = text(
    "SELECT version, original_content, edited_by, edited_at FROM message_edit_history "
    "WHERE message_id = :id ORDER BY version"
)
PLACE = text("SELECT line, hub_now() AS now FROM incident_rooms WHERE room_id = :room")
ROOM_OF = text("SELECT room_id FROM messages WHERE message_id = :id")
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


def message_view(row: Row[Any], names: dict[UUID, Person], under: Sequence[Row[Any]] = ()) -> Message:
    """A message as readers get it, with the reactions `under` it; a deleted one is a tombstone."""
    sender = names.get(row.sender_id) if row.sender_id else None
    metadata = {} if row.deleted_at else mentions.shown(row.metadata, names)
    if row.message_type == "system":
        metadata = _of_system(metadata, row.sender_id, names)
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
        row.version,
        reactions.shown(under, names),
    )


def _of_system(metadata: dict[str, Any], sender: UUID | None, names: dict[UUID, Person]) -> dict[str, Any]:
    """What a system row says: `key` and `params`, in no language."""
    params = metadata.get("params", {})
    key = system_key(metadata.get("event", ""), params, sender)
    for name in ("user", "owner"):
        if params.get(f"{name}_id"):
            params = {**params, name: names.get(UUID(params[f"{name}_id"]))}
    return {**metadata, "key": key, "params": params}


async def views(conn: AsyncConnection, actor: Actor, rows: Sequence[Row[Any]]) -> list[Message]:
    """Rows as the actor gets them: messages with names, and which reactions are the actor's own."""
    under = await reactions.of_messages(conn, [row.message_id for row in rows], actor.id)
    names = await people.people(conn, named_in(rows) | reactions.users_of(under))
    return [message_view(row, names, under.get(row.message_id, ())) for row in rows]


def named_in(rows: Iterable[Any]) -> set[UUID | None]:
    """Everybody these messages name."""
    named: set[UUID | None] = set()
    for row in rows:
        named.add(row.sender_id)
        named.update(mentions.ids_in(row.metadata))
        params = row.metadata.get("params", {}) if row.message_type == "system" else {}
        named |= {UUID(params[name]) for name in ("user_id", "owner_id") if params.get(name)}
    return named


async def page(conn: AsyncConnection, actor: Actor, room_id: UUID, wanted: Range) -> MessagePage:
    """A page of a room's messages in seq order, within what the actor may read."""
    room = await rooms.room_for(conn, actor, room_id)
    spans = _columns(await rooms.spans(conn, actor, room))
    if wanted.around is not None:
        half = max(1, wanted.limit // 2)
        older = await _rows(conn, room_id, spans, wanted, half, before=wanted.around + 1)
        newer = await _rows(conn, room_id, spans, wanted, half, after=wanted.around)
        return await _page(conn, actor, older + newer, len(older) == half, len(newer) == half)
    if wanted.after_seq is not None:
        newer = await _rows(conn, room_id, spans, wanted, wanted.limit, after=wanted.after_seq)
        return await _page(conn, actor, newer, bool(newer) and newer[0].sequence_number > 1, len(newer) == wanted.limit)
    before = NO_END if wanted.before_seq is None else wanted.before_seq
    older = await _rows(conn, room_id, spans, wanted, wanted.limit, before=before)
    return await _page(conn, actor, older, len(older) == wanted.limit, wanted.before_seq is not None)


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


async def _page(conn: AsyncConnection, actor: Actor, rows: Sequence[Row[Any]], older: bool, newer: bool) -> MessagePage:
    return MessagePage(
        await views(conn, actor, rows),
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
    return (await views(conn, actor, [row]))[0]


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
        checklist=await checklist.of_room(conn, room_id),
        links=await rooms.links(conn, room_id),
        reader=rooms.reader_view(actor),
        can=room_policy.can(actor, room),
    )


async def room_list(conn: AsyncConnection, actor: Actor, found: Sequence[Row[Any]]) -> list[RoomRow]:
    """Room rows with the newest message and my unread count (counted up to 100)."""
    values = {
        "rooms": [room.room_id for room in found],
        "marks": [room.last_read_seq for room in found],
        "groups": [",".join(my_groups(room.my_role)) for room in found],
        "starts": [room.my_from_seq if room.visibility == "members" and room.my_from_seq else 1 for room in found],
        "me": actor.id,
    }
    mine = {row.room_id: row for row in await conn.execute(MINE, values)}
    shown = [row for row in mine.values() if row.message_id is not None]
    names = await people.people(conn, named_in(shown))
    return [_room_row(actor, room, mine[room.room_id], names) for room in found]


def _room_row(actor: Actor, room: Row[Any], mine: Row[Any], names: dict[UUID, Person]) -> RoomRow:
    return RoomRow(
        rooms.room_view(room),
        _last(mine, names),
        room.members,
        mine.unread,
        room.last_read_seq,
        room.my_role is not None,
        mine.mentions,
        room_policy.can(actor, room),
    )


def _last(row: Row[Any], names: dict[UUID, Person]) -> LastMessage | None:
    if row.message_id is None:
        return None
    called = {person.id: person.name for person in names.values()}
    preview = "" if row.deleted_at else mentions.plain(row.content, called)[:PREVIEW_CHARS]
    told = LAST_OF_ALARM if row.message_type == "incident_data" else ()
    metadata = {name: row.metadata.get(name) for name in told}
    sender = names.get(row.sender_id) if row.sender_id else None
    return LastMessage(row.sequence_number, row.message_type, sender, preview, row.created_at, metadata)


async def addressed(conn: AsyncConnection, actor: Actor, room_id: UUID, content: str) -> Mentions | None:
    """Whom a text of the actor calls in this room; refuses more than 20, and `@room` by those who do not lead."""
    room = await rooms.door_for(conn, actor, room_id)
    members = list(await conn.execute(CALLABLE, {"room": room_id}))
    names = {mentions.folded(word): row.id for row in members for word in (row.username, row.name)}
    found = mentions.called(content, names)
    present = [Person(row.id, row.name, row.kind) for row in members]
    strangers = set(found.tokens) - {person.id for person in present}
    known = {row.id: Person(row.id, row.name, row.kind) for row in await conn.execute(KNOWN, {"ids": list(strangers)})}
    called = mentions.sorted_out(found, present, known)
    check_groups(room_policy.entitled(actor, room, "call_all"), called)
    if "oncall" in called.groups:
        called.on_shift = await _on_shift(conn, room_id)
    return None if called == Mentions() else called


async def _on_shift(conn: AsyncConnection, room_id: UUID) -> list[Person]:
    """Who is on shift for the room's line, once each; nobody where no roster says so."""
    place = (await conn.execute(PLACE, {"room": room_id})).one()
    found = await shifts.on_shift(conn, place.line, place.now) if place.line is not None else []
    return list({it.person.id: it.person for it in found}.values())


async def history(conn: AsyncConnection, actor: Actor, message_id: UUID) -> list[Version]:
    """All texts of a message, the first one first."""
    message = await found(conn, actor, message_id)
    if not may_see_history(actor, message):
        raise Problem("deleted")
    former = list(await conn.execute(FORMER, {"id": message_id}))
    names = await people.people(conn, {row.edited_by for row in former})
    texts = [*(row.original_content for row in former), *([] if message.deleted_at else [message.content])]
    writers = [message.sender, *(names.get(row.edited_by) for row in former)]
    times = [message.created_at, *(row.edited_at for row in former)]
    return [Version(place + 1, text_, writers[place], times[place]) for place, text_ in enumerate(texts)]


async def room_of(conn: AsyncConnection, message_id: UUID) -> UUID:
    """The room a message stands in, without asking who may read it."""
    room: UUID | None = await conn.scalar(ROOM_OF, {"id": message_id})
    if room is None:
        raise Problem("not_found")
    return room


async def found(conn: AsyncConnection, actor: Actor, message_id: UUID) -> Message:
    """A message by its id alone, if the actor may read it."""
    return await one(conn, actor, await room_of(conn, message_id), message_id)
