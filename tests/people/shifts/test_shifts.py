"""Patterns, rosters, overrides and holidays through the door, and who is on shift by them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert, text

from hub.base.db import Database
from hub.base.ids import new_id
from hub.people.shifts.queries import on_shift
from hub.people.teams.tables import team_members, teams
from tests.people.shifts.test_patterns import ics
from tests.plant.people import People
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

Json = dict[str, Any]
SUNDAY = "2026-03-01T03:10:00+08:00"
AUDITED = text("SELECT action FROM audit_log WHERE object = :id ORDER BY id")


async def new_team(behind: Database, people: People, line: str, *names: str, lead: str = "") -> str:
    team = new_id()
    rows = [{"team_id": team, "user_id": people[it], "source": "hand", "lead": it == lead} for it in names]
    async with behind.transaction() as tx:
        await tx.execute(insert(teams).values(id=team, key=str(team), name=f"Team {line}", lines=[line]))
        await tx.execute(insert(team_members), rows)
    return str(team)


async def made(lead: httpx.AsyncClient, path: str, body: Json) -> Json:
    answer = await lead.post(f"/api/shifts/{path}", json=body)
    assert answer.status_code == 201, answer.text
    told: Json = answer.json()
    return told


async def two_on_two_off(lead: httpx.AsyncClient) -> Json:
    presets = {it["key"]: it["pattern"] for it in (await lead.get("/api/shifts/presets")).json()}
    return await made(lead, "patterns", presets["2on2off"])


async def who(client: httpx.AsyncClient, line: str, at: str) -> list[str]:
    answer = (await client.get("/api/on-shift", params={"line": line, "at": at})).json()
    return [it["person"]["name"] for it in answer["people"]]


@pytest.fixture
async def rostered(door: Door, behind: Database, people: People) -> tuple[str, str, str]:
    """A line of its own, its team (lin leads, wang), and a pattern whose crew D the team is: nights."""
    line = f"L-{new_id()}"
    lead = await door.client("lin")
    team = await new_team(behind, people, line, "lin", "wang", lead="lin")
    pattern = (await two_on_two_off(lead))["id"]
    await made(lead, "rosters", {"team_id": team, "pattern_id": pattern, "crew": "D", "from_day": "2026-01-05"})
    return line, team, pattern


async def test_who_is_on_shift_for_the_line_on_sunday_at_ten_past_three(
    door: Door, behind: Database, people: People, rostered: Sequence[str]
) -> None:
    """28 February is the third day of the cycle: crew D's first night ends on Sunday at 8."""
    line, team, _ = rostered
    guest = await door.client("guest")
    told = (await guest.get("/api/on-shift", params={"line": line, "at": SUNDAY})).json()
    assert (told["line"], told["at"], told["rostered"]) == (line, "2026-02-28T19:10:00Z", True)
    assert [(it["person"]["name"], it["lead"], it["shift"], it["team_id"]) for it in told["people"]] == [
        ("lin", True, "N", team),
        ("wang", False, "N", team),
    ]
    assert told["people"][0]["ends"] == "2026-03-01T00:00:00Z"
    async with behind.reading() as conn:
        (found, _) = await on_shift(conn, line, datetime.fromisoformat(SUNDAY))
    assert (found.person.id, found.team_id, found.lead, found.shift) == (people["lin"], UUID(team), True, "N")
    assert await who(guest, line, "2026-03-01T08:00:00+08:00") == []
    nowhere = (await guest.get("/api/on-shift", params={"line": f"not {line}"})).json()
    assert (nowhere["rostered"], nowhere["people"]) == (False, [])


async def test_the_calendar_is_a_row_for_each_team(door: Door, rostered: Sequence[str]) -> None:
    line, team, _ = rostered
    for name, can in (("guest", False), ("lin", True)):
        asked: Json = {"line": line, "from": "2026-02-28", "days": 7}
        told = (await (await door.client(name)).get("/api/shifts/calendar", params=asked)).json()
        assert (told["can_change"], told["zone"], told["days"]) == (can, "Asia/Taipei", 7)
        (row,) = [it for it in told["teams"] if it["id"] == team]
        assert row["rostered"]
        told = [(it["day"], it["key"], it["crew"], len(it["people"])) for it in row["shifts"]]
        nights = ["2026-02-28", "2026-03-01", "2026-03-04", "2026-03-05"]
        assert told == [(day, "N", "D", 2) for day in nights]


async def test_overrides_for_a_night(door: Door, behind: Database, people: People, rostered: Sequence[str]) -> None:
    line, team, _ = rostered
    lead = await door.client("lin")
    night = {"starts": "2026-03-01T20:00:00+08:00", "ends": "2026-03-02T08:00:00+08:00"}
    at = "2026-03-02T03:10:00+08:00"
    swap = {**night, "team_id": team, "away": str(people["wang"]), "instead": str(people["chen"]), "reason": "病假"}
    kept = await made(lead, "overrides", swap)
    assert (kept["by"]["name"], kept["instead"]["name"], kept["can_change"]) == ("lin", "chen", True)
    assert await who(lead, line, at) == ["lin", "chen"]
    for other in ({"away": str(people["chen"])}, {"instead": str(people["wang"]), "team_id": team}):
        check_problem(await lead.post("/api/shifts/overrides", json=night | other), 409, "override_overlap")
    asked: Json = {"from": "2026-03-01", "days": 1}
    assert kept["id"] in [it["id"] for it in (await lead.get("/api/shifts/overrides", params=asked)).json()]
    assert (await lead.delete(f"/api/shifts/overrides/{kept['id']}")).status_code == 204
    assert await who(lead, line, at) == ["lin", "wang"]
    check_problem(await lead.delete(f"/api/shifts/overrides/{kept['id']}"), 404, "not_found")
    async with behind.reading() as conn:
        assert list((await conn.execute(AUDITED, {"id": kept["id"]})).scalars()) == [
            "override_added",
            "override_removed",
        ]


async def test_one_of_two_overrides_at_once_is_refused(door: Door, people: People, rostered: Sequence[str]) -> None:
    day = {"starts": "2027-05-01T00:00:00Z", "ends": "2027-05-02T00:00:00Z", "team_id": rostered[1]}
    lead = await door.client("lin")
    asked = [lead.post("/api/shifts/overrides", json={**day, "away": str(people["wang"])}) for _ in range(6)]
    assert sorted(it.status_code for it in await asyncio.gather(*asked)) == [201, 409, 409, 409, 409, 409]


async def test_rosters_follow_each_other_and_never_meet(door: Door, rostered: Sequence[str]) -> None:
    line, team, pattern = rostered
    lead = await door.client("lin")
    (old,) = [it for it in (await lead.get("/api/shifts/rosters")).json() if it["roster"]["team_id"] == team]
    wanted = {"team_id": team, "pattern_id": pattern, "crew": "A", "from_day": "2026-03-02"}
    check_problem(await lead.post("/api/shifts/rosters", json=wanted), 409, "roster_overlap")
    ended = {**old["roster"], "until_day": "2026-03-01"}
    assert (await lead.put(f"/api/shifts/rosters/{old['id']}", json=ended)).json()["roster"][
        "until_day"
    ] == "2026-03-01"
    new = await made(lead, "rosters", wanted)
    assert (new["pattern"]["en"], new["roster"]["crew"]) == ("2 on, 2 off", "A")
    assert await who(lead, line, "2026-03-02T03:10:00+08:00") == ["lin", "wang"], "the night that began runs out"
    assert await who(lead, line, "2026-03-02T23:00:00+08:00") == []
    check_problem(await lead.delete(f"/api/shifts/patterns/{pattern}"), 409, "pattern_in_use")
    for roster in (old, new):
        assert (await lead.delete(f"/api/shifts/rosters/{roster['id']}")).status_code == 204
    assert await who(lead, line, "2026-03-02T03:10:00+08:00") == []
    assert (await lead.delete(f"/api/shifts/patterns/{pattern}")).status_code == 204
    check_problem(await lead.delete(f"/api/shifts/patterns/{pattern}"), 404, "not_found")


async def test_a_pattern_keeps_the_crews_that_teams_work_as(door: Door, rostered: Sequence[str]) -> None:
    lead, path = await door.client("lin"), f"/api/shifts/patterns/{rostered[2]}"
    (kept,) = [it for it in (await lead.get("/api/shifts/patterns")).json() if it["id"] == rostered[2]]
    assert (kept["rosters"], kept["can_change"]) == (1, True)
    body = kept["pattern"]
    fewer = {
        **body,
        "cycle": {crew: days for crew, days in body["cycle"].items() if crew != "D"},
        "round_the_clock": False,
    }
    check_problem(await lead.put(path, json=fewer), 409, "pattern_in_use")
    check_problem(await lead.put(path, json={**body, "zone": "Mars/Olympus"}), 422, "zone_unknown")
    renamed = {**body, "name": {"en": "Nights"}}
    assert (await lead.put(path, json=renamed)).json()["pattern"] == renamed


async def test_holidays_by_hand_and_by_file(door: Door) -> None:
    lead = await door.client("lin")
    days = [{"day": "2031-01-01", "name": "元旦"}, {"day": "2031-01-04", "name": "補班", "like": "2031-01-03"}]
    put = await lead.put("/api/shifts/holidays", json={"holidays": days})
    assert [it for it in put.json() if it["day"].startswith("2031-01")] == [{**days[0], "like": None}, days[1]]
    file = ics("DTSTART;VALUE=DATE:20310101", "SUMMARY:New Year")
    told = await lead.post("/api/shifts/holidays/import", json={"ics": file})
    assert told.json() == [{"day": "2031-01-01", "name": "New Year", "like": None}]
    check_problem(await lead.post("/api/shifts/holidays/import", json={"ics": "x"}), 422, "calendar_invalid")
    assert (await lead.delete("/api/shifts/holidays/2031-01-01")).status_code == 204
    check_problem(await lead.delete("/api/shifts/holidays/2031-01-01"), 404, "not_found")
    assert (await lead.delete("/api/shifts/holidays/2031-01-04")).status_code == 204


async def test_everybody_reads_and_leads_change(door: Door, people: People, rostered: Sequence[str]) -> None:
    _, team, pattern = rostered
    wang, nobody = await door.client("wang"), str(new_id())
    for path in ("patterns", "rosters", "overrides", "holidays", "presets", "calendar"):
        assert (await wang.get(f"/api/shifts/{path}")).status_code == 200
    body = (await wang.get("/api/shifts/presets")).json()[0]["pattern"]
    roster = {"team_id": team, "pattern_id": pattern, "crew": "A", "from_day": "2026-01-01"}
    away = {"starts": SUNDAY, "ends": "2026-03-01T04:00:00+08:00", "away": str(people["wang"])}
    for method, path, sent in (
        ("POST", "patterns", body), ("PUT", f"patterns/{pattern}", body), ("DELETE", f"patterns/{pattern}", None),
        ("POST", "rosters", roster), ("PUT", f"rosters/{nobody}", roster), ("DELETE", f"rosters/{nobody}", None),
        ("POST", "overrides", away), ("DELETE", f"overrides/{nobody}", None),
        ("PUT", "holidays", {"holidays": [{"day": "2026-01-01", "name": "x"}]}),
        ("DELETE", "holidays/2026-01-01", None), ("POST", "holidays/import", {"ics": "x"}),
    ):  # fmt: skip
        check_problem(await wang.request(method, f"/api/shifts/{path}", json=sent), 403, "forbidden")
    lead = await door.client("lin")
    for change in ({"team_id": nobody}, {"pattern_id": nobody}):
        check_problem(await lead.post("/api/shifts/rosters", json=roster | change), 404, "not_found")
    check_problem(await lead.post("/api/shifts/rosters", json=roster | {"crew": "Z"}), 422, "invalid")
    check_problem(await lead.post("/api/shifts/rosters", json=roster | {"until_day": "2025-01-01"}), 422, "invalid")
    check_problem(await lead.post("/api/shifts/overrides", json=away | {"away": nobody}), 404, "not_found")
    for asked in ({"at": "2026-03-01T03:10:00"}, {"at": "0001-01-01T00:00:00Z"}, {"at": "soon"}, {"line": "x" * 65}):
        check_problem(await lead.get("/api/on-shift", params=asked), 422, "invalid")
    check_problem(await lead.get("/api/on-shift", params={"line": "\0"}), 400, "text_invalid")
