"""REST: the room list, snapshots, events and messages."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency as Given
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from hub.base.http import HubRequest
from hub.base.ids import new_id
from hub.base.text import checked
from hub.log import feed
from hub.log.log import RoomLog
from hub.messages import actions, queries
from hub.messages.desk import Desk
from hub.messages.queries import Range
from hub.people.policy import Actor
from hub.rooms import actions as rooms
from hub.rooms import queries as room_queries
from hub.rooms.lifecycle import actions as lifecycle
from hub.rooms.listing import queries as listing
from hub.rooms.listing.cursor import Place, written
from hub.rooms.listing.cursor import read as read_cursor
from hub.rooms.opening import open_room as open_by_hand
from hub.wire import limits
from hub.wire.messages import Version
from hub.wire.problems import Problem
from hub.wire.requests import EditMessage, MarkRead, NewReaction, OpenRoom, PostMessage, Transition
from hub.wire.room_admin import ViewFilters
from hub.wire.views import (
    EventPage,
    Message,
    MessagePage,
    MessageType,
    OpenedRoom,
    Posted,
    Reaction,
    ReadMark,
    RoomPage,
    RoomRow,
    Snapshot,
)

Limit = Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)]
Reason = Annotated[str | None, QueryParameter(max_length=500)]
Seq = Annotated[int | None, QueryParameter(ge=0, le=2**53)]


@get("/api/rooms", tags=["rooms"])
async def list_rooms(
    log: Given[RoomLog],
    actor: Given[Actor],
    filters: Given[ViewFilters],
    changed_after: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = limits.PAGE,
) -> RoomPage:
    """Rooms I may see; with `changed_after` those that moved since the `changed` of an earlier answer, newest first.

    Archived rooms are shown by `archived` alone. A `cursor` belongs to the `sort` it came with.
    """
    async with log.db.snapshot() as conn:
        if changed_after is not None:
            moved = await feed.moved_since(conn, changed_after)
            found = await room_queries.visible_rows(conn, actor, list(moved.rooms))
            return RoomPage(await queries.room_list(conn, actor, found), moved.cursor)
        changed = await feed.horizon(conn)
        after = None if cursor is None else read_cursor(filters.sort, cursor)
        found = await listing.list_rooms(conn, actor, filters, limit, after)
        following = None
        if len(found) == limit:
            following = written(filters.sort, Place(found[-1].place, found[-1].number))
        return RoomPage(await queries.room_list(conn, actor, found), changed, following)


async def _row(log: RoomLog, actor: Actor, room_id: UUID) -> RoomRow:
    async with log.db.reading() as conn:
        found = await room_queries.room_for(conn, actor, room_id)
        return (await queries.room_list(conn, actor, [found]))[0]


@post("/api/rooms", tags=["rooms"], responses={200: ResponseSpec(OpenedRoom, description="Lasts already")})
async def open_room(log: Given[RoomLog], actor: Given[Actor], data: JSONBody[OpenRoom]) -> Response[OpenedRoom]:
    """Open a room by hand: by `template_id`, else by the template that matches, if one does.

    While the same fault of a machine lasts, its room is answered as a `duplicate` (200).
    """
    wanted = new_id()
    found = await open_by_hand(log, actor, data, wanted)
    row = msgspec.structs.asdict(await _row(log, actor, found))
    duplicate = found != wanted
    return Response(OpenedRoom(**row, duplicate=duplicate), status_code=200 if duplicate else 201)


@get("/api/rooms/{room_id:str}", tags=["rooms"])
async def get_room(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> RoomRow:
    """One room with what is mine in it."""
    return await _row(log, actor, room_id)


@post("/api/rooms/{room_id:str}/transitions", tags=["rooms"], status_code=200)
async def move_on(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[Transition]
) -> RoomRow:
    """Move the incident to a status; the same status again changes nothing."""
    await lifecycle.move_on(log, actor, room_id, data.to, data.reason or "", data.closing)
    return await _row(log, actor, room_id)


@get("/api/rooms/{room_id:str}/snapshot", tags=["rooms"])
async def snapshot(log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID]) -> Snapshot:
    """The room as of a seq, to follow from."""
    async with log.db.snapshot() as conn:
        return await queries.snapshot(conn, actor, room_id)


@get("/api/rooms/{room_id:str}/events", tags=["rooms"])
async def events(
    log: Given[RoomLog],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    after_seq: Seq = 0,
    limit: Limit = limits.PAGE,
) -> EventPage:
    """Events after a seq, within what I may read."""
    async with log.db.reading() as conn:
        room = await room_queries.room_for(conn, actor, room_id)
        spans = await room_queries.spans(conn, actor, room)
        found = await log.events(conn, room_id, _before_readable(spans, after_seq or 0), limit)
    readable = [event for event in found if any(start <= event.seq <= end for start, end in spans)]
    return EventPage(readable, room.last_seq)


def _before_readable(spans: list[tuple[int, int]], seq: int) -> int:
    """Skip what the reader may not see, so that a page is empty only at the end."""
    return min((max(start - 1, seq) for start, end in spans if end > seq), default=seq)


@put("/api/rooms/{room_id:str}/read", tags=["rooms"])
async def mark_read(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], data: JSONBody[MarkRead]
) -> ReadMark:
    """Remember how far I have read; with `unread` what comes after it is new to me again."""
    mark = await rooms.mark_read(log, actor, room_id, data.seq, unread=data.unread)
    row = await _row(log, actor, room_id)
    return ReadMark(room_id, mark, row.unread, row.mentions)


@get("/api/rooms/{room_id:str}/messages", tags=["messages"])
async def list_messages(
    log: Given[RoomLog],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    before_seq: Seq = None,
    after_seq: Seq = None,
    around: Seq = None,
    kind: Annotated[MessageType | None, QueryParameter(name="type")] = None,
    limit: Limit = limits.PAGE,
) -> MessagePage:
    """Messages in seq order: the newest, or before, after or around a seq."""
    async with log.db.reading() as conn:
        return await queries.page(conn, actor, room_id, Range(before_seq, after_seq, around, kind, limit))


@get("/api/rooms/{room_id:str}/messages/{message_id:str}", tags=["messages"])
async def get_message(
    log: Given[RoomLog], actor: Given[Actor], room_id: FromPath[UUID], message_id: FromPath[UUID]
) -> Response[Message]:
    """One message; its `ETag` is its version."""
    async with log.db.reading() as conn:
        return _tagged(await queries.one(conn, actor, room_id, message_id))


@post("/api/rooms/{room_id:str}/messages", tags=["messages"])
async def post_message(
    request: HubRequest,
    desk: Given[Desk],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    data: JSONBody[PostMessage],
) -> Response[Posted]:
    """Post a message; `Idempotency-Key` or `client_msg_id` makes a retry safe. `RateLimit-*` tells what is left."""
    key = request.headers.get("idempotency-key")
    if key is not None:
        if not 0 < len(key) <= limits.IDEMPOTENCY_KEY_CHARS or (data.client_msg_id or key) != key:
            raise Problem(
                "invalid", "Idempotency-Key is too long, or is not the client_msg_id", field="idempotency-key"
            )
        data.client_msg_id = key
    posted = await desk.post(actor, room_id, data)
    left = desk.left(actor)
    told = {"ratelimit-limit": left.limit, "ratelimit-remaining": left.remaining, "ratelimit-reset": left.reset}
    return Response(posted, headers={name: str(value) for name, value in told.items()})


@patch("/api/messages/{message_id:str}", tags=["messages"])
async def edit_message(
    request: HubRequest,
    log: Given[RoomLog],
    desk: Given[Desk],
    actor: Given[Actor],
    message_id: FromPath[UUID],
    data: JSONBody[EditMessage],
) -> Response[Message]:
    """Give my own text another wording, for 15 minutes. `If-Match` names the version I changed, as the `ETag` told."""
    desk.changes.take(actor.id)
    await actions.edit_message(desk, actor, message_id, data.content, _version(request.headers.get("if-match")))
    async with log.db.reading() as conn:
        return _tagged(await queries.found(conn, actor, message_id))


def _version(header: str | None) -> int | None:
    if header is None or header.strip() == "*":
        return None
    number = header.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Problem("invalid", "If-Match is not a version", field="if-match")
    return int(number)


def _tagged(message: Message) -> Response[Message]:
    return Response(message, headers={"etag": f'"{message.version}"'})


@delete("/api/messages/{message_id:str}", tags=["messages"], status_code=204)
async def delete_message(
    log: Given[RoomLog], desk: Given[Desk], actor: Given[Actor], message_id: FromPath[UUID], reason: Reason = None
) -> None:
    """Delete a message: one's own, or with a reason another's. The reason stands in the audit, not in the room."""
    desk.changes.take(actor.id)
    await actions.delete_message(log, actor, message_id, reason)


@get("/api/messages/{message_id:str}/history", tags=["messages"])
async def history(log: Given[RoomLog], actor: Given[Actor], message_id: FromPath[UUID]) -> list[Version]:
    """All texts of a message with who wrote them; of a deleted one for admins alone."""
    async with log.db.reading() as conn:
        return await queries.history(conn, actor, message_id)


@post("/api/messages/{message_id:str}/reactions", tags=["messages"], status_code=200)
async def react(
    log: Given[RoomLog],
    desk: Given[Desk],
    actor: Given[Actor],
    message_id: FromPath[UUID],
    data: JSONBody[NewReaction],
) -> list[Reaction]:
    """React with one emoji; the same again changes nothing. Answers all reactions of the message."""
    desk.changes.take(actor.id)
    return await actions.add_reaction(log, actor, message_id, data.emoji)


@delete("/api/messages/{message_id:str}/reactions/{emoji:str}", tags=["messages"], status_code=204)
async def unreact(
    log: Given[RoomLog], desk: Given[Desk], actor: Given[Actor], message_id: FromPath[UUID], emoji: FromPath[str]
) -> None:
    """Take a reaction back (percent-encoded in the path); one that is not there changes nothing."""
    desk.changes.take(actor.id)
    await actions.remove_reaction(log, actor, message_id, checked(emoji))


ROUTES: list[Any] = [
    list_rooms,
    open_room,
    get_room,
    move_on,
    snapshot,
    events,
    mark_read,
    list_messages,
    get_message,
    post_message,
    edit_message,
    delete_message,
    history,
    react,
    unreact,
]
