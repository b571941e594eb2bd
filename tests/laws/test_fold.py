"""Old snapshot + events = fresh snapshot, for every action; and the same golden file for Python and TypeScript."""

import json
import os
from collections.abc import Awaitable, Callable
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from hub.wire.events import BODIES
from hub.wire.fold import Gap, apply
from hub.wire.views import Event, EventPage, Snapshot
from tests.plant.people import People
from tests.plant.processes import Hubs

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden" / "incident.json"
WRITE = os.environ.get("ANDON_GOLDEN") == "write"
ALARM = {
    "source": "press-line",
    "key": "overtemp",
    "machine": "RO-03",
    "line": "SMT-3",
    "text": {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"},
    "severity": "high",
    "value": 261.2,
    "limit": 255,
    "unit": "°C",
}
AT_FIRST = {"RoomOpened", "RoomWelcomed"}  # a welcome is a row like any other
Step = Callable[[], Awaitable[httpx.Response]]


class Talk:
    """What two people do with messages of a room, each a few requests."""

    def __init__(self, room: str, lin: httpx.AsyncClient, wang: httpx.AsyncClient, called: str):
        self._messages = f"/api/rooms/{room}/messages"
        self._lin, self._wang, self._called = lin, wang, called

    async def _post(self, content: str, **facts: Any) -> str:
        posted = await self._wang.post(self._messages, json={"content": content} | facts)
        return f"/api/messages/{posted.json()['message_id']}"

    async def post_and_delete(self) -> httpx.Response:
        return await self._wang.delete(await self._post("寫錯了", metadata={"note": "wrong"}))

    async def post_and_change(self) -> httpx.Response:
        lin, wang, message = self._lin, self._wang, await self._post(f"@wang 第 <@{self._called}> 溫區")
        await wang.patch(message, json={"content": "@wang @lin 第 5 溫區"})
        for client, emoji in ((lin, "👀"), (wang, "❤"), (lin, "❤"), (wang, "👀")):
            await client.post(f"{message}/reactions", json={"emoji": emoji})
        await lin.delete(f"{message}/reactions/👀")
        await wang.delete(f"{message}/reactions/👀")
        return await wang.post(f"{message}/reactions", json={"emoji": "👀"})

    async def change_and_delete(self) -> httpx.Response:
        message = await self._post("看錯了")
        await self._lin.post(f"{message}/reactions", json={"emoji": "👍"})
        await self._wang.patch(message, json={"content": "真的看錯了"})
        return await self._wang.delete(message)


class Links:
    """What a lead does with a room and others."""

    def __init__(self, room: str, lin: httpx.AsyncClient, other: str, merged: str):
        self._room, self._lin, self._other, self._merged = room, lin, other, merged

    def steps(self) -> list[Step]:
        link = f"/api/rooms/{self._room}/links/{self._other}"
        merge = {"into": self._room, "reason": "同一件事"}
        return [
            lambda: self._lin.put(link),
            lambda: self._lin.delete(link),
            lambda: self._lin.put(link),
            lambda: self._lin.post(f"/api/rooms/{self._merged}/merge", json=merge),
        ]


async def _steps(hubs: Hubs, people: People, room: str) -> list[Step]:
    """Every action that appends to a room's log."""
    lin, wang, machine = await hubs.client("lin"), await hubs.client("wang"), hubs.any().client(people.token)
    path, chen, guest = f"/api/rooms/{room}", str(people["chen"]), str(people["guest"])
    talk = Talk(room, lin, wang, chen)
    links = Links(room, lin, await hubs.open_room("lin"), await hubs.open_room("chen", machine="RO-04"))

    async def todo() -> httpx.Response:
        item = {"text": {"zh-TW": "掛牌上鎖", "en": "Lock out"}, "assignee_id": chen}
        added = await wang.post(f"{path}/checklist", json=item | {"due_at": "2026-03-02T08:00:00.25Z"})
        await wang.post(f"{path}/checklist", json={"text": {"en": "Blade"}})
        first, second = (f"{path}/checklist/{it}" for it in (added.json()["items"][-1]["id"], await last()))
        await lin.patch(first, json={"state": "done"})
        await lin.patch(first, json={"unassign": True})
        await lin.patch(second, json={"assignee_id": str(people["wang"]), "state": "skipped"})
        return await wang.patch(first, json={"state": "open"})

    async def last() -> str:
        return str((await wang.get(f"{path}/checklist")).json()["items"][-1]["id"])

    def alarm(**facts: Any) -> Step:
        return lambda: machine.post("/api/alarms", json={"observations": [ALARM | facts]})

    def moves(client: httpx.AsyncClient, to: str) -> Step:
        return lambda: client.post(f"{path}/transitions", json={"to": to})

    return [
        lambda: wang.post(f"{path}/messages", json={"content": "我過去看"}),
        talk.post_and_delete,
        talk.post_and_change,
        talk.change_and_delete,
        moves(wang, "acknowledged"),
        lambda: lin.post(f"{path}/members", json={"user_id": chen}),
        lambda: lin.patch(f"{path}/members/{chen}", json={"role": "lead"}),
        lambda: lin.post(f"{path}/owner", json={"user_id": chen}),
        lambda: lin.post(f"{path}/members", json={"user_id": guest, "role": "guest", "until": "2099-01-01T00:00:00Z"}),
        lambda: lin.delete(f"{path}/members/{guest}"),
        alarm(active=True, value=268.4),
        alarm(active=True, key="fan", text={"en": "Fan fault"}, severity="critical"),
        todo,
        moves(wang, "on_site"),
        lambda: lin.patch(path, json={"title": "第 5 溫區 SSR 燒毀", "severity": "medium", "reason": "只剩一區"}),
        lambda: lin.patch(path, json={"visibility": "plant", "line": "SMT-4"}),
        alarm(active=False),
        alarm(active=False, key="fan"),
        moves(wang, "restored"),
        alarm(active=True),
        alarm(active=False),
        lambda: lin.delete(f"{path}/members/{chen}"),
        moves(wang, "restored"),
        moves(lin, "monitoring"),
        lambda: lin.put(f"{path}/closing", json={"cause": "machine", "countermeasures": "換 SSR", "lost_minutes": 12}),
        *links.steps(),
        moves(lin, "closed"),
        lambda: lin.put(f"{path}/archive"),
        lambda: lin.delete(f"{path}/archive"),
        moves(lin, "open"),
    ]


async def _snapshot(hubs: Hubs, room: str) -> Snapshot:
    answer = await (await hubs.client("wang")).get(f"/api/rooms/{room}/snapshot")
    return msgspec.json.decode(answer.raise_for_status().content, type=Snapshot)


async def _events(hubs: Hubs, room: str, after: int) -> list[Event]:
    query = f"/api/rooms/{room}/events?after_seq={after}&limit=200"
    answer = await (await hubs.client("wang")).get(query)
    return msgspec.json.decode(answer.raise_for_status().content, type=EventPage).events


async def test_old_snapshot_and_events_are_a_fresh_snapshot(hubs: Hubs, people: People) -> None:
    opened = (
        await hubs.any().client(people.token).post("/api/alarms", json={"observations": [ALARM | {"active": True}]})
    )
    room = opened.json()["results"][0]["room_id"]
    snapshots = [await _snapshot(hubs, room)]
    for step in await _steps(hubs, people, room):
        answer = await step()
        assert answer.is_success, answer.text
        snapshots.append(await _snapshot(hubs, room))

    fresh, types = snapshots[-1], set()
    for old in snapshots:
        events = await _events(hubs, room, old.as_of_seq)
        types |= {event.type for event in events}
        assert msgspec.to_builtins(reduce(apply, events, old)) == msgspec.to_builtins(fresh)
    print(f"{len(snapshots)} snapshots, {fresh.as_of_seq} events, types {sorted(types)}")
    assert types == set(BODIES) - AT_FIRST
    if WRITE:
        _write(snapshots[0], await _events(hubs, room, snapshots[0].as_of_seq), fresh)


def _write(snapshot: Snapshot, events: list[Event], expected: Snapshot) -> None:
    golden = {"snapshot": snapshot, "events": events, "expected": expected}
    GOLDEN.write_text(json.dumps(msgspec.to_builtins(golden), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _golden() -> tuple[Snapshot, list[Event], Snapshot]:
    given = json.loads(GOLDEN.read_text(encoding="utf-8"))
    snapshot, expected = (msgspec.convert(given[name], Snapshot) for name in ("snapshot", "expected"))
    return snapshot, msgspec.convert(given["events"], list[Event]), expected


def test_the_golden_incident() -> None:
    snapshot, events, expected = _golden()
    assert {event.type for event in events} == set(BODIES) - AT_FIRST
    assert msgspec.to_builtins(reduce(apply, events, snapshot)) == msgspec.to_builtins(expected)


def test_what_was_seen_is_ignored_and_a_gap_is_told() -> None:
    snapshot, events, _ = _golden()
    once = apply(snapshot, events[0])
    assert apply(once, events[0]) is once
    with pytest.raises(Gap):
        apply(once, events[2])
