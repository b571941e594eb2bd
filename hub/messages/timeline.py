"""What the log shows to people: timeline rows for shown events, and hydration of stored events for readers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.db import Tx
from hub.log.append import Row
from hub.messages import reactions
from hub.messages.queries import MESSAGE_COLUMNS, message_view, named_in
from hub.people import queries as people
from hub.rooms.checklist import queries as checklist
from hub.wire.events import BODIES
from hub.wire.views import Event, EventMessage, Message, Person, Text

STORE = """
INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata, created_at)
SELECT message_id, room_id, seq, sender_id, 'system', content, metadata::jsonb, at
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::timestamptz[],
            $7::text[]) AS given(message_id, room_id, seq, sender_id, metadata, at, content)
"""
REACTED = frozenset({"ReactionAdded", "ReactionRemoved"})
CHANGES = REACTED | {"MessageEdited"}  # events that bring what an earlier message has become
OF_EVENTS = text(f"SELECT {MESSAGE_COLUMNS} FROM messages m WHERE m.message_id = ANY(:ids)")


class MessageTimeline:
    """The timeline that the log writes to and hydrates from."""

    async def store(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Store a system row for every shown event, in the event's transaction."""
        shown = [row for row in rows if BODIES[row.type].message_type is not None]
        if not shown:
            return
        driver = await tx.driver()
        await driver.execute(
            STORE,
            [UUID(row.body["message_id"]) for row in shown],
            [row.room_id for row in shown],
            [row.seq for row in shown],
            [row.actor_id for row in shown],
            [msgspec.json.encode({"event": row.type, "params": _params(row)}).decode() for row in shown],
            [row.at for row in shown],
            [row.content for row in shown],
        )

    async def hydrate(self, conn: AsyncConnection, rows: Sequence[Row]) -> list[Event]:
        """Give events what readers need: people's names, and the message as it is now (text or tombstone)."""
        if not rows:
            return []
        ids = list({UUID(row.body["message_id"]) for row in rows if _shows(row) or row.type in CHANGES})
        found = {row.message_id: row for row in await conn.execute(OF_EVENTS, {"ids": ids})} if ids else {}
        under = await reactions.of_messages(conn, ids, None)
        items = await checklist.texts(conn, [UUID(row.body["item_id"]) for row in rows if row.type == "ChecklistAdded"])
        names = await people.people(conn, people_in(rows, list(found.values())) | reactions.users_of(under))
        views = {it: message_view(row, names, under.get(it, ())) for it, row in found.items()}
        last = {row.body["message_id"]: row.seq for row in rows if row.type in REACTED}
        return [event_view(row, names, views, items, last.get(row.body.get("message_id")) == row.seq) for row in rows]


def _shows(row: Row) -> bool:
    """Whether the event is the one that shows its message, and not one that speaks of an earlier one."""
    return "message_id" in row.body and row.type not in {"OccurrenceChanged", "MessageDeleted", *CHANGES}


def _params(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.body.items() if name != "message_id"}


def people_in(rows: Sequence[Row], messages: Sequence[Any]) -> set[UUID | None]:
    """Everybody these events and messages name."""
    named = {row.actor_id for row in rows}
    for row in rows:
        named |= {UUID(row.body[name]) for name in ("user_id", "owner_id", "assignee_id") if row.body.get(name)}
    return named | named_in(messages)


def event_view(
    row: Row, names: dict[UUID, Person], views: dict[UUID, Message], items: dict[UUID, Text], last: bool
) -> Event:
    """One hydrated event. Of a page's reactions to one message only the `last` brings them; it holds for all."""
    body = dict(row.body)
    if row.type == "ChecklistAdded":
        body["text"] = items.get(UUID(body["item_id"]), {})
    if body.get("assignee_id"):
        body["assignee"] = names.get(UUID(body["assignee_id"]))
    if "user_id" in body:
        body["user"] = names.get(UUID(body["user_id"]))
    if row.type == "OwnerChanged":
        body["owner"] = names.get(UUID(body["owner_id"])) if body.get("owner_id") else None
    if _shows(row):
        body["message"] = _part(views[UUID(body["message_id"])])
    elif row.type == "MessageEdited":
        body["now"] = _part(views[UUID(body["message_id"])])
    elif row.type in REACTED and last:
        body["reactions"] = views[UUID(body["message_id"])].reactions
    actor = names.get(row.actor_id) if row.actor_id else None
    return Event(row.room_id, row.seq, row.type, actor, row.at, body)


def _part(now: Message) -> EventMessage:
    """A message without what its event says itself."""
    return EventMessage(
        now.content, now.metadata, now.client_msg_id, now.edited_at, now.deleted_at, now.version, now.reactions
    )
