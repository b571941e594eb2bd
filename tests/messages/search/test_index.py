"""Two hubs keep one index: soon, everything once, and nothing lost with the one that dies."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from hub.base.db import Database, Tx
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.wire.events import MessageEdited
from tests.plant.processes import Hubs
from tests.surfaces.bad import patient

WITHIN = 10.0
ROWS = text("SELECT count(*), coalesce(sum(cardinality(tokens)), 0) FROM message_search WHERE room_id = :room")
UNSEEN = text(
    "SELECT count(*) FROM messages m LEFT JOIN message_search s ON s.message_id = m.message_id "
    "WHERE m.room_id = :room AND m.message_type = 'text' AND s.message_id IS NULL"
)
BEHIND = text(
    "SELECT h.last_seq - coalesce(c.seq, 0) FROM room_heads h LEFT JOIN reader_cursors c "
    "ON c.room_id = h.room_id AND c.reader = 'search' WHERE h.room_id = :room"
)


async def scalar(database: Database, query: Any, **values: Any) -> Any:
    async with database.reading() as conn:
        return await conn.scalar(query, values)


async def soon(true: Callable[[], Awaitable[bool]]) -> float:
    """Seconds until it is true."""
    started = monotonic()
    async with asyncio.timeout(WITHIN):
        while not await true():  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.02)
    return monotonic() - started


async def hits(client: httpx.AsyncClient, room: str, query: str) -> list[str]:
    """Contents found; asks again when it was too fast."""
    answer = await patient(client, f"/api/rooms/{room}/messages/search?q={query}")
    return [hit["message"]["content"] for hit in answer.raise_for_status().json()["hits"]]


async def post(client: httpx.AsyncClient, room: str, content: str) -> str:
    answer = await client.post(f"/api/rooms/{room}/messages", json={"content": content})
    return str(answer.raise_for_status().json()["message_id"])


async def edit(log: RoomLog, room: UUID, message: UUID, content: str) -> None:
    """Another wording, as the action of editing leaves it."""

    async def change(tx: Tx) -> None:
        await lock_rooms(tx, [room])
        await log.append(tx, [New(room, None, MessageEdited(message, 2))])
        values = {"id": message, "content": content}
        await tx.execute(text("UPDATE messages SET content = :content WHERE message_id = :id"), values)

    await log.act(change)


async def test_posted_edited_and_deleted_reach_the_index_soon(hubs: Hubs, room_log: RoomLog) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "真空吸嘴堵塞")
    posted = await soon(lambda: _finds(wang, room, "吸嘴", ["真空吸嘴堵塞"]))
    await edit(room_log, UUID(room), UUID(message), "真空幫浦堵塞")
    edited = await soon(lambda: _finds(wang, room, "幫浦", ["真空幫浦堵塞"]))
    assert await hits(wang, room, "吸嘴") == []
    await wang.delete(f"/api/messages/{message}")
    assert await hits(wang, room, "幫浦") == []
    assert (
        await scalar(room_log.db, text("SELECT count(*) FROM message_search WHERE message_id = :id"), id=message) == 0
    )
    print(f"\nfound {posted:.2f} s after the post, {edited:.2f} s after the edit, gone with the answer of the deletion")
    assert max(posted, edited) < WITHIN


async def _finds(client: httpx.AsyncClient, room: str, query: str, contents: list[str]) -> bool:
    await asyncio.sleep(0.1)
    return await hits(client, room, query) == contents


async def test_two_hubs_index_each_message_once(hubs: Hubs, room_log: RoomLog, database: Database) -> None:
    room = await hubs.open_room("lin")
    clients = [await hubs.client("wang", hub) for hub in hubs.all]
    await soon(lambda: _nothing_behind(database, room))  # its title
    before = await _indexed(hubs)
    await asyncio.gather(*(post(clients[number % 2], room, f"批號 LOT-{number:04}") for number in range(200)))
    took = await soon(lambda: _nothing_behind(database, room))
    after = await _indexed(hubs)
    shares = [now - then for then, now in zip(before, after, strict=True)]
    print(f"\n200 posts over two hubs indexed {took:.2f} s after the last; each hub's share {shares}")
    assert sum(after) - sum(before) == 200
    assert await scalar(database, ROWS, room=room) == 200 + 1


async def _indexed(hubs: Hubs) -> list[int]:
    found = []
    for hub in hubs.all:
        metrics = (await (await hubs.client("lin", hub)).get("/metrics")).text
        found.append(int(float(metrics.partition("\nsearch_indexed_total ")[2].split()[0])))
    return found


async def _nothing_behind(database: Database, room: str) -> bool:
    return bool(await scalar(database, BEHIND, room=room) == 0)


async def test_killing_the_hub_that_indexes_loses_nothing(hubs: Hubs, database: Database) -> None:
    """Whoever holds the work is killed in the middle of it; the other, and the one that comes back, go on."""
    room = await hubs.open_room("lin")
    for turn in range(3):
        victim = hubs.all[turn % 2]
        client = await hubs.client("wang", hubs.all[(turn + 1) % 2])
        posting = asyncio.gather(*(post(client, room, f"第 {turn} 輪 LOT-{turn}{number:03}") for number in range(150)))
        await asyncio.sleep(hubs.chance.random() * 0.4)
        victim.kill()
        await posting
        await victim.restart()
    await soon(lambda: _nothing_behind(database, room))
    assert await scalar(database, UNSEEN, room=room) == 0
    assert await scalar(database, ROWS, room=room) == 3 * 150 + 1
