"""Changing messages: people's posts through the fast lane, alarms' cards in bulk."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from hub.audit import actions as audit
from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.settings import Settings
from hub.base.telemetry import messages_posted, rate_limited
from hub.base.text import checked
from hub.log.append import New, Row
from hub.log.flush import Flusher
from hub.log.log import RoomLog
from hub.messages import queries
from hub.messages.lane import MessageWriter, NotMember, Posting
from hub.messages.policy import Buckets, check_delete, check_post, fingerprint
from hub.people.policy import Actor
from hub.rooms import actions as rooms
from hub.wire.events import MessageDeleted
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Posted

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


FIND = text("SELECT room_id FROM messages WHERE message_id = :id")
UNFIND = text("DELETE FROM message_search WHERE message_id = :id")
BLANK = text("UPDATE messages SET content = '', metadata = '{}', deleted_at = :at WHERE message_id = :id")


class Desk:
    """Where messages are handed in: the rate limit, the checks, and the fast lane."""

    def __init__(self, log: RoomLog, settings: Settings):
        self.log = log
        self.flusher: Flusher[Posting, Posted] = Flusher(log.db, MessageWriter(log.bell, log.tails))
        self._buckets = Buckets(settings.messages_per_second, settings.messages_burst)

    def _take(self, actor: Actor) -> None:
        try:
            self._buckets.take(actor.id)
        except Problem:
            rate_limited.labels("messages").inc()
            raise

    def posting(self, actor: Actor, room_id: UUID, message: PostMessage) -> Posting:
        """Check a message and take it from the sender's bucket; raises the Problem it is refused with."""
        check_post(actor, message)
        self._take(actor)
        message_id = new_id()
        return Posting(
            room_id,
            actor,
            message_id,
            message.client_msg_id or str(message_id),
            message.type,
            message.content,
            message.metadata,
            fingerprint(room_id, message),
        )

    def hand_in(self, posting: Posting) -> "asyncio.Future[Posted]":
        """Give a posting to the fast lane; done when it is durable. Fails with NotMember where one must join first."""
        return self.flusher.hand_in(posting)

    async def join_and_post(self, posting: Posting) -> Posted:
        """Make the sender a member, if they may be, and post."""
        await rooms.enter(self.log, posting.actor, posting.room_id)
        try:
            return await self.hand_in(posting)
        except NotMember:  # removed again in between
            raise Problem("conflict") from None

    async def post(self, actor: Actor, room_id: UUID, message: PostMessage) -> Posted:
        """Post a message; returns when it is durable.

        A post with a `client_msg_id` seen before returns the first message, with another body it is `key_reused`.
        One who may act in the room but is no member yet becomes one.
        """
        posting = self.posting(actor, room_id, message)
        try:
            return await self.hand_in(posting)
        except NotMember:
            return await self.join_and_post(posting)


async def delete_message(log: RoomLog, actor: Actor, message_id: UUID, reason: str | None = None) -> None:
    """Blank what was said and leave a tombstone; deleting it again changes nothing.

    The log holds no reason: who deletes another's message gives one, and the audit keeps it.
    """
    checked(reason or "")

    async def change(tx: Tx) -> None:
        found = (await tx.execute(FIND, {"id": message_id})).one_or_none()
        if found is None:
            raise Problem("not_found")
        room = await rooms.locked_room(tx, actor, found.room_id)
        message = await queries.one(tx.conn, actor, found.room_id, message_id)
        check_delete(actor, room, message, reason)
        if message.deleted_at is not None:
            return
        [row] = await log.append(tx, [New(found.room_id, actor.id, MessageDeleted(message_id))])
        await tx.execute(BLANK, {"id": message_id, "at": row.at})
        await tx.execute(UNFIND, {"id": message_id})
        if reason:
            await audit.record(tx, actor.id, "message_deleted", str(message_id), reason=reason)

    await log.act(change)


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
