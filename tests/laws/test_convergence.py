"""Whatever happens, in the end every device shows what a fresh snapshot shows.

People talk, change and delete what they said, react, call each other, come and go; machines raise and clear; devices
lose their connection in the middle of anything and come back to another hub; hubs are killed.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

import httpx
import msgspec
import pytest
from websockets.exceptions import WebSocketException

from hub.wire.fold import Gap, apply
from hub.wire.views import Event, Snapshot
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs
from tests.plant.waiting import until

LOST = (OSError, TimeoutError, WebSocketException, httpx.HTTPError)
USERS = ("admin", "lin", "wang", "chen")
DEVICES = 2
ROOMS = 3
WORKERS = 8
WORDS = ("好了", "換 SSR", "fixed", "再看一下", "@lin 看這裡", "@wang @chen", "線停了")
EMOJI = ("👍", "👀", "✅", "❤", "🙏")
STATUSES = ("acknowledged", "on_site", "restored", "open", "monitoring", "closed")


class Tally(msgspec.Struct):
    """What happened."""

    steps: int = 0
    actions: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    cuts: int = 0
    kills: int = 0
    snapshots: int = 0
    gaps: int = 0
    events: int = 0


class Device:
    """A client that follows all rooms: snapshot once, then events; after a loss it resumes by seq."""

    def __init__(self, name: str, hubs: Hubs, rooms: list[str], tally: Tally):
        self.name = name
        self.states: dict[str, Snapshot] = {}
        self._hubs = hubs
        self._rooms = rooms
        self._tally = tally
        self._live: Live | None = None
        self._taken = 0

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self._follow()
            except (*LOST, KeyError):
                await self.cut()
                await asyncio.sleep(0.05 + self._hubs.chance.random() * 0.3)

    async def cut(self) -> None:
        """Lose the connection in the middle of whatever it is doing."""
        live, self._live = self._live, None
        if live is not None:
            with suppress(Exception):
                await live.cut()

    async def _follow(self) -> None:
        for room in self._rooms:
            if room not in self.states:
                await self._fetch(room)
        self._live, self._taken = await self._hubs.live(self.name), 0
        for room in self._rooms:
            await self._live.say("subscribe", room=room, after_seq=self.states[room].as_of_seq)
        while (live := self._live) is not None:
            await live.until(lambda: len(live.frames) > self._taken, seconds=3600)
            await self._take(live)

    async def _take(self, live: Live) -> None:
        frames, self._taken = live.frames[self._taken :], len(live.frames)
        for frame in frames:
            room = frame.get("room", "")
            if frame["op"] == "resync_required":
                await self._fetch(room)
                await live.say("subscribe", room=room, after_seq=self.states[room].as_of_seq)
            elif frame["op"] == "event":
                await self._apply(room, frame)

    async def _apply(self, room: str, frame: dict[str, Any]) -> None:
        event = msgspec.convert({name: value for name, value in frame.items() if name != "op"} | _absent(frame), Event)
        self._tally.events += 1
        try:
            self.states[room] = apply(self.states[room], event)
        except Gap:
            self._tally.gaps += 1
            await self._fetch(room)

    async def _fetch(self, room: str) -> None:
        self.states[room] = await fresh(self._hubs, self.name, room)
        self._tally.snapshots += 1


def _absent(frame: dict[str, Any]) -> dict[str, Any]:
    return {} if "actor" in frame else {"actor": None}


async def fresh(hubs: Hubs, name: str, room: str) -> Snapshot:
    answer = await (await hubs.client(name)).get(f"/api/rooms/{room}/snapshot")
    return msgspec.json.decode(answer.raise_for_status().content, type=Snapshot)


class Crowd:
    """Does something at random, through either hub, until there were enough steps."""

    def __init__(self, hubs: Hubs, people: People, rooms: list[str], devices: list[Device], tally: Tally):
        self._hubs = hubs
        self._people = people
        self._rooms = rooms
        self._devices = devices
        self._tally = tally
        self._chance = hubs.chance
        self._messages: list[tuple[str, str]] = []
        self._actions: list[tuple[int, Callable[[str, str], Awaitable[httpx.Response | None]]]] = [
            (30, self._post),
            (14, self._edit),
            (5, self._delete),
            (22, self._react),
            (10, self._unreact),
            (4, self._member),
            (4, self._move),
            (4, self._alarm),
            (3, self._rename),
            (4, self._cut),
        ]

    async def work(self, steps: int) -> None:
        weights = [weight for weight, _ in self._actions]
        while self._tally.steps < steps:
            self._tally.steps += 1
            [(_, action)] = self._chance.choices(self._actions, weights)
            try:
                answer = await action(self._chance.choice(USERS), self._chance.choice(self._rooms))
            except LOST:
                self._tally.refusals["lost"] += 1
                await asyncio.sleep(0.1)
                continue
            self._tally.actions[action.__name__.strip("_")] += 1
            if answer is not None and not answer.is_success:
                self._tally.refusals[answer.json()["code"]] += 1

    async def _post(self, name: str, room: str) -> httpx.Response:
        key, words = f"{self._tally.steps}-{self._chance.random()}", self._chance.choice(WORDS)
        while True:  # the same key until there is an answer
            try:
                answer = await (await self._hubs.client(name)).post(
                    f"/api/rooms/{room}/messages", json={"content": f"{words} {key[:6]}", "client_msg_id": key}
                )
            except LOST:
                await asyncio.sleep(0.1)
                continue
            if answer.is_success:
                self._messages.append((name, answer.json()["message_id"]))
            if answer.status_code < 500:
                return answer

    def _message(self) -> tuple[str, str]:
        """One of those that were said lately, and who said it."""
        return self._chance.choice(self._messages[-40:] or [(USERS[0], self._rooms[0])])

    async def _edit(self, name: str, room: str) -> httpx.Response:
        author, message = self._message()
        body = {"content": f"{self._chance.choice(WORDS)} {self._tally.steps}"}
        return await (await self._hubs.client(author)).patch(f"/api/messages/{message}", json=body)

    async def _delete(self, name: str, room: str) -> httpx.Response:
        author, message = self._message()
        return await (await self._hubs.client(author)).delete(f"/api/messages/{message}")

    async def _react(self, name: str, room: str) -> httpx.Response:
        body = {"emoji": self._chance.choice(EMOJI)}
        return await (await self._hubs.client(name)).post(f"/api/messages/{self._message()[1]}/reactions", json=body)

    async def _unreact(self, name: str, room: str) -> httpx.Response:
        sign = self._chance.choice(EMOJI)
        return await (await self._hubs.client(name)).delete(f"/api/messages/{self._message()[1]}/reactions/{sign}")

    async def _member(self, name: str, room: str) -> httpx.Response:
        lin, user = await self._hubs.client("lin"), str(self._people[self._chance.choice(("wang", "chen", "guest"))])
        path = f"/api/rooms/{room}/members"
        match self._chance.randrange(3):
            case 0:
                return await lin.delete(f"{path}/{user}")
            case 1:
                return await lin.patch(f"{path}/{user}", json={"role": self._chance.choice(("responder", "lead"))})
        return await lin.post(path, json={"user_id": user})

    async def _move(self, name: str, room: str) -> httpx.Response:
        to = self._chance.choice(STATUSES)
        answer = await (await self._hubs.client(name)).post(f"/api/rooms/{room}/transitions", json={"to": to})
        if to == "closed" and answer.is_success:
            await (await self._hubs.client(name)).post(f"/api/rooms/{room}/transitions", json={"to": "open"})
        return answer

    async def _alarm(self, name: str, room: str) -> httpx.Response:
        fact = {"source": "c", "key": f"k{self._chance.randrange(3)}", "active": self._chance.random() < 0.5}
        fact |= {"machine": "RO-03", "line": "SMT-3", "severity": "high", "value": self._chance.random()}
        async with self._hubs.any().client(self._people.token) as machine:
            return await machine.post("/api/alarms", json={"observations": [fact]})

    async def _rename(self, name: str, room: str) -> httpx.Response:
        body = {"title": f"title {self._tally.steps}", "severity": self._chance.choice(("high", "low", "critical"))}
        body["reason"] = "so it is"
        return await (await self._hubs.client("lin")).patch(f"/api/rooms/{room}", json=body)

    async def _cut(self, name: str, room: str) -> None:
        self._tally.cuts += 1
        await self._chance.choice(self._devices).cut()


def _reached(tally: Tally, steps: int) -> bool:
    return tally.steps >= steps


async def _kill(hubs: Hubs, tally: Tally, kills: int, steps: int) -> None:
    for number in range(1, kills + 1):
        await until(partial(_reached, tally, number * steps // (kills + 1)), seconds=600)
        hub = hubs.any()
        hub.kill()
        tally.kills += 1
        await asyncio.sleep(hubs.chance.random() * 0.3)
        await hub.restart()


async def _caught_up(devices: list[Device], heads: dict[str, int]) -> None:
    end = monotonic() + 60
    while any(device.states[room].as_of_seq < head for device in devices for room, head in heads.items()):
        assert monotonic() < end, [(d.name, {r: d.states[r].as_of_seq for r in heads}) for d in devices]
        await asyncio.sleep(0.05)


def _differences(mine: Snapshot, wanted: Snapshot) -> list[str]:
    """What a device shows otherwise than a fresh snapshot, which begins later; how far I have read is no event."""
    one, other = msgspec.to_builtins(mine), msgspec.to_builtins(wanted)
    first = other["messages"][0]["seq"]
    one["messages"] = [message for message in one["messages"] if message["seq"] >= first]
    return [name for name in one if name != "last_read_seq" and one[name] != other[name]]


@pytest.mark.parametrize(
    ("steps", "kills"), [(1_200, 2), pytest.param(12_000, 12, marks=pytest.mark.long)], ids=["few_steps", "many_steps"]
)
async def test_every_device_shows_a_fresh_snapshot(hubs: Hubs, people: People, steps: int, kills: int) -> None:
    tally = Tally(actions=Counter(), refusals=Counter())
    rooms = [await hubs.open_room("lin", machine=f"RO-{number}") for number in range(ROOMS)]
    devices = [Device(name, hubs, rooms, tally) for name in USERS for _ in range(DEVICES)]
    crowd = Crowd(hubs, people, rooms, devices, tally)
    following = [asyncio.create_task(device.run()) for device in devices]
    await asyncio.gather(_kill(hubs, tally, kills, steps), *(crowd.work(steps) for _ in range(WORKERS)))
    shown = {room: await fresh(hubs, "lin", room) for room in rooms}
    await _caught_up(devices, {room: snapshot.as_of_seq for room, snapshot in shown.items()})
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    different = [
        f"{device.name} {room}: {wrong}"
        for device in devices
        for room in rooms
        if (wrong := _differences(device.states[room], await fresh(hubs, device.name, room)))
    ]
    for device in devices:
        await device.cut()
    states = len(devices) * len(rooms)
    print(f"{tally}; {states} states compared, {len(different)} differ; heads {[s.as_of_seq for s in shown.values()]}")
    assert not different
    assert tally.gaps == 0, "an event was missing"
    assert (tally.steps >= steps, tally.kills) == (True, kills)
    assert tally.cuts > steps // 100
    assert sum(snapshot.as_of_seq for snapshot in shown.values()) > steps // 3
