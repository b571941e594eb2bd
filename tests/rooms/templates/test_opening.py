"""Rooms open with their people, their checklist and a welcome: by hand, by alarms, over two hubs, and under kills."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from hub.base.db import Database
from hub.base.ids import new_id
from hub.people.teams.tables import team_members, teams
from tests.laws import whole
from tests.plant.people import People
from tests.plant.processes import Hubs, environment
from tests.plant.waiting import until, until_it_is

SAFETY: dict[str, Any] = {
    "name": "安全停機",
    "match": {"categories": ["safety"], "lines": ["SMT-2"]},
    "name_pattern": "{number} {machine} {text}",
    "welcome": {
        "zh-TW": "{{ machine }} {{ text }}\n{% for it in members %}\n- {{ it.name }}\n{% endfor %}",
        "en": "{{ machine }} {{ text }}",
    },
    "members": [
        {"by": "role", "role": "lead", "room_role": "lead"},
        {"by": "on_shift"},
        {"by": "team", "team": "nobody-knows"},
    ],
    "checklist": [
        {"text": {"zh-TW": "掛牌上鎖", "en": "Lock out"}, "assignee": "WANG", "due_minutes": 15},
        {"text": {"en": "Call the safety officer"}, "team": "maint", "when": {"severities": ["critical"]}},
        {"text": {"en": "Not this"}, "when": {"severities": ["low"]}},
    ],
    "runbooks": [{"title": {"en": "LOTO"}, "url": "https://wiki.plant/loto"}],
    "retention_days": 365,
    "closing_fields": ["cause", "lost_minutes"],
}
HALF = """
SELECT count(*) FROM incident_rooms r WHERE r.machine LIKE 'K%' AND (r.template_id IS NULL
    OR (SELECT count(*) FROM room_members m WHERE m.room_id = r.room_id) <> 2
    OR (SELECT count(*) FROM checklist_items c WHERE c.room_id = r.room_id) <> 2
    OR (SELECT string_agg(e.type, ' ' ORDER BY e.seq) FROM room_events e WHERE e.room_id = r.room_id AND e.seq < 7)
       NOT LIKE 'RoomOpened MemberAdded MemberAdded ChecklistAdded ChecklistAdded MessagePosted%')
"""
UNWELCOMED = """
SELECT count(*) FROM incident_rooms r WHERE r.template_id IS NOT NULL AND NOT EXISTS
(SELECT 1 FROM room_events e WHERE e.room_id = r.room_id AND e.type = 'RoomWelcomed')
"""
WELCOMES = "SELECT count(*) - count(DISTINCT room_id) FROM room_events WHERE type = 'RoomWelcomed'"


def alarm(key: str, **facts: Any) -> dict[str, Any]:
    """An alarm whose group is its machine: another one opens another room."""
    given = {"source": f"src-{key}", "key": key, "active": True, "machine": "RO-03", "line": "SMT-2"}
    told = {"category": "safety", "severity": "critical", "code": "E001", "text": {"en": "Door open"}}
    return given | told | facts


async def raised(hubs: Hubs, people: People, *alarms: dict[str, Any]) -> list[str]:
    """Rooms of alarms that a machine reports to any of the hubs."""
    async with hubs.any().client(people.token) as machine:
        answer = (await machine.post("/api/alarms", json={"observations": list(alarms)})).raise_for_status()
    return [it["room_id"] for it in answer.json()["results"]]


@pytest.fixture(scope="module")
async def crew(database: Database, people: People) -> UUID:
    """The team `maint`, to which wang and chen belong."""
    team = new_id()
    async with database.transaction() as tx:
        await tx.execute(teams.insert().values(id=team, key="maint", name="Maintenance", lines=["SMT-2"]))
        for name in ("wang", "chen"):
            await tx.execute(team_members.insert().values(team_id=team, user_id=people[name], source="hand"))
    return team


@pytest.fixture
async def safety(hubs: Hubs, crew: UUID, people: People) -> str:
    """The template of a safety stop; chen is on shift for the line now."""
    admin = await hubs.client("admin")
    for known in (await admin.get("/api/templates")).json()["templates"]:
        if known["template"]["name"] == SAFETY["name"]:
            return str(known["id"])
    now = datetime.now(UTC)
    span = {"starts": (now - timedelta(hours=1)).isoformat(), "ends": (now + timedelta(hours=8)).isoformat()}
    called = {"team_id": str(crew), "instead": str(people["chen"]), **span}
    (await admin.post("/api/shifts/overrides", json=called)).raise_for_status()
    return str((await admin.post("/api/templates", json=SAFETY)).raise_for_status().json()["id"])


async def snapshot(hubs: Hubs, room: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        (await (await hubs.client("wang")).get(f"/api/rooms/{room}/snapshot")).raise_for_status().json()
    )
    return found


async def test_who_is_on_shift_is_in_the_room_before_anybody_can_read_it(
    hubs: Hubs, people: People, safety: str
) -> None:
    one, other = hubs.all
    async with one.client(people.token) as machine, asyncio.TaskGroup() as group:
        reader = await hubs.client("wang", other)

        async def first_seen() -> dict[str, Any]:
            while not (rows := (await reader.get("/api/rooms?line=SMT-2")).json()["rooms"]):
                pass
            seen: dict[str, Any] = (await reader.get(f"/api/rooms/{rows[0]['room']['id']}/snapshot")).json()
            return seen

        looking = group.create_task(first_seen())
        await machine.post("/api/alarms", json={"observations": [alarm("first")]})
    seen = looking.result()
    assert {it["user"]["name"]: it["role"] for it in seen["members"]} == {"lin": "lead", "chen": "responder"}
    assert [it["text"].get("en") for it in seen["checklist"]] == ["Lock out", "Call the safety officer"]
    assert seen["room"]["title"] == f"{seen['room']['code']} RO-03 Door open"

    events = (await reader.get(f"/api/rooms/{seen['room']['id']}/events?limit=6")).json()["events"]
    assert [event["type"] for event in events] == [
        "RoomOpened",
        *["MemberAdded"] * 2,
        *["ChecklistAdded"] * 2,
        "MessagePosted",
    ]
    assert events[0]["body"]["template_id"] == safety
    first, second = seen["checklist"]
    assert (first["assignee"]["name"], second["assignee"], second["team"]) == ("wang", None, "maint")
    due = datetime.fromisoformat(first["due_at"]) - datetime.fromisoformat(seen["room"]["opened_at"])
    assert timedelta(minutes=14) < due <= timedelta(minutes=15)


async def test_the_checklist_of_a_room(hubs: Hubs, people: People, safety: str) -> None:
    [room] = await raised(hubs, people, alarm("list"))
    wang, path = await hubs.client("wang"), f"/api/rooms/{room}/checklist"
    told = (await wang.get(path)).json()
    assert (told["template"]["id"], told["template"]["version"]) == (safety, 1)
    assert told["template"]["runbooks"] == SAFETY["runbooks"]
    assert (told["template"]["closing_fields"], told["can_change"]) == (["cause", "lost_minutes"], True)
    guest = (await (await hubs.client("guest")).get(path)).json()
    assert guest["can_change"] is False

    item = told["items"][0]["id"]
    done = (await wang.patch(f"{path}/{item}", json={"state": "done"})).raise_for_status().json()["items"][0]
    assert (done["state"], done["by"]["name"]) == ("done", "wang")
    before = (await snapshot(hubs, room))["as_of_seq"]
    await wang.patch(f"{path}/{item}", json={"state": "done"})
    assert (await snapshot(hubs, room))["as_of_seq"] == before
    given = await wang.patch(f"{path}/{told['items'][1]['id']}", json={"assignee_id": str(people["chen"])})
    assert (given.json()["items"][1]["assignee"]["name"], given.json()["items"][1]["team"]) == ("chen", None)


async def test_by_hand_and_by_a_given_template(hubs: Hubs, people: People, safety: str) -> None:
    wang = await hubs.client("wang")
    plain = (await snapshot(hubs, await hubs.open_room("wang", line="SMT-9")))["members"]
    assert [(it["user"]["name"], it["role"]) for it in plain] == [("wang", "owner")]
    matched = await snapshot(hubs, await hubs.open_room("wang", line="SMT-2", category="safety", machine="M1"))
    assert {it["user"]["name"]: it["role"] for it in matched["members"]} == {
        "wang": "owner",
        "lin": "lead",
        "chen": "responder",
    }
    assert matched["room"]["title"] == f"{matched['room']['code']} M1 Zone 5 over-temperature"
    assert len(matched["checklist"]) == 1  # a room opened by hand is high
    given = await snapshot(hubs, await hubs.open_room("wang", line="SMT-9", template_id=safety))
    assert [it["user"]["name"] for it in given["members"]] == ["wang", "lin"]  # nobody is on shift there
    refused = await wang.post("/api/rooms", json={"title": "x", "template_id": str(new_id())})
    assert (refused.status_code, refused.json()["field"]) == (422, "template_id")


async def test_many_rooms_of_one_batch(hubs: Hubs, people: People, safety: str) -> None:
    alarms = [alarm(f"many{n}", machine=f"M{n}", category="safety" if n % 2 else "machine") for n in range(20)]
    rooms = await raised(hubs, people, *alarms)
    assert len(set(rooms)) == 20
    for number, room in enumerate(rooms):
        seen = await snapshot(hubs, room)
        assert len(seen["members"]) == (2 if number % 2 else 0)
        assert len(seen["checklist"]) == (2 if number % 2 else 0)


async def test_a_change_holds_for_the_next_room_at_every_hub(hubs: Hubs, people: People, safety: str) -> None:
    admin, before = await hubs.client("admin"), await raised(hubs, people, alarm("before", machine="A1"))
    for number, hub in enumerate([*hubs.all, *hubs.all]):
        client = await hubs.client("admin", hub)
        changed = SAFETY | {"name_pattern": f"{number} {{text}}"}
        assert (await client.put(f"/api/templates/{safety}", json=changed)).status_code == 200
        for at in hubs.all:
            async with at.client(people.token) as machine:
                body = {"observations": [alarm(f"next{number}{at.port}", machine=f"A{number}-{at.port}")]}
                room = (await machine.post("/api/alarms", json=body)).json()["results"][0]["room_id"]
            assert (await snapshot(hubs, room))["room"]["title"] == f"{number} Door open"
    old = (await (await hubs.client("wang")).get(f"/api/rooms/{before[0]}/checklist")).json()["template"]
    assert old["version"] == 1
    await admin.put(f"/api/templates/{safety}", json=SAFETY)


async def test_everybody_is_welcomed_in_their_language(hubs: Hubs, people: People, safety: str) -> None:
    [room] = await raised(hubs, people, alarm("welcome", machine="W1", text={"en": "{{ 7*7 }}", "zh-TW": "門開了"}))

    async def welcomes() -> int:
        return len(await said())

    async def said() -> list[dict[str, Any]]:
        messages = (await snapshot(hubs, room))["messages"]
        return [it for it in messages if it["metadata"].get("key") == "room_welcomed"]

    await until_it_is(welcomes, 1)
    [row] = await said()
    assert row["content"] == "W1 門開了\n- lin\n- chen"
    assert row["metadata"]["text"] == {"zh-TW": row["content"], "en": "W1 {{ 7*7 }}"}
    assert (row["type"], row["sender"]) == ("system", None)


async def test_closing_asks_for_what_the_template_wants(hubs: Hubs, people: People, safety: str) -> None:
    [room] = await raised(hubs, people, alarm("closing", machine="C1"))
    closing = (await (await hubs.client("wang")).get(f"/api/rooms/{room}/closing")).raise_for_status().json()
    assert closing["required"] == ["cause", "countermeasures", "lost_minutes"]  # the house's rule, then the template's


async def test_the_two_that_come_along_open_rooms(hubs: Hubs, people: People, database_url: str) -> None:
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "hub.cli", "templates", "import", "presets"],
        env=environment(database_url, {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["added 安全停機 Safety stop", "added 設備異常 Equipment fault"]
    stop, fault = await raised(
        hubs, people, alarm("p1", line=None, machine="P1"), alarm("p2", line=None, machine="P2", category="machine")
    )
    stopped, broken = await snapshot(hubs, stop), await snapshot(hubs, fault)
    assert {it["user"]["name"] for it in stopped["members"]} == {"lin", "wang", "chen"}
    assert [it["user"]["name"] for it in broken["members"]] == ["lin"]
    assert (len(stopped["checklist"]), len(broken["checklist"])) == (5, 3)


async def test_kills_leave_no_half_room_and_every_room_is_welcomed_once(
    hubs: Hubs, people: People, safety: str, database: Database
) -> None:
    acked: set[str] = set()

    async def storm(machine: httpx.AsyncClient, number: int) -> None:
        batch = [alarm(f"k{number}-{n}", machine=f"K{number}-{n}") for n in range(3)]
        try:
            answer = await machine.post("/api/alarms", json={"observations": batch})
        except httpx.TransportError:
            return  # nobody knows: it is there whole, or not at all
        if answer.is_success:
            acked.update(it["room_id"] for it in answer.json()["results"])

    for story in range(2):
        victim, before = hubs.all[story % 2], len(acked)
        async with hubs.all[0].client(people.token) as one, hubs.all[1].client(people.token) as other:
            numbers = range(story * 30, story * 30 + 30)
            storms = [asyncio.create_task(storm((one, other)[number % 2], number)) for number in numbers]
            await until(lambda: len(acked) >= before + hubs.chance.randint(6, 40))  # noqa: B023
            victim.kill()
            await asyncio.gather(*storms)
        await victim.restart()
    await until_it_is(lambda: whole.scalar(database, UNWELCOMED), 0, seconds=30)
    half, twice = await whole.scalar(database, HALF), await whole.scalar(database, WELCOMES)
    opened = await whole.scalar(database, "SELECT count(*) FROM incident_rooms WHERE machine LIKE 'K%'")
    print(f"rooms {opened}, acked {len(acked)}, half {half}, welcomed twice {twice}, kills 2")
    assert (half, twice, (await whole.count(database, {})).gaps) == (0, 0, 0)
    assert opened >= len(acked) > 0
