"""Group commit: one bad item never takes the others with it, and a room's items keep their order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from hub.base.supervise import Supervisor
from hub.log.flush import BATCH, Flusher
from hub.wire.problems import Problem

A, B = uuid4(), uuid4()
Item = tuple[UUID, str]


class Rooms:
    """A database of locks alone: who asks for a held room skips it or waits for it."""

    def __init__(self) -> None:
        self.held: set[UUID] = set()
        self.held_once: set[UUID] = set()
        self.stuck: set[UUID] = set()
        self.transactions = 0
        self.changed = asyncio.Condition()
        self.waiting = 0

    async def connect(self) -> "Rooms":
        return self

    def is_closed(self) -> bool:
        return False

    async def lock(self, rooms: set[UUID], *, wait: bool) -> set[UUID]:
        self.transactions += 1
        if wait:
            if self.stuck & rooms:
                raise asyncpg.LockNotAvailableError
            async with self.changed:
                self.waiting += 1
                await self.changed.wait_for(lambda: not self.held & rooms)
                self.waiting -= 1
            await asyncio.sleep(0.005)  # the lane that skips may be faster
        held, self.held_once = self.held | self.held_once, set()
        return rooms if wait else rooms - held

    async def free(self, room: UUID) -> None:
        async with self.changed:
            self.held.discard(room)
            self.changed.notify_all()


class Book:
    """Writes items down; what is `bad` fails the whole batch, what is `refused` is answered alone."""

    def __init__(self) -> None:
        self.written_down: list[str] = []
        self.batches: list[int] = []

    def room(self, item: Item) -> UUID:
        return item[0]

    async def write(self, driver: Any, items: Sequence[Item], *, wait: bool) -> list[int | Problem | None]:
        locked = await driver.lock({room for room, _ in items}, wait=wait)
        names = [name for room, name in items if room in locked]
        self.batches.append(len(names))
        if any(name.startswith("bad") for name in names):
            raise ValueError("no column can hold this")
        return [self._write(name) if room in locked else None for room, name in items]

    def _write(self, name: str) -> int | Problem:
        if name == "refused":
            return Problem("room_closed")
        self.written_down.append(name)
        return len(self.written_down)

    def written(self, items: Sequence[Item], results: Sequence[int | Problem]) -> None:
        pass


class Desk:
    def __init__(self) -> None:
        self.rooms, self.book = Rooms(), Book()
        self.flusher: Flusher[Item, int] = Flusher(self.rooms, self.book)  # type: ignore[arg-type]

    def post(self, room: UUID, *names: str) -> "list[asyncio.Future[int]]":
        return [self.flusher.hand_in((room, name)) for name in names]

    async def until_waiting(self) -> None:
        async with asyncio.timeout(2):
            while not self.rooms.waiting:  # noqa: ASYNC110 - a lock has no event
                await asyncio.sleep(0)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk, supervisor = Desk(), Supervisor()
    supervisor.start("flush", desk.flusher.run)
    supervisor.start("waiting", desk.flusher.run_waiting)
    yield desk
    await supervisor.stop()


async def outcome(tasks: "Sequence[asyncio.Future[int]]") -> list[int | str]:
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    return [result.code if isinstance(result, Problem) else result for result in results]  # type: ignore[misc]


async def test_what_is_pending_goes_in_one_batch(desk: Desk) -> None:
    tasks = desk.post(A, *(f"m{number}" for number in range(BATCH + 10)))
    assert await outcome(tasks) == list(range(1, BATCH + 11))
    assert desk.book.batches == [BATCH, 10]


@pytest.mark.parametrize("place", [0, 3, 7])
async def test_a_bad_item_is_found_by_halving_and_refused_alone(desk: Desk, place: int) -> None:
    names = [f"m{number}" for number in range(8)]
    names[place] = "bad"
    found = await outcome(desk.post(A, *names))
    assert found[place] == "internal"
    assert desk.book.written_down == [name for name in names if name != "bad"]
    assert found.count("internal") == 1


async def test_two_bad_items_take_nobody_with_them(desk: Desk) -> None:
    found = await outcome(desk.post(A, "bad1", "m1", "m2", "bad2"))
    assert found == ["internal", 1, 2, "internal"]


async def test_a_refusal_is_an_answer_and_no_failure(desk: Desk) -> None:
    assert await outcome(desk.post(A, "m1", "refused", "m2")) == [1, "room_closed", 2]
    assert desk.book.batches == [3]


async def test_a_held_room_stops_only_itself_and_keeps_its_order(desk: Desk) -> None:
    desk.rooms.held.add(A)
    first = desk.post(A, "a1", "a2")
    assert await outcome(desk.post(B, "b1")) == [1]
    await desk.until_waiting()
    later = desk.post(A, "a3")
    assert await outcome(desk.post(B, "b2")) == [2]
    await desk.rooms.free(A)
    await outcome([*first, *later, *desk.post(A, "a4")])
    assert desk.book.written_down == ["b1", "b2", "a1", "a2", "a3", "a4"]


async def test_order_is_kept_when_something_bad_was_waiting_too(desk: Desk) -> None:
    desk.rooms.held.add(A)
    bad = desk.post(A, "bad")
    await desk.until_waiting()
    waiting = desk.post(A, "a1", "a2")
    await outcome(desk.post(B, "b1"))
    await desk.rooms.free(A)
    later: list[asyncio.Future[int]] = []
    bad[0].add_done_callback(lambda _: later.extend(desk.post(A, "a3")))
    assert await outcome(bad) == ["internal"]
    await asyncio.sleep(0.01)
    await outcome([*waiting, *later])
    assert desk.book.written_down == ["b1", "a1", "a2", "a3"]


async def test_order_is_kept_when_a_waiting_batch_is_halved(desk: Desk) -> None:
    desk.rooms.held.add(A)
    first = desk.post(A, "a0")
    await desk.until_waiting()
    waiting = desk.post(A, "a1", "bad", "a2", "a3")
    await outcome(desk.post(B, "b1"))
    later: list[asyncio.Future[int]] = []
    waiting[0].add_done_callback(lambda _: later.extend(desk.post(A, "a4")))
    await desk.rooms.free(A)
    await outcome([*first, *waiting])
    await outcome(later)
    assert desk.book.written_down == ["b1", "a0", "a1", "a2", "a3", "a4"]


async def test_a_database_that_is_away_is_told_to_everybody_at_once(desk: Desk) -> None:
    async def away() -> Rooms:
        raise ConnectionRefusedError

    desk.rooms.connect = away  # type: ignore[method-assign]
    assert await outcome(desk.post(A, "m1", "m2")) == ["db_unavailable", "db_unavailable"]


async def test_a_room_held_too_long_takes_no_other_with_it(desk: Desk) -> None:
    desk.rooms.held, desk.rooms.stuck = {A, B}, {A}
    stuck, free = desk.post(A, "a1"), desk.post(B, "b1")
    await desk.until_waiting()
    await desk.rooms.free(B)
    assert await outcome([*stuck, *free]) == ["db_unavailable", 1]


async def test_order_is_kept_when_a_room_is_held_between_two_halves(desk: Desk) -> None:
    write = desk.book.write

    async def held_after_a_failure(driver: Any, items: Sequence[Item], *, wait: bool) -> list[int | Problem | None]:
        try:
            return await write(driver, items, wait=wait)
        except ValueError:
            desk.rooms.held_once = {A} if len(items) == 4 else set()
            raise

    desk.book.write = held_after_a_failure  # type: ignore[method-assign]
    await outcome(desk.post(A, "a1", "a2", "bad", "a3"))
    assert desk.book.written_down == ["a1", "a2", "a3"]


async def test_who_is_in_flight_when_a_lane_dies_is_answered() -> None:
    desk, supervisor = Desk(), Supervisor()
    writing = asyncio.Event()

    async def forever(driver: Any, items: Sequence[Item], *, wait: bool) -> list[int | Problem | None]:
        writing.set()
        await asyncio.Event().wait()
        return []

    desk.book.write = forever  # type: ignore[method-assign]
    supervisor.start("flush", desk.flusher.run)
    tasks = desk.post(A, "m1")
    await writing.wait()
    tasks += desk.post(A, "m2")
    await supervisor.stop()
    assert await outcome([*tasks, *desk.post(A, "m3")]) == ["unavailable"] * 3


async def test_a_dead_waiting_lane_keeps_nobody_waiting() -> None:
    desk, supervisor, waiting = Desk(), Supervisor(), Supervisor()
    supervisor.start("flush", desk.flusher.run)
    waiting.start("waiting", desk.flusher.run_waiting)
    desk.rooms.held.add(A)
    tasks = desk.post(A, "a1")
    await desk.until_waiting()
    await waiting.stop()
    assert await outcome(tasks) == ["unavailable"]
    await supervisor.stop()


async def test_nothing_to_write_opens_no_transaction(desk: Desk) -> None:
    desk.rooms.held.add(A)
    first = desk.post(A, "a1")
    await desk.until_waiting()
    before = desk.rooms.transactions
    later = desk.post(A, "a2")
    await asyncio.sleep(0.01)
    assert desk.rooms.transactions == before
    await desk.rooms.free(A)
    assert await outcome([*first, *later]) == [1, 2]
