"""The fast lane: group commit. Everything pending goes in one transaction and one fsync; no timer.

Rooms that somebody else holds go to a second connection that waits, so a slow action never stops the other rooms.
A failing batch is halved until the bad item stands alone; its caller alone hears of it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from hub.base.db import Again, Database, translated
from hub.base.telemetry import flush_seconds, logger, tx_retries
from hub.wire.problems import Problem

BATCH = 500
TRIES = 5
log = logger("flush")
Item = TypeVar("Item")
Result = TypeVar("Result")
Given = TypeVar("Given", contravariant=True)


class Writer(Protocol[Given, Result]):
    """What is written, as the floor above knows it."""

    def room(self, item: Given) -> UUID:
        """Room of an item."""

    async def write(self, driver: Any, items: Sequence[Given], *, wait: bool) -> list[Result | Problem | None]:
        """Lock the rooms, check and insert, in one transaction; returns after COMMIT.

        One result or refusal for each item, in order. Without `wait`, None for items of rooms that somebody holds.
        """

    def written(self, items: Sequence[Given], results: Sequence[Result | Problem]) -> None:
        """Tell the readers; called after COMMIT."""


class _Pending(Generic[Item, Result]):
    __slots__ = ("done", "item", "room", "waits")

    def __init__(self, item: Item, room: UUID, done: "asyncio.Future[Result]"):
        self.item = item
        self.room = room
        self.waits = False
        self.done = done


class Flusher(Generic[Item, Result]):
    """One per process. `run` and `run_waiting` are its two supervised tasks."""

    def __init__(self, db: Database, writer: Writer[Item, Result]):
        self._db = db
        self._writer = writer
        self._pending: deque[_Pending[Item, Result]] = deque()
        self._waiting: deque[_Pending[Item, Result]] = deque()
        self._held: Counter[UUID] = Counter()  # how many items of a room are on the waiting lane
        self._loop: asyncio.AbstractEventLoop | None = None
        self._dead = False
        self._wake = asyncio.Event()
        self._wake_waiting = asyncio.Event()

    def hand_in(self, item: Item) -> "asyncio.Future[Result]":
        """Hand over an item; done when it is durable, failed with the Problem it was refused with."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()  # once: it costs a system call
        pending: _Pending[Item, Result] = _Pending(item, self._writer.room(item), self._loop.create_future())
        if self._dead:
            pending.done.set_exception(Problem("unavailable"))
            return pending.done
        self._pending.append(pending)
        self._wake.set()
        return pending.done

    async def run(self) -> None:
        """Commit what is pending, for the life of the process."""
        with self._dying():
            await self._serve(self._pending, self._wake, wait=False)

    async def run_waiting(self) -> None:
        """Commit what waits for rooms that somebody held, for the life of the process."""
        with self._dying():
            await self._serve(self._waiting, self._wake_waiting, wait=True)

    @contextmanager
    def _dying(self) -> Iterator[None]:
        """A lane that ends takes nothing more, and leaves nobody waiting for what will not come."""
        try:
            yield
        finally:
            self._dead = True
            left = [*self._pending, *self._waiting]
            self._pending.clear()
            self._waiting.clear()
            self._fail(left, Problem("unavailable"))

    async def _serve(self, queue: deque[_Pending[Item, Result]], wake: asyncio.Event, *, wait: bool) -> None:
        conn = None
        while True:
            await wake.wait()
            wake.clear()
            while queue:
                batch = [queue.popleft() for _ in range(min(len(queue), BATCH))]
                if not wait:
                    batch = self._free(batch)
                if not batch:
                    continue
                if conn is None or conn.is_closed():
                    conn = await self._connected(batch)
                if conn is not None:
                    await self._commit_or_die(conn, batch, wait=wait)

    async def _commit_or_die(self, conn: Any, batch: list[_Pending[Item, Result]], *, wait: bool) -> None:
        try:
            await self._commit(conn, batch, wait=wait)
        except BaseException:
            self._fail(batch, Problem("unavailable"))
            raise

    async def _connected(self, batch: Sequence[_Pending[Item, Result]]) -> Any:
        try:
            return await self._db.connect()
        except Exception as error:
            self._fail(batch, translated(error))
            await asyncio.sleep(0.05)
            return None

    async def _commit(self, conn: Any, batch: list[_Pending[Item, Result]], *, wait: bool) -> None:
        error = await self._tried(conn, batch, wait=wait)
        if error is None:
            return
        parts = _parted(batch, error, wait=wait)
        if len(parts) < 2:
            return self._fail(batch, error)
        for part in parts:  # a room may have come to be held by the part before
            ready = part if wait else self._free(part)
            if ready:
                await self._commit(conn, ready, wait=wait)

    async def _tried(self, conn: Any, batch: list[_Pending[Item, Result]], *, wait: bool) -> BaseException | None:
        """Commit a batch, again after lost races; returns what stood in the way at last."""
        found: BaseException | None = None
        for attempt in range(TRIES):
            if attempt:
                tx_retries.inc()
            try:
                await self._transaction(conn, batch, wait=wait)
                return None
            except Exception as error:
                found = translated(error)
                if not isinstance(found, Again):
                    break
        return found

    async def _transaction(self, conn: Any, batch: list[_Pending[Item, Result]], *, wait: bool) -> None:
        started = perf_counter()
        results = await self._writer.write(conn, [pending.item for pending in batch], wait=wait)
        done = [(pending, result) for pending, result in zip(batch, results, strict=True) if result is not None]
        flush_seconds.observe(perf_counter() - started)
        self._answer(done)
        self._writer.written([pending.item for pending, _ in done], [result for _, result in done])
        self._wait([pending for pending, result in zip(batch, results, strict=True) if result is None])

    def _free(self, batch: list[_Pending[Item, Result]]) -> list[_Pending[Item, Result]]:
        """Send items of rooms that already wait after their predecessors: order per room is kept."""
        if not self._held:
            return batch
        self._wait([pending for pending in batch if pending.room in self._held])
        return [pending for pending in batch if pending.room not in self._held]

    def _wait(self, batch: list[_Pending[Item, Result]]) -> None:
        if batch and self._dead:
            self._fail(batch, Problem("unavailable"))
        elif batch:
            self._held.update(pending.room for pending in batch if not pending.waits)
            for pending in batch:
                pending.waits = True
            self._waiting.extend(batch)
            self._wake_waiting.set()

    def _left(self, batch: Sequence[_Pending[Item, Result]]) -> None:
        """These are settled; a room is free for the quick lane when nothing of it waits any more."""
        waited = [pending.room for pending in batch if pending.waits]
        if waited:
            self._held -= Counter(waited)

    def _answer(self, done: Sequence[tuple[_Pending[Item, Result], Result | Problem]]) -> None:
        self._left([pending for pending, _ in done])
        for pending, result in done:
            if pending.done.done():  # the caller has gone
                continue
            if isinstance(result, Problem):
                pending.done.set_exception(result)
            else:
                pending.done.set_result(result)

    def _fail(self, batch: Sequence[_Pending[Item, Result]], error: BaseException) -> None:
        """Nobody knows whether a lost COMMIT counted: the caller's key settles it when it asks again."""
        if not isinstance(error, Problem):
            log.error("write_failed", error=type(error).__name__)
            error = Problem("internal")
        self._left(batch)
        for pending in batch:
            if not pending.done.done():
                pending.done.set_exception(error)


def _parted(
    batch: list[_Pending[Item, Result]], error: BaseException, *, wait: bool
) -> list[list[_Pending[Item, Result]]]:
    """Smaller batches to try, in order: a room held too long lets the others go, a bad item is found by halving."""
    if isinstance(error, Again) and wait:
        rooms: dict[UUID, list[_Pending[Item, Result]]] = {}
        for pending in batch:
            rooms.setdefault(pending.room, []).append(pending)
        return list(rooms.values())
    middle = len(batch) // 2
    return [batch] if isinstance(error, Problem) or not middle else [batch[:middle], batch[middle:]]
