"""Where messages are handed in: the limits, the checks, whom they call, and the fast lane."""

import asyncio
from uuid import UUID

from hub.base.ids import new_id
from hub.base.settings import Settings
from hub.log.flush import Flusher
from hub.log.log import RoomLog
from hub.messages import mentions, queries
from hub.messages.lane import MessageWriter, NotMember, Posting
from hub.messages.limits import Buckets, Left, Repetition
from hub.messages.policy import check_post, fingerprint
from hub.people.policy import Actor
from hub.rooms.members import actions as members
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Mentions, Posted


class Desk:
    """Takes people's messages, and knows how many more each of them may send.

    In this order: `admit`, `addressed` where the text may call somebody, `posting`, `hand_in`. What is refused anyway
    asks the database nothing.
    """

    def __init__(self, log: RoomLog, settings: Settings):
        self.log = log
        self.flusher: Flusher[Posting, Posted] = Flusher(log.db, MessageWriter(log.bell, log.tails))
        self.messages = Buckets("messages", settings.messages_per_second, settings.messages_burst)
        self.changes = Buckets("changes", settings.changes_per_second, settings.changes_burst)
        self._repetition = Repetition(settings.same_texts, settings.mentions_per_minute)

    def left(self, actor: Actor) -> Left:
        """How many messages the actor may still send at once."""
        return self.messages.left(actor.id)

    def admit(self, actor: Actor, room_id: UUID, message: PostMessage) -> None:
        """Check a message and take it from the sender's bucket; raises the Problem it is refused with."""
        check_post(actor, message)
        self.messages.take(actor.id)
        if actor.kind == "person":  # bots repeat themselves for a reason
            self._repetition.note(actor.id, room_id, message.content, message.client_msg_id)

    async def addressed(self, actor: Actor, room_id: UUID, content: str) -> Mentions | None:
        """Whom a text calls; None when nobody. Ask where `mentions.may_call`: it looks up the members."""
        async with self.log.db.reading() as conn:
            return await queries.addressed(conn, actor, room_id, content)

    def count_calls(self, actor: Actor, number: int) -> None:
        """So many people and groups are called; raises `spam` when it never ends."""
        if number and actor.kind == "person":
            self._repetition.call(actor.id, number)

    def posting(self, actor: Actor, room_id: UUID, message: PostMessage, called: Mentions | None = None) -> Posting:
        """An admitted message on its way."""
        self.count_calls(actor, len(called.people) + len(called.groups) if called else 0)
        message_id = new_id()
        given = {name: value for name, value in message.metadata.items() if name != mentions.KEY}
        return Posting(
            room_id,
            actor,
            message_id,
            message.client_msg_id or str(message_id),
            message.type,
            message.content,
            {**given, **mentions.stored(called)},
            fingerprint(room_id, message),
            called,
        )

    def hand_in(self, posting: Posting) -> "asyncio.Future[Posted]":
        """Give a posting to the fast lane; done when it is durable. Fails with NotMember where one must join first."""
        return self.flusher.hand_in(posting)

    async def join_and_post(self, posting: Posting) -> Posted:
        """Make the sender a member, if they may be, and post."""
        await members.enter(self.log, posting.actor, posting.room_id)
        try:
            return await self.hand_in(posting)
        except NotMember:  # removed again in between
            raise Problem("conflict") from None

    async def post(self, actor: Actor, room_id: UUID, message: PostMessage) -> Posted:
        """Post a message; returns when it is durable.

        A post with a `client_msg_id` seen before returns the first message, with another body it is `key_reused`.
        One who may act in the room but is no member yet becomes one.
        """
        self.admit(actor, room_id, message)
        called = None
        if mentions.may_call(message.content):
            called = await self.addressed(actor, room_id, message.content)
        posting = self.posting(actor, room_id, message, called)
        try:
            return await self.hand_in(posting)
        except NotMember:
            return await self.join_and_post(posting)
