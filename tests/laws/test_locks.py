"""What the room's lock is for: nobody speaks in a room they have left, and nobody waits who need not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text, update

from hub.alarms.policy import grouping_key
from hub.base.db import Database, Tx
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.rooms import queries
from hub.rooms.groups import lock_groups
from hub.rooms.lifecycle import actions
from hub.rooms.tables import room_members
from hub.wire.events import MemberRemoved
from tests.laws import whole
from tests.plant.people import People
from tests.plant.processes import HubProcess, Hubs

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%post_message%'
"""


@asynccontextmanager
async def locked(log: RoomLog, room: str) -> AsyncIterator[Tx]:
    """Hold a room's row lock; commits at the end."""
    async with log.db.transaction() as tx:
        await lock_rooms(tx, [UUID(room)])
        yield tx


async def _post(client: httpx.AsyncClient, room: str, content: str) -> httpx.Response:
    return await client.post(f"/api/rooms/{room}/messages", json={"content": content})


async def _until_waiting(database: Database) -> None:
    """Until a hub's batch waits for the lock."""
    async with asyncio.timeout(5):
        while not await whole.scalar(database, WAITING):  # noqa: ASYNC110 - the database does not tell us
            await asyncio.sleep(0.02)


async def _remove_chen(log: RoomLog, tx: Tx, room: UUID, people: People) -> None:
    rows = await log.append(tx, [New(room, people["lin"], MemberRemoved(people["chen"]))])
    present = (room_members.c.room_id == room) & (room_members.c.user_id == people["chen"])
    await tx.execute(update(room_members).where(present).values(to_seq=rows[0].seq))


async def _close(log: RoomLog, tx: Tx, room: UUID, people: People) -> None:
    row = await queries.room_for(tx.conn, people.actor("admin"), room)
    await actions.set_status(log, tx, row, "false_alarm", people["lin"])


Change = Callable[[RoomLog, Tx, UUID, People], Awaitable[None]]


@pytest.mark.parametrize(
    ("change", "code"), [(_remove_chen, "not_found"), (_close, "room_closed")], ids=["member_removed", "room_closed"]
)
async def test_a_change_made_while_a_batch_waits_is_respected(
    hubs: Hubs, database: Database, room_log: RoomLog, people: People, change: Change, code: str
) -> None:
    refused, rounds = 0, 6
    for _ in range(rounds):
        room = await hubs.open_room("lin", visibility="members")
        lin, chen = await hubs.client("lin"), await hubs.client("chen")
        (await lin.post(f"/api/rooms/{room}/members", json={"user_id": str(people["chen"])})).raise_for_status()
        (await _post(chen, room, f"still in {room}")).raise_for_status()
        async with locked(room_log, room) as tx:
            posts = [asyncio.create_task(_post(chen, room, f"too late {number}")) for number in range(5)]
            await _until_waiting(database)
            await change(room_log, tx, UUID(room), people)
        head = (await whole.heads(database, [room]))[room]
        for answer in await asyncio.gather(*posts):
            assert (answer.status_code, answer.json().get("code")) == (404 if code == "not_found" else 409, code)
            refused += 1
        assert (await whole.heads(database, [room]))[room] == head
    late = await whole.scalar(database, "SELECT count(*) FROM messages WHERE content LIKE 'too late%'")
    print(f"\n{refused} posts waited for the lock and were refused, {late} were stored")
    assert late == 0
    assert refused >= rounds * 5


async def test_a_slow_action_stops_nobody_else(hubs: Hubs, database: Database, room_log: RoomLog) -> None:
    slow, *rooms = [await hubs.open_room("wang") for _ in range(6)]
    hub: HubProcess = hubs.any()
    wang = await hubs.client("wang", hub)
    longest, posted = 0.0, 0
    async with locked(room_log, slow):
        waiting = asyncio.create_task(_post(wang, slow, "waits"))
        await _until_waiting(database)
        for number in range(60):
            started = monotonic()
            (await _post(wang, rooms[number % 5], f"passes {number}")).raise_for_status()
            longest, posted = max(longest, monotonic() - started), posted + 1
            if number % 10 == 0:
                await asyncio.sleep(0.1)
        assert not waiting.done()
    first = (await waiting).raise_for_status().json()
    print(f"\n{posted} messages passed a room that was locked, the longest in {longest * 1000:.0f} ms")
    assert longest < 1.0
    assert posted >= 60
    assert first["seq"] == (await whole.heads(database, [slow]))[slow]


def _raise_and_clear(keys: list[str], number: int) -> dict[str, Any]:
    return {
        "observations": [
            {
                "source": f"line-{key}",
                "key": key,
                "machine": f"M-{key}",
                "active": number % 2 == 0,
                "severity": "high",
                "value": number,
            }
            for key in keys
        ]
    }


async def test_batches_in_opposite_order_never_deadlock(hubs: Hubs, database: Database, people: People) -> None:
    one, other = hubs.all
    answered = 0

    async def report(hub: HubProcess, keys: list[str]) -> None:
        nonlocal answered
        async with hub.client(people.token) as gateway:
            for number in range(60):
                answer = await gateway.post("/api/alarms", json=_raise_and_clear(keys, number))
                assert answer.status_code == 200, answer.text
                answered += len(answer.json()["results"])

    keys = ["A", "B", "C", "D"]
    async with asyncio.TaskGroup() as group:
        for hub, order in ((one, keys), (other, keys[::-1]), (one, keys[::-1]), (other, keys)):
            group.create_task(report(hub, order))
    inbox = await whole.scalar(database, "SELECT count(*) FROM alarm_inbox WHERE source_id LIKE 'line-%'")
    dead = await _deadlocks(database)
    print(f"\n{answered} observations answered in opposite orders, {inbox} in the inbox, {dead} deadlocks")
    assert dead == 0
    assert inbox == answered >= 960
    assert await whole.count(database, {}) == whole.Count()


async def test_a_batch_waits_out_a_lock_held_for_longer_than_the_timeout(
    hubs: Hubs, database: Database, people: People
) -> None:
    batch = _raise_and_clear(["P"], 0)
    async with hubs.any().client(people.token) as gateway:
        async with database.transaction() as tx:
            await lock_groups(await tx.driver(), [grouping_key("line-P", None, None, "M-P", "machine")])
            waiting = asyncio.create_task(gateway.post("/api/alarms", json=batch))
            await asyncio.sleep(3)
            assert not waiting.done()
        answer = await waiting
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"][0]["outcome"] == "opened"


async def _deadlocks(database: Database) -> int:
    """Deadlocks of this database, after every backend has told its statistics (at most once a second)."""
    await asyncio.sleep(1.2)
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    async with database.reading() as conn:
        await conn.execute(text("SELECT pg_stat_force_next_flush()"))
        return int(await conn.scalar(text(query)) or 0)


async def test_a_removed_member_gets_nothing_more(hubs: Hubs, database: Database, people: People) -> None:
    told, rounds = 0, 10
    for number in range(rounds):
        room = await hubs.open_room("lin", visibility="members")
        lin, chen = await hubs.client("lin"), str(people["chen"])
        (await lin.post(f"/api/rooms/{room}/members", json={"user_id": chen})).raise_for_status()
        for count in range(20):
            (await _post(lin, room, f"before {number}-{count}")).raise_for_status()
        async with await hubs.live("chen", hubs.all[0]) as here, await hubs.live("chen", hubs.all[1]) as there:
            await here.subscribe(room)
            entering = asyncio.create_task(there.subscribe(room))  # goes on while chen is put out
            (await lin.delete(f"/api/rooms/{room}/members/{chen}")).raise_for_status()
            removed = (await whole.heads(database, [room]))[room]
            for count in range(10):
                (await _post(lin, room, f"secret {number}-{count}")).raise_for_status()
            await entering
            await here.wait_for("resync_required", room=room)
            error = await here.subscribe(room, removed)
            assert (error["op"], error["code"]) == ("error", "not_found")
            for live in (here, there):
                assert max(live.seqs(room), default=0) <= removed
                assert "secret" not in str(live.frames)
                told += len(live.seqs(room))
        client = await hubs.client("chen")
        for path in ("", "/snapshot", "/events", "/messages", "/members"):
            assert (await client.get(f"/api/rooms/{room}{path}")).status_code == 404
    print(f"\n{rounds} removals; {told} events before them, none after")
    assert told >= rounds * 20
