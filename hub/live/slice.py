"""A part of a room's sockets that is written to at once; between two slices the loop serves others.

Each slice has its own place in the log. What is committed while the others are written goes out with this one's next
turn, so no event waits for a whole round to end before its own begins.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from hub.live.outlet import Outlet, joined, write_to_all
from hub.log.tail import Encoded
from hub.wire import limits


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


class Slice:
    """Readers that have all had the events up to `sent`; who attached since is ahead of the others.

    A turn looks at their outlets alone: in a room of a thousand, every object one touches for each reader is a
    thousand cache misses.
    """

    def __init__(self, sent: int):
        self.sent = sent
        self.readers: dict[Reader, Outlet] = {}
        self._ahead: dict[Reader, int] = {}
        self._outlets: tuple[Outlet, ...] | None = None

    def attach(self, reader: Reader, had: int) -> None:
        """Send this reader everything after `had`, which is not before `sent`."""
        self.readers[reader] = reader.outlet
        if had > self.sent:
            self._ahead[reader] = had
        self._outlets = None

    def detach(self, reader: Reader) -> None:
        """Send nothing more to this reader."""
        self.readers.pop(reader, None)
        self._ahead.pop(reader, None)
        self._outlets = None

    def write(self, events: Sequence[Encoded]) -> None:
        """Send the events after `sent`; to those ahead only what they have not had."""
        payloads = [item.payload for item in events]
        if self._outlets is None:
            self._outlets = tuple(outlet for reader, outlet in self.readers.items() if reader not in self._ahead)
        write_to_all(self._outlets, payloads, joined(payloads))
        for reader, had in self._ahead.items():
            rest = [item.payload for item in events if item.event.seq > had]
            if rest:
                reader.outlet.write(rest, joined(rest))
        self.sent = events[-1].event.seq
        if self._ahead:
            self._ahead.clear()
            self._outlets = None


async def write_in_slices(outlets: Sequence[Outlet], payloads: list[bytes]) -> None:
    """Send the same to many, a slice in each of the loop's turns."""
    frames = joined(payloads)
    for start in range(0, len(outlets), limits.FANOUT_SLICE):
        write_to_all(outlets[start : start + limits.FANOUT_SLICE], payloads, frames)
        await asyncio.sleep(0)
