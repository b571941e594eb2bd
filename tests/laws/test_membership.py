"""Who is removed hears nothing more, and who comes hears nothing of before, whatever happens at once.

People are added and removed, change roles, talk, and rooms close to their members, through two hubs; devices follow,
stop reading, lose their connection and resume by seq at either. Everything that reached anybody, live, replayed, by
snapshot or by REST, is compared with the membership spans the database ended up with.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text
from websockets.exceptions import WebSocketException

from hub.base.db import Database
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs

LOST = (OSError, TimeoutError, WebSocketException, httpx.HTTPError)
OUTSIDERS = ("wang", "chen", "guest")
DEVICES = 2
ROOMS = 6
WORKERS = 6
SPANS = text("SELECT room_id, user_id, from_seq, coalesce(to_seq, 9223372036854775807) FROM room_members")
CLOSED = text(
    "SELECT room_id, max(seq) FROM room_events WHERE type = 'RoomChanged' AND body->>'visibility' = 'members' "
    "GROUP BY room_id"
)


class Tally(msgspec.Struct):
    """What happened, and who had which seq of which room, by which way."""

    steps: int = 0
    actions: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    cuts: int = 0
    stalls: int = 0
    had: set[tuple[str, str, int, str]] = set()


class Device:
    """A client that wants every room, is refused most of the time, and asks again."""

    def __init__(self, name: str, hubs: Hubs, rooms: list[str], tally: Tally):
        self.name = name
        self._hubs = hubs
        self._rooms = rooms
        self._tally = tally
        self._cursor = dict.fromkeys(rooms, 0)
        self._out = set(rooms)
        self._live: Live | None = None

    async def run(self) -> None:
        while True:
            with suppress(*LOST):
                await self._follow()
            await self.cut()
            await asyncio.sleep(0.05 + self._hubs.chance.random() * 0.2)

    async def cut(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            with suppress(Exception):
                await live.cut()

    async def stall(self) -> None:
        """Stop reading for a while: frames wait in buffers, at the hub and on the way."""
        if (live := self._live) is not None:
            live.socket.transport.pause_reading()
            await asyncio.sleep(self._hubs.chance.random())
            live.socket.transport.resume_reading()

    async def _follow(self) -> None:
        self._live = await self._hubs.live(self.name)
        taken = 0
        self._out = set(self._rooms)
        while (live := self._live) is not None:
            for room in self._out:
                await live.say("subscribe", room=room, after_seq=self._cursor[room])
            self._out.clear()
            with suppress(TimeoutError):
                await live.until(partial(_more, live, taken), seconds=0.2)
            frames, taken = live.frames[taken:], len(live.frames)
            for frame in frames:
                await self._take(frame)

    async def _take(self, frame: dict[str, Any]) -> None:
        room = frame.get("room", "")
        if frame["op"] == "event":
            self._tally.had.add((self.name, room, frame["seq"], "live"))
            self._cursor[room] = max(self._cursor[room], frame["seq"])
        elif frame["op"] == "error":
            await asyncio.sleep(0.02)
            self._out.add(room)
        elif frame["op"] == "resync_required":
            await self._fetch(room)
            self._out.add(room)

    async def _fetch(self, room: str) -> None:
        answer = await (await self._hubs.client(self.name)).get(f"/api/rooms/{room}/snapshot")
        if answer.is_success:
            snapshot = answer.json()
            self._cursor[room] = snapshot["as_of_seq"]
            for message in snapshot["messages"]:
                self._tally.had.add((self.name, room, message["seq"], "snapshot"))


def _more(live: Live, had: int) -> bool:
    return len(live.frames) > had


class Schedule:
    """Random steps of lin, who owns the rooms, and of those who come and go."""

    def __init__(self, hubs: Hubs, people: People, rooms: list[str], devices: list[Device], tally: Tally):
        self._hubs = hubs
        self._people = people
        self._rooms = rooms
        self._devices = devices
        self._tally = tally
        self._chance = hubs.chance
        self._actions: list[tuple[int, Callable[[str, str], Awaitable[httpx.Response | None]]]] = [
            (28, self._post),
            (22, self._add),
            (22, self._remove),
            (8, self._role),
            (16, self._read),
            (1, self._close),
            (3, self._cut),
            (2, self._stall),
        ]

    async def work(self, steps: int) -> None:
        weights = [weight for weight, _ in self._actions]
        while self._tally.steps < steps:
            self._tally.steps += 1
            [(_, action)] = self._chance.choices(self._actions, weights)
            answer = await action(self._chance.choice(OUTSIDERS), self._chance.choice(self._rooms))
            self._tally.actions[action.__name__.strip("_")] += 1
            if answer is not None and not answer.is_success:
                assert answer.status_code < 500, answer.text
                self._tally.refusals[answer.json()["code"]] += 1

    async def _lin(self) -> httpx.AsyncClient:
        return await self._hubs.client("lin")

    async def _post(self, name: str, room: str) -> httpx.Response:
        name = self._chance.choice(("lin", "lin", name))
        body = {"content": f"step {self._tally.steps}"}
        return await (await self._hubs.client(name)).post(f"/api/rooms/{room}/messages", json=body)

    async def _add(self, name: str, room: str) -> httpx.Response:
        body = {"user_id": str(self._people[name]), "role": self._chance.choice(("responder", "viewer", "guest"))}
        return await (await self._lin()).post(f"/api/rooms/{room}/members", json=body)

    async def _remove(self, name: str, room: str) -> httpx.Response:
        return await (await self._lin()).delete(f"/api/rooms/{room}/members/{self._people[name]}")

    async def _role(self, name: str, room: str) -> httpx.Response:
        body = {"role": self._chance.choice(("responder", "lead", "viewer"))}
        return await (await self._lin()).patch(f"/api/rooms/{room}/members/{self._people[name]}", json=body)

    async def _close(self, name: str, room: str) -> httpx.Response:
        return await (await self._lin()).patch(f"/api/rooms/{room}", json={"visibility": "members"})

    async def _read(self, name: str, room: str) -> httpx.Response:
        way = self._chance.choice(("events", "messages"))
        answer = await (await self._hubs.client(name)).get(f"/api/rooms/{room}/{way}?limit=200")
        if answer.is_success:
            self._tally.had.update((name, room, row["seq"], way) for row in answer.json()[way])
        return answer

    async def _cut(self, name: str, room: str) -> None:
        self._tally.cuts += 1
        await self._chance.choice(self._devices).cut()

    async def _stall(self, name: str, room: str) -> None:
        self._tally.stalls += 1
        await self._chance.choice(self._devices).stall()


async def _outside(database: Database, people: People, tally: Tally, members_only: set[str]) -> list[Any]:
    """What somebody had that was not theirs: written after the room closed to its members, in none of their spans."""
    async with database.reading() as conn:
        spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for room, user, start, end in await conn.execute(SPANS):
            spans.setdefault((str(room), str(user)), []).append((start, end))
        closed = {str(room): int(seq) for room, seq in await conn.execute(CLOSED)}

    def may(name: str, room: str, seq: int) -> bool:
        if room not in members_only and seq <= closed.get(room, seq):
            return True
        mine = spans.get((room, str(people[name])), [])
        return any(start <= seq <= end for start, end in mine)

    return sorted(it for it in tally.had if not may(it[0], it[1], it[2]))


@pytest.mark.parametrize("steps", [250, pytest.param(10_000, marks=pytest.mark.long)], ids=["few_steps", "many_steps"])
async def test_nothing_outside_the_spans(hubs: Hubs, people: People, database: Database, steps: int) -> None:
    tally = Tally(actions=Counter(), refusals=Counter(), had=set())
    ways = ["members"] * (ROOMS // 2) + ["line"] * (ROOMS - ROOMS // 2)
    rooms = [await hubs.open_room("lin", visibility=way) for way in ways]
    devices = [Device(name, hubs, rooms, tally) for name in OUTSIDERS for _ in range(DEVICES)]
    following = [asyncio.create_task(device.run()) for device in devices]
    schedule = Schedule(hubs, people, rooms, devices, tally)
    await asyncio.gather(*(schedule.work(steps) for _ in range(WORKERS)))
    await asyncio.sleep(1)
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    for device in devices:
        await device.cut()
    outside = await _outside(database, people, tally, set(rooms[: ROOMS // 2]))
    told = Counter(way for *_, way in tally.had)
    print(
        f"{tally.steps} steps {dict(tally.actions)}, refused {dict(tally.refusals)}, {tally.cuts} cuts, "
        f"{tally.stalls} stalls; had {dict(told)}; {len(outside)} outside the spans"
    )
    assert outside == []
    assert min(told["live"], told["events"], told["messages"]) > steps // 20
    assert tally.actions["remove"] > steps // 10
