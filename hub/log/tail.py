"""The live end of a room's log in this process, and its only sender.

A tail emits seq = last + 1 and nothing else. Writers of this process may offer encoded events; everything else, and
every gap, is read from the database. So followers see one gapless sequence whoever wrote and whatever got lost.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.db import Database
from hub.base.telemetry import hints_lost, logger
from hub.log import read
from hub.wire import limits
from hub.wire.events import BODIES
from hub.wire.frames import EventFrame
from hub.wire.problems import Problem
from hub.wire.views import Event

POLL_SECONDS = 1.0
REWRITING = frozenset(name for name, body in BODIES.items() if body.rewrites)
log = logger("tail")
Reader = Callable[[AsyncConnection, UUID, int, int], Awaitable[list[Event]]]


class Encoded(msgspec.Struct, frozen=True):
    """An event and its frame's JSON, encoded once for all followers of this process."""

    event: Event
    payload: bytes


def encoded(event: Event) -> Encoded:
    """Encode an event as its frame."""
    return Encoded(event, msgspec.json.encode(EventFrame.of(event)))


class Follower(Protocol):
    """Gets events in seq order, none missing, in the loop's turn; must not block."""

    def emit(self, events: Sequence[Encoded]) -> None:
        """Take the next events."""


class Ring:
    """The newest events of a tail, for readers that come back a moment later. Bounded in events and in bytes."""

    def __init__(self) -> None:
        self._events: deque[Encoded] = deque()
        self._bytes = 0
        self.life = 0

    def add(self, events: Sequence[Encoded]) -> None:
        """Keep events that continue those kept; one that changes what earlier ones show throws those away."""
        for item in events:
            if item.event.type in REWRITING:
                self.clear()
            self._events.append(item)
            self._bytes += len(item.payload)
        while len(self._events) > limits.RING_EVENTS or self._bytes > limits.RING_BYTES:
            self._bytes -= len(self._events.popleft().payload)

    def fill(self, events: Sequence[Encoded], last: int, life: int) -> None:
        """Keep what was read before those kept, up to the tail's `last`. `life` is the ring's when the read began.

        Of another life it may hold what has been rewritten meanwhile.
        """
        size = sum(len(item.payload) for item in events)
        follows = self._events[0].event.seq if self._events else last + 1
        fits = len(events) + len(self._events) <= limits.RING_EVENTS and size + self._bytes <= limits.RING_BYTES
        if life == self.life and fits and events and events[-1].event.seq + 1 == follows:
            self._events.extendleft(reversed(events))
            self._bytes += size

    def after(self, seq: int) -> list[Encoded] | None:
        """Events after a seq; None when it does not reach back so far."""
        if not self._events or self._events[0].event.seq > seq + 1:
            return None
        return list(islice(self._events, seq + 1 - self._events[0].event.seq, None))

    def clear(self) -> None:
        """Forget them: they show what is no longer so."""
        self._events.clear()
        self._bytes = 0
        self.life += 1


class Tail:
    """One room's live end. `last` is the seq emitted last."""

    def __init__(self, room: UUID, last: int, follower: Follower):
        self.room = room
        self.last = last
        self.follower = follower
        self.head = last
        self.reading = False
        self.ring = Ring()

    def offer(self, events: Sequence[Encoded]) -> bool:
        """Emit events that continue the tail; False when there is a gap before them."""
        fresh = [item for item in events if item.event.seq > self.last]
        if not fresh:
            return True
        if fresh[0].event.seq != self.last + 1:
            return False
        self.last = fresh[-1].event.seq
        self.head = max(self.head, self.last)
        self.ring.add(fresh)
        self.follower.emit(fresh)
        return True


class Tails:
    """The tails of all rooms that somebody follows in this process."""

    def __init__(self, db: Database, reader: Reader):
        self._db = db
        self._reader = reader
        self._followers: dict[UUID, Follower] = {}
        self._tails: dict[UUID, Tail] = {}
        self._behind: asyncio.Queue[Tail] = asyncio.Queue()

    async def open(self, room: UUID, follower: Follower) -> Tail:
        """Start (or join) the tail of a room at the log's present head. Who opens last is the room's follower.

        A follower that was replaced or closed meanwhile gets a tail of its own, which nobody moves on.
        """
        self._followers[room] = follower
        tail = self._mine(room, follower)
        if tail is None:
            head = await self._head(room)
            tail = self._mine(room, follower) or Tail(room, head, follower)
            if self._followers.get(room) is follower:
                self._tails[room] = tail
                self.heard(room, await self._head(room))  # what was committed between looking and following
        return tail

    def _mine(self, room: UUID, follower: Follower) -> Tail | None:
        tail = self._tails.get(room)
        return tail if tail is not None and tail.follower is follower else None

    async def _head(self, room: UUID) -> int:
        async with self._db.reading() as conn:
            return (await read.heads(conn, [room])).get(room, 0)

    def close(self, room: UUID) -> None:
        """Nobody follows the room here any more."""
        self._followers.pop(room, None)
        self._tails.pop(room, None)

    def follows(self, room: UUID) -> bool:
        """Whether encoding an event of this room is worth it."""
        return room in self._tails

    def offer(self, room: UUID, events: Sequence[Encoded]) -> None:
        """A writer of this process committed these events."""
        tail = self._tails.get(room)
        if tail is not None and (tail.reading or not tail.offer(events)):
            self._reach(tail, events[-1].event.seq)

    def heard(self, room: UUID, seq: int) -> None:
        """A hint came."""
        tail = self._tails.get(room)
        if tail is not None:
            self._reach(tail, seq)

    def _reach(self, tail: Tail, seq: int) -> None:
        tail.head = max(tail.head, seq)
        if tail.head > tail.last and not tail.reading:
            tail.reading = True
            self._behind.put_nowait(tail)

    async def run_reader(self) -> None:
        """Read what tails miss, for the life of the process."""
        while True:
            tail = await self._behind.get()
            try:
                progressed = await self._catch_up(tail)
            except Problem as problem:  # the database is away: the slow poll asks again
                log.warning("tail_read_failed", code=problem.code)
                progressed = False
            tail.reading = False
            if progressed:  # offers that came while the connection was handed back
                self._reach(tail, tail.head)

    async def _catch_up(self, tail: Tail) -> bool:
        async with self._db.reading() as conn:
            while tail.head > tail.last and tail.room in self._tails:
                events = await self._reader(conn, tail.room, tail.last, limits.REPLAY_PAGE)
                if not events:
                    return False
                tail.offer([encoded(event) for event in events])
        return True

    async def run_poll(self) -> None:
        """Ask once a second for the heads of followed rooms: repairs every lost hint."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._poll()
            except Problem as problem:
                log.warning("tail_poll_failed", code=problem.code)

    async def _poll(self) -> None:
        before = {room: tail.head for room, tail in self._tails.items()}
        if not before:
            return
        async with self._db.reading() as conn:
            heads = await read.heads(conn, list(before))
        for room, seq in heads.items():
            if seq > before[room] and (tail := self._tails.get(room)) and seq > tail.head:
                hints_lost.inc()
            self.heard(room, seq)
