"""One room's sockets in this process. Follows the room's tail and writes each event once for all.

Frames of one loop tick are joined into one write per socket, but never across an event that changes who may read.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from hub.base.telemetry import fanout_seconds
from hub.live.outlet import frame
from hub.log.tail import Encoded, Tail, Tails
from hub.wire.frames import ResyncRequired
from hub.wire.views import Event


class Reader(Protocol):
    """A socket as its channels see it."""

    @property
    def user_id(self) -> UUID:
        """Whose socket this is."""

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        """Send, or fall behind."""

    def forget(self, room: UUID) -> None:
        """No longer in the room's channel."""


class RoomChannel:
    """The readers of a room, each with the seq it has had."""

    def __init__(self, room: UUID):
        self.room = room
        self.tail: Tail | None = None
        self._visibility: str | None = None
        self._readers: dict[Reader, int] = {}
        self._replaying: set[Reader] = set()
        self._pending: list[Encoded] = []
        self._scheduled = False

    def __bool__(self) -> bool:
        return bool(self._readers or self._replaying)

    def learn(self, visibility: str) -> None:
        """Take what the database says at first; from then on the room's own events say it."""
        self._visibility = self._visibility or visibility

    def expect(self, reader: Reader) -> None:
        """Stay open for a reader that is still reading what it has not had."""
        self._readers.pop(reader, None)
        self._replaying.add(reader)

    def attach(self, reader: Reader, had: int) -> None:
        """Send this reader everything after `had`."""
        self._replaying.discard(reader)
        self._readers[reader] = had

    def detach(self, reader: Reader) -> None:
        """Stop sending to this reader."""
        self._replaying.discard(reader)
        self._readers.pop(reader, None)

    def emit(self, events: Sequence[Encoded]) -> None:
        """Take the next events of the tail."""
        for item in events:
            self._pending.append(item)
            if self._is_barrier(item.event):
                self._flush()
                self._apply(item.event)
        if self._pending and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _is_barrier(self, event: Event) -> bool:
        return event.type == "MemberRemoved" or (event.type == "RoomChanged" and "visibility" in event.body)

    def _apply(self, event: Event) -> None:
        """Put out who may not read on; who still may comes back through the door, where access is checked."""
        if event.type == "RoomChanged":
            self._visibility = event.body["visibility"]
            self._put_out([*self._readers, *self._replaying])
        elif self._visibility in {"members", None}:
            gone = UUID(event.body["user_id"])
            self._put_out([reader for reader in [*self._readers, *self._replaying] if reader.user_id == gone])

    def _put_out(self, readers: Sequence[Reader]) -> None:
        payload = msgspec.json.encode(ResyncRequired(self.room))
        for reader in readers:
            self.detach(reader)
            reader.forget(self.room)
            reader.write([payload], frame(payload))

    def _flush(self) -> None:
        self._scheduled = False
        if not self._pending:
            return
        events, self._pending = self._pending, []
        payloads = [item.frame for item in events]
        frames = b"".join(map(frame, payloads))
        first, last = events[0].event.seq, events[-1].event.seq
        with fanout_seconds.time():
            for reader, had in list(self._readers.items()):
                self._readers[reader] = max(had, last)
                if had < first:
                    reader.write(payloads, frames)
                elif had < last:
                    rest = [item.frame for item in events if item.event.seq > had]
                    reader.write(rest, b"".join(map(frame, rest)))


class Channels:
    """Channels of all rooms followed in this process."""

    def __init__(self, tails: Tails):
        self._tails = tails
        self._open: dict[UUID, RoomChannel] = {}

    def enter(self, reader: Reader, room: UUID) -> RoomChannel:
        """Return the room's channel, which stays open for this reader until it leaves or is put out."""
        channel = self._open.setdefault(room, RoomChannel(room))
        channel.expect(reader)
        return channel

    async def follow(self, channel: RoomChannel) -> None:
        """Let a channel follow its room's tail. It may be closed meanwhile: who has been put out enters again."""
        if channel.tail is None:
            channel.tail = await self._tails.open(channel.room, channel)

    def leave(self, reader: Reader, room: UUID) -> None:
        """Take a reader out; an empty channel is closed."""
        channel = self._open.get(room)
        if channel is not None:
            channel.detach(reader)
            if not channel:
                self._tails.close(room)
                del self._open[room]
