"""Hears who is writing, from sockets and from the other processes, and tells those who follow the room."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Protocol
from uuid import UUID

import msgspec

from hub.base.telemetry import typing_signals
from hub.live.channel import Channels
from hub.live.typing import Shown, Word, Writers
from hub.log.log import RoomLog
from hub.log.tail import Encoded
from hub.people.policy import Actor
from hub.rooms import policy
from hub.rooms import queries as rooms
from hub.wire import limits
from hub.wire.frames import Signal, Typing
from hub.wire.presence import Here
from hub.wire.views import Person

KIND = "typing"
LOOK_SECONDS = 0.2  # while somebody writes
GATHER_SECONDS = 0.05  # two hundred writers cost 2 ms a turn
TRUST_SECONDS = 2.0  # how long who may write is remembered: a client repeats itself more often than rights change
TRUSTED = 1000


class Speaker(Protocol):
    """A socket, as one on which somebody says that they are writing."""

    actor: Actor | None
    closed_with: int | None


class Typists:
    """Everybody's writing, of which `writers` decides what is told."""

    def __init__(self, log: RoomLog, channels: Channels):
        self._log = log
        self._channels = channels
        self._writers = Writers()
        self._trusted: dict[tuple[UUID, UUID], tuple[float, bool]] = {}
        self._wake = asyncio.Event()
        channels.watch(self._passed)
        log.signals.hear(KIND, Word, self._heard)

    async def said(self, socket: Speaker, wanted: Typing) -> None:
        """Somebody writes, or has stopped. Who may not write is not heard; `not_found` where they may not even look."""
        actor = socket.actor
        assert actor is not None
        if not wanted.active:
            self._writers.stop(wanted.room, actor.id, socket)
        elif await self._may_write(actor, wanted.room) and socket.closed_with is None:
            self._writers.say(wanted.room, actor.person, socket, monotonic())
        else:
            return
        self._wake.set()

    async def _may_write(self, actor: Actor, room_id: UUID) -> bool:
        now = monotonic()
        until, may = self._trusted.get((actor.id, room_id), (0.0, False))
        if until > now:
            return may
        if len(self._trusted) >= TRUSTED:
            self._trusted = {key: value for key, value in self._trusted.items() if value[0] > now}
        self._trusted[actor.id, room_id] = (now + TRUST_SECONDS, False)
        async with self._log.db.reading() as conn:
            room = await rooms.door_for(conn, actor, room_id)
        may = "post" in policy.can(actor, room)
        self._trusted[actor.id, room_id] = (now + TRUST_SECONDS, may)
        return may

    def posted(self, room: UUID, user_id: UUID) -> None:
        """Who has sent their message writes no more."""
        if self._writers.anybody(room) and self._writers.stop(room, user_id):
            self._wake.set()

    def gone(self, socket: Speaker) -> None:
        """A socket has ended."""
        if self._writers:
            self._writers.gone(socket)
            self._wake.set()

    def _passed(self, room: UUID, events: Sequence[Encoded]) -> None:
        """Events of a followed room: who posts or is removed writes no more, on whatever device."""
        for item in events:
            event = item.event
            if event.type == "MessagePosted":
                if event.actor is not None:
                    self.posted(room, event.actor.id)
            elif event.type == "MemberRemoved":
                user_id = UUID(event.body["user_id"])
                self._trusted.pop((user_id, room), None)
                self.posted(room, user_id)

    def _heard(self, sender: str, word: Word) -> None:
        """Another process tells of its sockets."""
        if word.seconds > 0:
            seconds = min(word.seconds, limits.TYPING_SECONDS)
            self._writers.say(word.room, word.person, sender, monotonic(), seconds)
        else:
            self._writers.stop(word.room, word.person.id, sender)
        self._wake.set()

    def here(self, room: UUID) -> Here:
        """Who is writing in a room."""
        people: list[Person] = self._writers.here(room, monotonic())
        return Here(room, len(people), people[: limits.NAMES_HERE])

    async def run(self) -> None:
        """Tell of it, for the life of the process."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS if self._writers else None)
            self._wake.clear()
            shown, words = self._writers.turn(monotonic(), self._channels.followers)
            for word in words:
                self._log.signals.send(KIND, f"{word.room}/{word.person.id}", word)
            for showing in shown:
                await self._tell(showing)
            await asyncio.sleep(GATHER_SECONDS)

    async def _tell(self, showing: Shown) -> None:
        signal = Signal("typing", room=showing.room, people=list(showing.people), count=showing.count)
        if await self._channels.signal(showing.room, msgspec.json.encode(signal)):
            typing_signals.inc()
