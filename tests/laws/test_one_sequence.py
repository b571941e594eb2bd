"""One room, one sequence: whoever reads, wherever, however often they come back."""

import asyncio
import random
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.base.db import Database
from hub.log.append import New, append, lock_rooms
from hub.log.feed import moved_since
from hub.log.log import RoomLog
from hub.wire.events import OwnerChanged
from tests.laws import whole
from tests.plant.live import Live
from tests.plant.processes import Hubs

READERS = 8
WRITERS = 4
EACH = 120


async def _post(hubs: Hubs, name: str, room: str, key: str, content: str) -> dict[str, object]:
    client = await hubs.client(name)
    answer = await client.post(f"/api/rooms/{room}/messages", json={"content": content, "client_msg_id": key})
    assert answer.status_code < 500, answer.text
    return {"status": answer.status_code, **answer.json()}


async def test_the_same_key_is_the_same_event_over_both_hubs(hubs: Hubs, database: Database) -> None:
    room, rounds = await hubs.open_room("lin"), 100
    await _post(hubs, "wang", room, f"joining-{room}", f"here {room}")
    head = (await whole.heads(database, [room]))[room]
    reused = 0
    for number in range(rounds):
        key = f"same-{number}"
        bodies = [f"one {key}"] * 6 if number % 2 else [f"one {key}", f"two {key}"] * 3
        answers = await asyncio.gather(*(_post(hubs, "wang", room, key, body) for body in bodies))
        good = [answer for answer in answers if "seq" in answer]
        assert len({(answer["seq"], answer["message_id"]) for answer in good}) == 1
        assert sum(not answer.get("duplicate") for answer in good) == 1
        assert len(good) == (6 if number % 2 else 3)
        late = await _post(hubs, "wang", room, key, f"three {key}")
        others = [answer for answer in [*answers, late] if "seq" not in answer]
        assert all((answer["status"], answer["code"]) == (409, "key_reused") for answer in others)
        reused += len(others)
    print(f"\n{rounds} keys, {rounds * 7} posts over two hubs, {reused} refused as key_reused")
    assert (await whole.heads(database, [room]))[room] == head + rounds
    assert await whole.count(database, {}) == whole.Count()
    assert reused >= rounds


class Reader:
    """Follows a room and comes back from its last seq again and again."""

    def __init__(self, hubs: Hubs, room: str, name: str):
        self.seen: list[tuple[int, str, object]] = []
        self.returns = 0
        self.over = asyncio.Event()
        self._hubs = hubs
        self._room = room
        self._name = name
        self._chance = random.Random(hubs.chance.random())

    async def run(self, last: "asyncio.Future[int]") -> None:
        while not (last.done() and self.seen and self.seen[-1][0] >= last.result()):
            live = await self._hubs.live(self._name)
            after = self.seen[-1][0] if self.seen else 0
            assert (await live.subscribe(self._room, after))["op"] == "caught_up"
            await self._some_time(live, last)
            await (live.cut() if self._chance.random() < 0.5 else live.close())
            self.seen += [(it["seq"], it["type"], it["body"].get("message", {})) for it in live.events(self._room)]
            self.returns += 1

    async def _some_time(self, live: Live, last: "asyncio.Future[int]") -> None:
        if not last.done():
            return await asyncio.sleep(self._chance.random() * 0.5)
        await live.until(lambda: self._end(live) >= last.result())

    def _end(self, live: Live) -> int:
        return max([seq for seq, _, _ in self.seen] + live.seqs(self._room), default=0)


async def test_every_reader_sees_the_same_sequence(hubs: Hubs, database: Database) -> None:
    room = await hubs.open_room("lin")
    last: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    readers = [Reader(hubs, room, name) for name in ("admin", "lin", "wang", "chen") * (READERS // 4)]

    async def write(writer: int, name: str) -> None:
        for number in range(EACH):
            assert "seq" in await _post(hubs, name, room, f"w{writer}-{number}", f"w{writer}-{number}")
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as group:
        for reader in readers:
            group.create_task(reader.run(last))
        async with asyncio.TaskGroup() as writing:
            for writer, name in enumerate(("lin", "wang", "chen", "admin")[:WRITERS]):
                writing.create_task(write(writer, name))
        last.set_result((await whole.heads(database, [room]))[room])
    returns = sum(reader.returns for reader in readers)
    print(f"\n{READERS} readers came back {returns} times and each saw 1..{last.result()}")
    for reader in readers:
        assert [seq for seq, _, _ in reader.seen] == list(range(1, last.result() + 1))
        assert reader.seen == readers[0].seen
    assert last.result() >= WRITERS * EACH
    assert returns >= READERS * 4


async def test_a_transaction_held_open_hides_nothing(hubs: Hubs, database: Database, room_log: RoomLog) -> None:
    held, *others = [await hubs.open_room("lin") for _ in range(5)]
    for room in (held, *others):
        await _post(hubs, "wang", room, f"joining-{room}", f"here {room}")
    async with database.reading() as conn:
        cursor = (await moved_since(conn, "0")).cursor
    moved: dict[str, int] = {}
    seen: list[int] = []
    async with await hubs.live("chen") as chen:
        await chen.subscribe(held)
        writing = asyncio.create_task(_hold(room_log, held, 2.0))
        for number in range(20):
            for room in others:
                await _post(hubs, "wang", room, f"{room}-{number}", f"{room}-{number}")
            cursor = await _read_feed(database, cursor, moved)
            seen += await _resume(hubs, held, seen[-1] if seen else 0)
            await asyncio.sleep(0.1)
        assert held not in moved or writing.done()
        seq = await writing
        await asyncio.sleep(0.1)
        await _read_feed(database, cursor, moved)
        seen += await _resume(hubs, held, seen[-1])
        heads = await whole.heads(database, [held, *others])
        await chen.until(lambda: chen.seqs(held)[-1] == seq)
        print(f"\nheld 2 s while {20 * len(others)} messages passed; feed told {len(moved)} rooms, reader saw {seen}")
        assert chen.seqs(held) == seen == list(range(1, seq + 1))
        assert moved == heads
        assert heads[held] == seq


async def _hold(log: RoomLog, room: str, seconds: float) -> int:
    """Append first, commit late."""
    async with log.db.transaction() as tx:
        await lock_rooms(tx, [UUID(room)])
        rows = await append(tx, log.bell, log.timeline, [New(UUID(room), None, OwnerChanged(None))])
        await asyncio.sleep(seconds)
    return rows[0].seq


async def _read_feed(database: Database, cursor: str, moved: dict[str, int]) -> str:
    async with database.reading() as conn:
        found = await moved_since(conn, cursor)
    moved |= {str(room): seq for room, seq in found.rooms.items()}
    return found.cursor


async def _resume(hubs: Hubs, room: str, after: int) -> list[int]:
    client = await hubs.client("chen")
    page = (await client.get(f"/api/rooms/{room}/events", params={"after_seq": after})).raise_for_status().json()
    return [event["seq"] for event in page["events"]]


@pytest.mark.parametrize("change", ["UPDATE room_events SET seq = seq + 1", "DELETE FROM room_events"])
async def test_what_is_logged_stays(hubs: Hubs, database: Database, change: str) -> None:
    room = await hubs.open_room("lin")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.engine.begin() as conn:
            await conn.execute(text(f"{change} WHERE room_id = :room"), {"room": room})
    assert await whole.count(database, {}) == whole.Count()
