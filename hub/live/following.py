"""The rooms one socket follows: the door, the replay of what it has not had, and the live channel after it."""

import asyncio
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Protocol
from uuid import UUID

from hub.base.telemetry import ring_hits, ws_resumes
from hub.live.channel import RoomChannel
from hub.live.outlet import joined
from hub.live.session import refusal
from hub.live.slice import Reader
from hub.live.station import Station
from hub.log.tail import Encoded, encoded
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.wire import limits
from hub.wire.frames import CaughtUp, FromServer, ResyncRequired, Subscribe
from hub.wire.problems import Problem

LOOK_SECONDS = 0.02
Access = tuple[list[tuple[int, int]], int]
"""The seqs a reader may have, and the head of the room when the door was asked."""


def parts(events: Sequence[Encoded], size: int) -> Iterator[list[Encoded]]:
    """The events in parts of so many bytes, the last of each going over it. Pure."""
    part: list[Encoded] = []
    total = 0
    for item in events:
        part.append(item)
        total += len(item.payload)
        if total >= size:
            yield part
            part, total = [], 0
    if part:
        yield part


class Socket(Reader, Protocol):
    """A reader that frames can be sent to. `actor` is who it is now, `closed_with` set once it has ended."""

    actor: Actor | None
    closed_with: int | None

    def send(self, message: FromServer) -> None:
        """Send one frame."""

    def fall_behind(self) -> None:
        """Close one that does not read."""


class Following:
    """The rooms of one socket, with their channels."""

    __slots__ = ("_rooms", "_socket", "_station")

    def __init__(self, station: Station, socket: Socket):
        self._station = station
        self._socket = socket
        self._rooms: dict[UUID, RoomChannel] = {}

    def __iter__(self) -> Iterator[UUID]:
        return iter(list(self._rooms))

    def leave(self, room: UUID) -> None:
        """Follow a room no more."""
        self._rooms.pop(room, None)
        self._station.channels.leave(self._socket, room)

    async def ask_again(self, left: Sequence[UUID]) -> None:
        """Tell of rooms just left whether one may come back: `resync_required`, or the error of a closed door."""
        actor = self._socket.actor
        assert actor is not None
        for room in left:
            try:
                async with self._station.db.reading() as conn:
                    await rooms.door_for(conn, actor, room)
                self._socket.send(ResyncRequired(room))
            except Problem as problem:
                self._socket.send(refusal(problem, room=room))

    async def subscribe(self, wanted: Subscribe) -> None:
        """Replay what the reader has not had, then attach it to the live channel, without a gap in between.

        Access is read after joining: what changes it from then on comes by the channel, as an event.
        """
        if wanted.room not in self._rooms and len(self._rooms) >= limits.SUBSCRIPTIONS_PER_SOCKET:
            raise Problem("limit", "Too many rooms on one socket")
        try:
            channel = await self._joined(wanted.room)
            if channel is None:
                return
            access = await self._readable(channel, wanted)
        except Problem:
            self.leave(wanted.room)
            raise
        if access is None:
            self.leave(wanted.room)
            return self._socket.send(ResyncRequired(wanted.room))
        spans, head = access
        if await self._reached(channel, head):
            await self._replay(channel, wanted.after_seq, spans)

    async def _reached(self, channel: RoomChannel, head: int) -> bool:
        """Wait until the tail has passed what the door has seen; False when the reader was put out meanwhile.

        Else somebody removed and added again would be sent live what was written in between: nothing but the spans
        keeps it from them, and they hold up to this head.
        """
        assert channel.tail is not None
        self._station.log.tails.heard(channel.room, head)
        while self._rooms.get(channel.room) is channel:
            if channel.tail.last >= head:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _joined(self, room: UUID) -> RoomChannel | None:
        """Enter the room's channel; again when put out before it followed its tail. None when the socket has ended."""
        while self._socket.closed_with is None:
            channel = self._rooms[room] = self._station.channels.enter(self._socket, room)
            await self._station.channels.follow(channel)
            if self._rooms.get(room) is channel:
                return channel
        return None

    async def _readable(self, channel: RoomChannel, wanted: Subscribe) -> Access | None:
        """Which seqs the reader may have; None when its cursor is of no use. Who it is is read after joining."""
        actor = self._socket.actor
        assert actor is not None
        async with self._station.db.reading() as conn:
            room = await rooms.door_for(conn, actor, wanted.room)
            spans = await rooms.spans(conn, actor, room)
        channel.learn(room.visibility)
        gap = room.last_seq - wanted.after_seq
        if wanted.epoch not in (None, self._station.epoch) or gap < 0 or gap > limits.REPLAY_MAX:
            ws_resumes.labels("resync").inc()
            return None
        ws_resumes.labels("replayed" if gap else "current").inc()
        return spans, room.last_seq

    async def _replay(self, channel: RoomChannel, had: int, spans: list[tuple[int, int]]) -> None:
        """Send what the tail has passed; never more, for of what it has not the channel has not told who may read."""
        assert channel.tail is not None
        ring = channel.tail.ring
        while had < channel.tail.last:
            life, events = ring.life, ring.after(had)
            if events:
                ring_hits.inc()
            else:
                events = await self._read(channel, had)
            readable = [it for it in events if any(start <= it.event.seq <= end for start, end in spans)]
            for part in parts(readable, limits.REPLAY_PART_BYTES):
                await self._until_read()
                if self._rooms.get(channel.room) is not channel:
                    return  # put out meanwhile
                if ring.life != life:
                    break  # something was deleted meanwhile: what was read may still hold it
                payloads = [it.payload for it in part]
                self._socket.outlet.write(payloads, joined(payloads))
                had = part[-1].event.seq
            else:
                had = events[-1].event.seq
        if self._rooms.get(channel.room) is channel:  # no await from the last look at tail.last to here
            channel.attach(self._socket, had)
            self._socket.send(CaughtUp(channel.room, had))

    async def _until_read(self) -> None:
        """Wait until the peer has read most of what was sent, so that there is room for what is live meanwhile."""
        outlet, end = self._socket.outlet, monotonic() + limits.DRAIN_SECONDS
        while outlet.waiting() > limits.REPLAY_PART_BYTES:
            if monotonic() > end:
                return self._socket.fall_behind()
            await asyncio.sleep(LOOK_SECONDS)

    async def _read(self, channel: RoomChannel, had: int) -> list[Encoded]:
        """Read what the tail's ring does not reach back to, for this reader and those that come after it."""
        assert channel.tail is not None
        ring, last = channel.tail.ring, channel.tail.last
        life = ring.life
        async with self._station.db.reading() as conn:
            found = await self._station.log.events(conn, channel.room, had, limits.REPLAY_PAGE, last)
        events = [encoded(event) for event in found]
        ring.fill(events, channel.tail.last, life)
        return events
