"""50 writers, two hubs, SIGKILL again and again: no seq is missing, no acked message is lost, none is there twice."""

import asyncio
import random
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from websockets.exceptions import WebSocketException

from hub.base.db import Database
from hub.log.append import New, append, lock_rooms
from hub.log.log import RoomLog
from hub.wire.events import OwnerChanged
from tests.laws import whole
from tests.plant.live import Live
from tests.plant.processes import Hubs
from tests.plant.waiting import until

WRITERS = 50
WRITING = ("admin", "lin", "wang", "chen")
LOST = (OSError, TimeoutError, WebSocketException, httpx.HTTPError)
AGAIN = {"db_unavailable", "unavailable", "internal"}
TOO_LONG = "x" * 10_241


class Tally(msgspec.Struct):
    """What clients were told."""

    rooms: list[str]
    closed: str
    acked: dict[str, tuple[str, int]] = {}
    refused: dict[str, int] = {}
    wrong: list[str] = []
    cuts: int = 0
    retries: int = 0
    rollbacks: int = 0
    kills: int = 0
    over: bool = False


class Writer:
    """Posts until it is told to stop; every message again until it is acked, with some mischief in between."""

    def __init__(self, number: int, hubs: Hubs, tally: Tally):
        self.name = WRITING[number % len(WRITING)]
        self._number = number
        self._hubs = hubs
        self._tally = tally
        self._chance = random.Random(hubs.chance.random())
        self._live: Live | None = None
        self._mine: list[tuple[str, str]] = []

    async def run(self) -> None:
        while not self._tally.over:
            key, room = f"{self._tally.closed}-{self._number}-{len(self._mine)}", self._chance.choice(self._tally.rooms)
            self._tally.acked[key] = (room, await self._posted(room, key, f"message {key}"))
            self._mine.append((key, room))
            await self._mischief()
            await asyncio.sleep(self._chance.random() * 0.15)  # leaves a killed hub the processor to start on
        await self._drop()

    async def _posted(self, room: str, key: str, content: str) -> int:
        if self._chance.random() < 0.01:
            await self._cut_in_the_middle(room, key, content)
        answer = await self._answered(room, key, content)
        assert "seq" in answer, answer
        return int(answer["seq"])

    async def _answered(self, room: str, key: str, content: str) -> dict[str, Any]:
        while True:
            try:
                answer = await (self._send if self._number % 2 else self._post)(room, key, content)
            except LOST:
                await self._drop()
                await asyncio.sleep(0.1 + self._chance.random() * 0.3)
            else:
                if answer.get("code") not in AGAIN:
                    return answer
            self._tally.retries += 1

    async def _post(self, room: str, key: str, content: str) -> dict[str, Any]:
        client = await self._hubs.client(self.name)
        answer = await client.post(f"/api/rooms/{room}/messages", json={"content": content, "client_msg_id": key})
        body: dict[str, Any] = answer.json()
        return body

    async def _send(self, room: str, key: str, content: str) -> dict[str, Any]:
        return await (await self._socket()).post(room, key, content)

    async def _socket(self) -> Live:
        if self._live is None:
            self._live = await self._hubs.live(self.name)
        return self._live

    async def _cut_in_the_middle(self, room: str, key: str, content: str) -> None:
        """Hand the message in and hang up before any answer."""
        try:
            await (await self._socket()).say("send", room=room, client_msg_id=key, content=content)
            self._tally.cuts += 1
        except LOST:
            pass
        await self._drop()

    async def _drop(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            await live.cut()

    async def _mischief(self) -> None:
        """What must be refused, or answered with the first seq, and takes no seq."""
        key, room = self._chance.choice(self._mine)
        match self._chance.randrange(40):
            case 0:
                await self._expect("room_closed", self._tally.closed, f"{key}-late", "too late")
            case 1:
                await self._expect("content_too_long", room, f"{key}-long", TOO_LONG)
            case 2:
                await self._expect("key_reused", room, key, "something else")
            case 3:
                again = await self._answered(room, key, f"message {key}")
                self._note(again.get("seq") == self._tally.acked[key][1], "duplicate", again)

    async def _expect(self, code: str, room: str, key: str, content: str) -> None:
        answer = await self._answered(room, key, content)
        self._note(answer.get("code") == code, code, answer)

    def _note(self, right: bool, what: str, answer: dict[str, Any]) -> None:
        if right:
            self._tally.refused[what] = self._tally.refused.get(what, 0) + 1
        else:
            self._tally.wrong.append(f"{what}: {answer}")


async def _roll_back(log: RoomLog, tally: Tally, chance: random.Random) -> None:
    """Somebody whose transactions take seqs and never commit."""

    class ChangedMind(Exception):
        pass

    while not tally.over:
        room = UUID(chance.choice(tally.rooms))
        try:
            async with log.db.transaction() as tx:
                await lock_rooms(tx, [room])
                await append(tx, log.bell, log.timeline, [New(room, None, OwnerChanged(None))] * 3)
                await asyncio.sleep(chance.random() * 0.02)
                raise ChangedMind
        except ChangedMind:
            tally.rollbacks += 1
        await asyncio.sleep(0.1)


async def _kill(hubs: Hubs, tally: Tally, kills: int, acked: int) -> None:
    """Kill one hub after the other in full work, then let the writers finish."""
    for _ in range(kills):
        before, hub = len(tally.acked), hubs.any()
        await until(partial(_has, tally, before + 40), seconds=60)
        hub.kill()
        tally.kills += 1
        await asyncio.sleep(hubs.chance.random() * 0.2)
        await hub.restart()
    await until(partial(_has, tally, acked), seconds=300)
    tally.over = True


def _has(tally: Tally, acked: int) -> bool:
    return len(tally.acked) >= acked


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("kills", "acked"), [(3, 1_000), pytest.param(20, 10_000, marks=pytest.mark.long)], ids=["few_kills", "many_kills"]
)
async def test_log_under_kills(hubs: Hubs, database: Database, room_log: RoomLog, kills: int, acked: int) -> None:
    rooms = [await hubs.open_room("lin") for _ in range(6)]
    closed = await hubs.open_room("lin")
    lin = await hubs.client("lin")
    (await lin.post(f"/api/rooms/{closed}/transitions", json={"to": "false_alarm"})).raise_for_status()
    for name in WRITING:
        for hub in hubs.all:
            await hubs.client(name, hub)
    closed_at, started = await whole.heads(database, [closed]), monotonic()
    tally = Tally(rooms, closed)
    writers = [Writer(number, hubs, tally) for number in range(WRITERS)]
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.run())
        group.create_task(_roll_back(room_log, tally, hubs.chance))
        await _kill(hubs, tally, kills, acked)
    found = await whole.count(database, tally.acked)
    print(
        f"\n{WRITERS} writers, {tally.kills} kills, {len(tally.acked)} acked in {monotonic() - started:.0f} s, "
        f"{tally.retries} retries, {tally.cuts} cuts, {tally.rollbacks} rollbacks, refused {tally.refused}: {found}"
    )
    assert not tally.wrong
    assert found == whole.Count(gaps=0, lost=0, doubled=0, orphans=0)
    assert await whole.heads(database, [closed]) == closed_at
    assert tally.kills >= kills
    assert len(tally.acked) >= acked
    assert min(tally.retries, tally.cuts, tally.rollbacks) > 0
    assert tally.refused.keys() == {"room_closed", "content_too_long", "key_reused", "duplicate"}
