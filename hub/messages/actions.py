"""Posting. REST, WebSocket and bots come through here."""

from uuid import UUID

from hub.base.ids import new_id
from hub.base.settings import Settings
from hub.base.telemetry import rate_limited
from hub.log.flush import Flusher
from hub.log.log import RoomLog
from hub.messages.lane import MessageWriter, NotMember, Posting
from hub.messages.policy import Buckets, check_post, fingerprint
from hub.people.policy import Actor
from hub.rooms import actions as rooms
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Posted


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

    async def post(self, actor: Actor, room_id: UUID, message: PostMessage) -> Posted:
        """Post a message; returns when it is durable.

        A post with a `client_msg_id` seen before returns the first message, with another body it is `key_reused`.
        One who may act in the room but is no member yet becomes one.
        """
        check_post(actor, message)
        self._take(actor)
        posting = Posting(
            room_id,
            actor,
            message_id := new_id(),
            message.client_msg_id or str(message_id),
            message.type,
            message.content,
            message.metadata,
            fingerprint(room_id, message),
        )
        try:
            return await self.flusher.post(posting)
        except NotMember:
            await rooms.enter(self.log, actor, room_id)
        try:
            return await self.flusher.post(posting)
        except NotMember:  # removed again in between
            raise Problem("conflict") from None
