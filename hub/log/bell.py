"""Hints: «room R is at seq N». Lossy by design; the slow poll finds what a lost hint left out within a second.

One listener connection per process, and NOTIFY on a connection of its own after COMMIT: inside the write transaction
it would take a lock on the whole database at every commit. Whoever listens says so each second; a process that hears
nobody but itself sends nothing, so a plant with one hub pays no transaction for hints. Signals (`signals.py`) ride on
the same two connections.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
import stamina

from hub.base.db import Database, passing
from hub.base.telemetry import logger

CHANNEL = "andon_bell"
NOTIFY = f"SELECT pg_notify('{CHANNEL}', $1)"
CARRY = "SELECT pg_notify($1, $2)"
HERE = f"SELECT pg_notify('{CHANNEL}', $1) AS here"
PER_NOTIFY = 100
PAUSE_SECONDS = 0.01  # what moves within it is told to the other processes together
HERE_SECONDS = 1.0
GONE_SECONDS = 3.5
log = logger("bell")
Listener = Callable[[UUID, int], None]


class Rider(Protocol):
    """What rides on the bell's connections, on a NOTIFY channel of its own."""

    channel: str

    def pending(self) -> list[str]:
        """Take what there is to send, in payloads of at most 7,900 bytes."""

    def heard(self, sender: str, payload: str) -> None:
        """Take what another process sent; must not block."""


class Bell:
    """Rings for every room that moved, in this process and in the others."""

    def __init__(self, db: Database):
        self._db = db
        self._listeners: list[Listener] = []
        self._pending: dict[UUID, int] = {}
        self._wake = asyncio.Event()
        self.name = uuid4().hex  # in front of what this process sends
        self._riders: dict[str, Rider] = {}
        self._others: dict[str, float] = {}
        self._newcomer = asyncio.Event()

    def listen(self, listener: Listener) -> None:
        """Call `listener(room, seq)` at every ring, from whichever process; it must not block."""
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        """Call this listener no more."""
        self._listeners.remove(listener)

    @property
    def alone(self) -> bool:
        """Whether no other process listens: what would be sent to them need not be."""
        return not self._others

    @property
    def hubs(self) -> int:
        """How many hub processes live, this one among them; one that was killed counts for at most 4.5 s more."""
        return 1 + len(self._others)

    def carry(self, rider: Rider) -> None:
        """Send and hear this rider's channel too; before the bell's tasks run."""
        self._riders[rider.channel] = rider

    def wake(self) -> None:
        """A rider has something to send."""
        self._wake.set()

    def ring(self, room: UUID, seq: int) -> None:
        """Tell this process at once and the others soon."""
        if self._others:
            self._pending[room] = max(seq, self._pending.get(room, 0))
            self._wake.set()
        self._tell(room, seq)

    def _tell(self, room: UUID, seq: int) -> None:
        for listener in list(self._listeners):
            listener(room, seq)

    async def run_sender(self) -> None:
        """Send pending hints, joined, for the life of the process."""
        while True:
            async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                with attempt:
                    await self._send_on(await self._db.connect())

    async def _send_on(self, conn: "asyncpg.Connection[asyncpg.Record]") -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                hints, self._pending = list(self._pending.items()), {}
                for start in range(0, len(hints), PER_NOTIFY):
                    await self._send(conn, hints[start : start + PER_NOTIFY])
                for rider in self._riders.values():
                    for payload in rider.pending():
                        await conn.execute(CARRY, rider.channel, f"{self.name} {payload}")
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await _closed(conn)

    async def _send(self, conn: "asyncpg.Connection[asyncpg.Record]", hints: list[tuple[UUID, int]]) -> None:
        await conn.execute(NOTIFY, " ".join([self.name, *(f"{room}:{seq}" for room, seq in hints)]))

    async def run_listener(self) -> None:
        """Hear the other processes, for the life of the process; reconnect when the connection is lost."""
        while True:
            async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                with attempt:
                    await self._listen_on(await self._db.connect())

    async def _listen_on(self, conn: "asyncpg.Connection[asyncpg.Record]") -> None:
        lost = asyncio.Event()
        conn.add_termination_listener(lambda _: lost.set())
        try:
            for channel in (CHANNEL, *self._riders):
                await conn.add_listener(channel, self._heard)
            while not lost.is_set():
                await conn.execute(HERE, self.name)
                self._newcomer.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._newcomer.wait(), HERE_SECONDS)
                self._others = {name: at for name, at in self._others.items() if monotonic() - at < GONE_SECONDS}
            log.warning("bell_listener_lost")
        finally:
            await _closed(conn)

    def _heard(self, _conn: Any, _pid: int, channel: str, payload: object) -> None:
        sender, _, told = str(payload).partition(" ")
        if sender == self.name:
            return
        if sender not in self._others:
            self._newcomer.set()  # answer at once, so that it knows of this process
        self._others[sender] = monotonic()
        if channel != CHANNEL:
            return self._riders[channel].heard(sender, told)
        for hint in told.split():
            room, _, seq = hint.partition(":")
            self._tell(UUID(room), int(seq))


async def _closed(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    with suppress(Exception):  # it is given up, in whatever state it is
        await conn.close(timeout=1)
