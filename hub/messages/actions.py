"""Changing messages: edits, deletions, reactions; alarms' cards in bulk. Posting has its own way: `desk.py`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row as DbRow
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.audit import actions as audit
from hub.base.db import Tx
from hub.base.telemetry import logger, messages_changed, messages_posted
from hub.base.text import checked
from hub.log.append import New, Row
from hub.log.log import RoomLog
from hub.messages import mentions, queries, reactions
from hub.messages.desk import Desk
from hub.messages.policy import check_delete, check_edit
from hub.messages.tables import message_edit_history, message_reactions, messages
from hub.people.policy import Actor
from hub.rooms import access
from hub.rooms import policy as room_policy
from hub.rooms.members import actions as members
from hub.wire import limits
from hub.wire.events import MessageDeleted, MessageEdited, ReactionAdded, ReactionRemoved
from hub.wire.problems import Problem
from hub.wire.views import Mentions, Message, Reaction

INSERT_CARDS = """
INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata, created_at)
SELECT message_id, room_id, seq, sender_id, 'incident_data', '', card::jsonb, at
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::timestamptz[])
     AS given(message_id, room_id, seq, sender_id, card, at)
"""
UPDATE_CARDS = """
UPDATE messages m SET metadata = given.card::jsonb
FROM unnest($1::uuid[], $2::text[]) AS given(message_id, card) WHERE m.message_id = given.message_id
"""


UNFIND = text("DELETE FROM message_search WHERE message_id = :id")
BLANK = text("UPDATE messages SET content = '', metadata = '{}', deleted_at = :at WHERE message_id = :id")
NOW = select(func.hub_now())
changes = logger("messages")
Change = Callable[[Tx, DbRow[Any], Message], Awaitable[None]]
"""Changes a message in its locked room: the transaction, the room as the actor sees it, the message."""


async def _change(log: RoomLog, actor: Actor, message_id: UUID, change: Change) -> None:
    """Lock the message's room, read both in a later statement, and change them in one transaction."""

    async def act(tx: Tx) -> None:
        room = await access.locked_room(tx, actor, await queries.room_of(tx.conn, message_id))
        await change(tx, room, await queries.one(tx.conn, actor, room.room_id, message_id))

    await log.act(act)


def _note(what: str, actor: Actor, message: Message) -> None:
    messages_changed.labels(what).inc()
    changes.info(f"message_{what}", room=str(message.room_id), message=str(message.message_id), user=str(actor.id))


async def edit_message(desk: Desk, actor: Actor, message_id: UUID, content: str, version: int | None = None) -> None:
    """Give one's own text another wording, for 15 minutes; the former one stays in the history with its editor.

    `version` is the one that was changed: `edit_conflict` when it is no longer the present one. The same wording again
    changes nothing. Whom the new wording calls for the first time stands in the event.
    """

    async def change(tx: Tx, room: DbRow[Any], message: Message) -> None:
        now = (await tx.execute(NOW)).scalar_one()
        if not check_edit(actor, message, content, version, now):
            return
        room_policy.check(actor, room, "edit_own")
        called = None
        if mentions.may_call(content):
            called = await queries.addressed(tx.conn, actor, room.room_id, content)
        await _rewrite(desk, tx, actor, message, content, called)
        tx.after_commit(partial(_note, "edited", actor, message))

    await _change(desk.log, actor, message_id, change)


async def _rewrite(desk: Desk, tx: Tx, actor: Actor, message: Message, content: str, called: Mentions | None) -> None:
    mine = messages.c.message_id == message.message_id
    stored = (await tx.execute(select(messages.c.metadata).where(mine))).scalar_one()
    people, groups = mentions.newly(stored, called)
    desk.count_calls(actor, len(people) + len(groups))
    event = MessageEdited(message.message_id, message.version + 1, people, groups)
    [row] = await desk.log.append(tx, [New(message.room_id, actor.id, event)])
    former = {
        "message_id": message.message_id,
        "version": message.version,
        "original_content": message.content,
        "edited_by": actor.id,
        "edited_at": row.at,
    }
    await tx.execute(insert(message_edit_history).values(former))
    kept = {name: value for name, value in stored.items() if name != mentions.KEY} | mentions.stored(called)
    now = {"content": content, "metadata": kept, "edited_at": row.at, "version": message.version + 1}
    await tx.execute(update(messages).where(mine).values(now))


async def delete_message(log: RoomLog, actor: Actor, message_id: UUID, reason: str | None = None) -> None:
    """Blank what was said and leave a tombstone without reactions; deleting it again changes nothing.

    Also in a room that has ended: what should not have been said should go whenever it is found.

    The log holds no reason: who deletes another's message gives one, and the audit keeps it.
    """
    checked(reason or "")

    async def change(tx: Tx, room: DbRow[Any], message: Message) -> None:
        check_delete(actor, room, message, reason)
        if message.deleted_at is not None:
            return
        [row] = await log.append(tx, [New(room.room_id, actor.id, MessageDeleted(message_id))])
        await tx.execute(BLANK, {"id": message_id, "at": row.at})
        await tx.execute(delete(message_reactions).where(message_reactions.c.message_id == message_id))
        await tx.execute(UNFIND, {"id": message_id})
        if reason:
            await audit.record(tx, actor.id, "message_deleted", str(message_id), reason=reason)
        tx.after_commit(partial(_note, "deleted", actor, message))

    await _change(log, actor, message_id, change)


async def add_reaction(log: RoomLog, actor: Actor, message_id: UUID, emoji: str) -> list[Reaction]:
    """React with one emoji; the same again changes nothing. Returns all reactions of the message."""
    sign = reactions.normalised(emoji)

    async def change(tx: Tx, room: DbRow[Any], message: Message) -> None:
        _reactable(actor, room, message)
        if len(message.reactions) >= limits.EMOJI_PER_MESSAGE and sign not in {it.emoji for it in message.reactions}:
            raise Problem("too_many_reactions")
        given = upsert(message_reactions).values(message_id=message_id, user_id=actor.id, emoji=sign)
        added = await tx.scalar(given.on_conflict_do_nothing().returning(message_reactions.c.reaction_id))
        if added is not None:
            await members.join(log, tx, actor, room)
            await log.append(tx, [New(room.room_id, actor.id, ReactionAdded(message_id, sign))])
            tx.after_commit(partial(_note, "reaction_added", actor, message))

    await _change(log, actor, message_id, change)
    return await _reactions(log, actor, message_id)


async def remove_reaction(log: RoomLog, actor: Actor, message_id: UUID, emoji: str) -> None:
    """Take a reaction back, while the incident lasts; one that is not there changes nothing."""
    sign = reactions.normalised(emoji)

    async def change(tx: Tx, room: DbRow[Any], message: Message) -> None:
        _reactable(actor, room, message)
        mine = message_reactions.c
        gone = delete(message_reactions).where(
            mine.message_id == message_id, mine.user_id == actor.id, mine.emoji == sign
        )
        if await tx.scalar(gone.returning(mine.reaction_id)) is not None:
            await log.append(tx, [New(room.room_id, actor.id, ReactionRemoved(message_id, sign))])
            tx.after_commit(partial(_note, "reaction_removed", actor, message))

    await _change(log, actor, message_id, change)


def _reactable(actor: Actor, room: DbRow[Any], message: Message) -> None:
    room_policy.check(actor, room, "react")
    if message.deleted_at is not None:
        raise Problem("deleted")


async def _reactions(log: RoomLog, actor: Actor, message_id: UUID) -> list[Reaction]:
    async with log.db.reading() as conn:
        return (await queries.found(conn, actor, message_id)).reactions


async def insert_cards(tx: Tx, rows: Sequence[Row], cards: Mapping[UUID, str]) -> None:
    """Store the `incident_data` messages of `MessagePosted` events with their cards (JSON), in bulk."""
    driver, ids = await tx.driver(), [UUID(row.body["message_id"]) for row in rows]
    await driver.execute(
        INSERT_CARDS,
        ids,
        [row.room_id for row in rows],
        [row.seq for row in rows],
        [row.actor_id for row in rows],
        [cards[message_id] for message_id in ids],
        [row.at for row in rows],
    )
    tx.after_commit(lambda: messages_posted.labels("incident_data").inc(len(rows)))


async def update_cards(tx: Tx, cards: Mapping[UUID, str]) -> None:
    """Put newer cards (JSON) into their messages, in place and in bulk."""
    driver = await tx.driver()
    await driver.execute(UPDATE_CARDS, list(cards), list(cards.values()))
