"""One room's sockets in this process. Follows the room's tail and writes each event once for all.

Frames of one loop tick are joined into one write per socket, but never across an event that changes who may read.
A big room is written in slices, in turns.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from uuid import UUID

import msgspec

from hub.base.telemetry import fanout_seconds
from hub.live.outlet import frame, joined, write_to_all
from hub.live.slice import Reader, Slice
from hub.log.tail import Encoded, Tail, Tails
from hub.wire import limits
from hub.wire.frames import ResyncRequired
from hub.wire.views import Event

Watch = Callable[[UUID, Sequence[Encoded]], None]


class RoomChannel:
    """The readers of a room, in slices. `_pending` are the events that some slice has not had."""

    def __init__(self, room: UUID, watch: Watch | None = None):
        self.room = room
        self.tail: Tail | None = None
        self._watch = watch
        self._visibility: str | None = None
        self._slices: list[Slice] = []
        self._slice_of: dict[Reader, Slice] = {}
        self._replaying: set[Reader] = set()
        self._pending: list[Encoded] = []
        self._since = 0.0
        self._scheduled = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def __bool__(self) -> bool:
        return bool(self._slice_of or self._replaying)

    def __len__(self) -> int:
        return len(self._slice_of)

    def learn(self, visibility: str) -> None:
        """Take what the database says at first; from then on the room's own events say it."""
        self._visibility = self._visibility or visibility

    def expect(self, reader: Reader) -> None:
        """Stay open for a reader that is still reading what it has not had."""
        self.detach(reader)
        self._replaying.add(reader)

    def attach(self, reader: Reader, had: int) -> None:
        """Send this reader everything after `had`: all that the tail has passed, or what still waits here."""
        self.detach(reader)
        free = (part for part in self._slices if len(part.readers) < limits.FANOUT_SLICE)
        part = next(free, None)
        if part is None:
            before = self._pending[0].event.seq - 1 if self._pending else had
            self._slices.append(part := Slice(min(had, before)))
        part.attach(reader, had)
        self._slice_of[reader] = part

    def detach(self, reader: Reader) -> None:
        """Stop sending to this reader."""
        self._replaying.discard(reader)
        part = self._slice_of.pop(reader, None)
        if part is not None:
            part.detach(reader)
            if not part.readers:
                self._slices.remove(part)

    def emit(self, events: Sequence[Encoded]) -> None:
        """Take the next events of the tail. When it returns, what changes who may read has been applied."""
        if not self._pending:
            self._since = perf_counter()
        for item in events:
            self._pending.append(item)
            if self._is_barrier(item.event):
                for part in self._behind():
                    self._write(part)
                self._apply(item.event)
        if self._watch is not None:
            self._watch(self.room, events)
        self._settle()

    async def signal(self, payload: bytes) -> None:
        """Send a signal to everybody in the channel now, a slice in each of the loop's turns."""
        frames = frame(payload)
        for part in list(self._slices):
            write_to_all(list(part.readers.values()), [payload], frames)
            await asyncio.sleep(0)

    def restart(self) -> None:
        """The log is another one: what waits is dropped, and everybody goes back to the door."""
        self._pending.clear()
        self._put_out([*self._slice_of, *self._replaying])

    def _is_barrier(self, event: Event) -> bool:
        return event.type == "MemberRemoved" or (
            event.type == "RoomChanged" and bool({"visibility", "line"} & event.body.keys())
        )

    def _apply(self, event: Event) -> None:
        """Put out who may not read on; who still may comes back through the door, where access is checked."""
        everybody = [*self._slice_of, *self._replaying]
        if event.type == "RoomChanged":
            self._visibility = event.body.get("visibility", self._visibility)
            self._put_out(everybody)
        elif self._visibility != "plant":
            gone = UUID(event.body["user_id"])
            self._put_out([reader for reader in everybody if reader.user_id == gone])

    def _put_out(self, readers: Iterable[Reader]) -> None:
        payload = msgspec.json.encode(ResyncRequired(self.room))
        for reader in readers:
            self.detach(reader)
            reader.forget(self.room)
            reader.outlet.write([payload], joined([payload]))

    def _turn(self) -> None:
        """Write to the slice that has waited longest; the others have theirs in the loop's next turns."""
        self._scheduled = False
        part = min(self._behind(), key=lambda it: it.sent, default=None)
        if part is not None:
            self._write(part)
        self._settle()

    def _behind(self) -> list[Slice]:
        last = self._pending[-1].event.seq if self._pending else 0
        return [part for part in self._slices if part.sent < last]

    def _write(self, part: Slice) -> None:
        part.write(self._pending[max(0, part.sent + 1 - self._pending[0].event.seq) :])

    def _settle(self) -> None:
        """Forget what everybody has had; if somebody has not, go on in the loop's next turn."""
        if self._behind():
            had = min(part.sent for part in self._slices)
            del self._pending[: max(0, had + 1 - self._pending[0].event.seq)]
            if not self._scheduled:
                self._scheduled = True
                self._loop = self._loop or asyncio.get_running_loop()  # once: it costs a system call
                self._loop.call_soon(self._turn)
        elif self._pending:
            self._pending.clear()
            fanout_seconds.observe(perf_counter() - self._since)


class Channels:
    """Channels of all rooms followed in this process."""

    def __init__(self, tails: Tails):
        self._tails = tails
        self._open: dict[UUID, RoomChannel] = {}
        self._watch: Watch | None = None

    def watch(self, watch: Watch) -> None:
        """Call `watch(room, events)` for what is sent to followers; it must not block."""
        self._watch = watch

    def followers(self, room: UUID) -> int:
        """How many sockets of this process follow a room."""
        return len(self._open.get(room, ()))

    def rooms(self) -> dict[UUID, int]:
        """All rooms followed in this process, with their followers."""
        return {room: len(channel) for room, channel in self._open.items()}

    async def signal(self, room: UUID, payload: bytes) -> bool:
        """Send a signal to a room's followers; False when there are none in this process."""
        channel = self._open.get(room)
        if channel is not None:
            await channel.signal(payload)
        return channel is not None

    def enter(self, reader: Reader, room: UUID) -> RoomChannel:
        """Return the room's channel, which stays open for this reader until it leaves or is put out."""
        channel = self._open.setdefault(room, RoomChannel(room, self._watch))
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
