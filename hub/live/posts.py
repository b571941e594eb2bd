"""The messages one socket has handed in and not had an answer for yet."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol
from uuid import UUID

import msgspec

from hub.live.outlet import Outlet
from hub.live.station import Station
from hub.messages.lane import NotMember, Posting
from hub.people.policy import Actor
from hub.wire import limits
from hub.wire.frames import Ack, ClientFrame, Send
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Posted


class Socket(Protocol):
    """A socket as its posts see it."""

    actor: Actor | None
    outlet: Outlet

    @property
    def user_id(self) -> UUID:
        """Whose socket this is."""

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside everything else."""

    def refuse(self, wanted: ClientFrame, error: BaseException) -> None:
        """Tell why not."""


class Posts:
    """Hands messages in without waiting for their commit; each ack comes when its message is durable.

    The first message into a room may make its sender a member, which takes a while: what comes meanwhile waits in
    `_held`, so that messages keep their order.
    """

    __slots__ = ("_held", "_in_flight", "_joining", "_socket", "_station")

    def __init__(self, station: Station, socket: Socket):
        self._station = station
        self._socket = socket
        self._in_flight = 0
        self._joining = False
        self._held: list[tuple[Send, Posting]] = []

    async def post_calling(self, wanted: Send) -> None:
        """A text that may call people: who the members are is looked up first. Raises what it is refused with."""
        actor, message = self._admitted(wanted)
        called = await self._station.desk.addressed(actor, wanted.room, wanted.content)
        self._hand_in(wanted, self._station.desk.posting(actor, wanted.room, message, called))

    def post(self, wanted: Send) -> None:
        """Hand a message in, or refuse it."""
        try:
            actor, message = self._admitted(wanted)
            self._hand_in(wanted, self._station.desk.posting(actor, wanted.room, message))
        except Exception as error:
            self._socket.refuse(wanted, error)

    def _admitted(self, wanted: Send) -> tuple[Actor, PostMessage]:
        assert self._socket.actor is not None
        if self._in_flight >= limits.IN_FLIGHT_PER_SOCKET:
            raise Problem("rate_limited", retry_after=1)
        message = PostMessage(wanted.content, wanted.kind, wanted.metadata, wanted.client_msg_id)
        self._station.desk.admit(self._socket.actor, wanted.room, message)
        return self._socket.actor, message

    def _hand_in(self, wanted: Send, posting: Posting) -> None:
        def posted(done: "asyncio.Future[Posted]") -> None:
            error = done.exception()
            if isinstance(error, NotMember):
                return self._hold(wanted, posting)
            self._in_flight -= 1
            if error is not None:
                return self._socket.refuse(wanted, error)
            self._acknowledge(wanted, done.result())

        self._in_flight += 1
        if self._joining:
            return self._hold(wanted, posting)
        self._station.desk.hand_in(posting).add_done_callback(posted)

    def _hold(self, wanted: Send, posting: Posting) -> None:
        self._held.append((wanted, posting))
        if not self._joining:
            self._joining = True
            self._socket.later(self._join())

    async def _join(self) -> None:
        """Post what is held, one after the other, each after its sender has become a member."""
        while self._held:
            wanted, posting = self._held.pop(0)
            try:
                self._acknowledge(wanted, await self._station.desk.join_and_post(posting))
            except Exception as error:
                self._socket.refuse(wanted, error)
            finally:
                self._in_flight -= 1
        self._joining = False

    def _acknowledge(self, wanted: Send, posted: Posted) -> None:
        self._station.typists.posted(wanted.room, self._socket.user_id)
        self._socket.outlet.hold(msgspec.json.encode(Ack(wanted.client_msg_id, posted.message_id, posted.seq)))
