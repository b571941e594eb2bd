"""Following a room from within the hub, and the cursors of readers that outlive a process."""

import asyncio
from contextlib import aclosing
from uuid import UUID

from hub.base.db import Database
from hub.log import cursors
from hub.log.follow import follow
from hub.log.log import RoomLog
from tests.plant.processes import Hubs

POSTS = 60


async def _post(hubs: Hubs, room: str, number: int) -> None:
    client = await hubs.client("wang")
    (await client.post(f"/api/rooms/{room}/messages", json={"content": f"message {number}"})).raise_for_status()


async def test_a_follower_gets_every_event_once_whoever_writes(hubs: Hubs, room_log: RoomLog) -> None:
    room = await hubs.open_room("wang")
    seen: list[int] = []

    async def read() -> None:
        async with aclosing(follow(room_log, UUID(room), after=2)) as events:
            async for event in events:
                seen.append(event.seq)
                if event.seq == POSTS + 2:
                    return

    reader = asyncio.create_task(read())
    await asyncio.gather(*(_post(hubs, room, number) for number in range(POSTS)))
    await asyncio.wait_for(reader, 20)
    assert seen == list(range(3, POSTS + 3))


async def test_a_lost_ring_costs_a_second(hubs: Hubs, room_log: RoomLog) -> None:
    """The listener is deaf; the poll finds the event."""
    room = await hubs.open_room("wang")
    async with aclosing(follow(room_log, UUID(room))) as events:
        first = [(await anext(events)).seq for _ in range(2)]
        deaf, room_log.bell._listeners = room_log.bell._listeners, []
        try:
            await _post(hubs, room, 1)
            found = await asyncio.wait_for(anext(events), 5)
        finally:
            room_log.bell._listeners = deaf
    assert [*first, found.seq] == [1, 2, 3]


async def test_a_reader_goes_on_where_it_stood_and_never_back(hubs: Hubs, database: Database) -> None:
    room, other = UUID(await hubs.open_room("wang")), UUID(await hubs.open_room("wang"))
    async with database.transaction() as tx:
        assert await cursors.stands_at(tx.conn, "webhook:1", room) == 0
        assert await cursors.behind(tx.conn, "webhook:1", [room, other]) == {room: (0, 2), other: (0, 2)}
        await cursors.advance(tx, "webhook:1", room, 2)
        await cursors.advance(tx, "webhook:1", room, 1)
        assert await cursors.stands_at(tx.conn, "webhook:1", room) == 2
        assert await cursors.stands_at(tx.conn, "webhook:2", room) == 0
        assert await cursors.behind(tx.conn, "webhook:1", [room, other]) == {other: (0, 2)}
