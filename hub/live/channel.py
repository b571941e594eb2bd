"""One room's sockets in this process. Follows the room's tail and writes each event once for all.

Frames of one loop tick are joined into one write per socket, but never across an event that changes who may read.
A big room is written in slices, between which the loop serves the other rooms.
"""

import asyncio
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Protocol
from uuid import UUID

import msgspec

from hub.base.telemetry import fanout_seconds
from hub.live.outlet import Outlet, joined, write_to_all
from hub.log.tail import Encoded, Tail, Tails
from hub.wire import limits
from hub.wire.frames import ResyncRequired
from hub.wire.views import Event


class Reader(Protocol):
    """A socket as its channels see it."""

    @property
    def user_id(self) -> UUID:
        """Whose socket this is."""

    @property
    def outlet(self) -> Outlet:
        """Where its frames go."""

    def forget(self, room: UUID) -> None:
        """No longer in the room's channel."""


class RoomChannel:
    """The readers of a room.

    Those in `_readers` have all had the same; who attached while events waited is `_ahead` of them. A round looks at
    their outlets alone: in a room of a thousand every object one touches for each reader is a thousand cache misses.
    """

    def __init__(self, room: UUID):
        self.room = room
        self.tail: Tail | None = None
        self._visibility: str | None = None
        self._readers: dict[Reader, Outlet] = {}
        self._outlets: tuple[Outlet, ...] | None = ()
        self._ahead: dict[Reader, int] = {}
        self._replaying: set[Reader] = set()
        self._pending: list[Encoded] = []
        self._round: Iterator[None] | None = None
        self._left: set[Outlet] = set()
        self._scheduled = False

    def __bool__(self) -> bool:
        return bool(self._readers or self._ahead or self._replaying)

    def learn(self, visibility: str) -> None:
        """Take what the database says at first; from then on the room's own events say it."""
        self._visibility = self._visibility or visibility

    def expect(self, reader: Reader) -> None:
        """Stay open for a reader that is still reading what it has not had."""
        self.detach(reader)
        self._replaying.add(reader)

    def attach(self, reader: Reader, had: int) -> None:
        """Send this reader everything after `had`, which the tail has passed."""
        self._replaying.discard(reader)
        if self._pending:
            self._ahead[reader] = had
        else:
            self._join(reader)

    def _join(self, reader: Reader) -> None:
        self._readers[reader] = reader.outlet
        self._outlets = None

    def detach(self, reader: Reader) -> None:
        """Stop sending to this reader, also what is just going out."""
        self._replaying.discard(reader)
        self._ahead.pop(reader, None)
        if self._readers.pop(reader, None) is not None:
            self._outlets = None
            self._left.add(reader.outlet)

    def emit(self, events: Sequence[Encoded]) -> None:
        """Take the next events of the tail. When it returns, what changes who may read has been applied."""
        for item in events:
            self._pending.append(item)
            if self._is_barrier(item.event):
                self._drain()
                self._apply(item.event)
        if self._pending:
            self._soon()

    def restart(self) -> None:
        """The log is another one: what waits is dropped, and everybody goes back to the door."""
        self._pending.clear()
        self._round = None
        self._put_out([*self._readers, *self._ahead, *self._replaying])

    def _is_barrier(self, event: Event) -> bool:
        return event.type == "MemberRemoved" or (event.type == "RoomChanged" and "visibility" in event.body)

    def _apply(self, event: Event) -> None:
        """Put out who may not read on; who still may comes back through the door, where access is checked."""
        everybody = [*self._readers, *self._ahead, *self._replaying]
        if event.type == "RoomChanged":
            self._visibility = event.body["visibility"]
            self._put_out(everybody)
        elif self._visibility in {"members", None}:
            gone = UUID(event.body["user_id"])
            self._put_out([reader for reader in everybody if reader.user_id == gone])

    def _put_out(self, readers: Sequence[Reader]) -> None:
        payload = msgspec.json.encode(ResyncRequired(self.room))
        for reader in readers:
            self.detach(reader)
            reader.forget(self.room)
            reader.outlet.write([payload], joined([payload]))

    def _soon(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Write one slice; the rest in the loop's next turns."""
        self._scheduled = False
        self._round = self._round or self._rounds()
        if next(self._round, True):
            self._round = None
        if self._round or self._pending:
            self._soon()

    def _drain(self) -> None:
        """Write everything there is, now."""
        for _ in self._round or ():
            pass
        for _ in self._rounds():
            pass
        self._round = None

    def _rounds(self) -> Iterator[None]:
        """Give all pending events to all readers; yields after each slice but the last.

        Who leaves meanwhile gets no more of it; who comes back has read it from the log.
        """
        events, self._pending = self._pending, []
        if not events:
            return
        payloads = [item.payload for item in events]
        frames, outlets = joined(payloads), self._line()
        self._catch_up(events)
        self._left.clear()
        started = perf_counter()
        for start in range(0, len(outlets), limits.FANOUT_SLICE):
            if start:
                yield
            part = outlets[start : start + limits.FANOUT_SLICE]
            write_to_all([it for it in part if it not in self._left] if self._left else part, payloads, frames)
        fanout_seconds.observe(perf_counter() - started)

    def _line(self) -> tuple[Outlet, ...]:
        if self._outlets is None:
            self._outlets = tuple(self._readers.values())
        return self._outlets

    def _catch_up(self, events: Sequence[Encoded]) -> None:
        """Give those ahead what they have not had; from now on they are as the others."""
        for reader, had in self._ahead.items():
            rest = [item.payload for item in events if item.event.seq > had]
            if rest:
                reader.outlet.write(rest, joined(rest))
            self._join(reader)
        self._ahead.clear()


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

    def restart(self) -> None:
        """Begin all rooms anew, with tails (and their rings) of the log as it is now."""
        for channel in list(self._open.values()):
            channel.restart()

    def leave(self, reader: Reader, room: UUID) -> None:
        """Take a reader out; an empty channel is closed."""
        channel = self._open.get(room)
        if channel is not None:
            channel.detach(reader)
            if not channel:
                self._tails.close(room)
                del self._open[room]
