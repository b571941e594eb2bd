"""One owner, who hands over; guests whose time ends by itself; a whole team added at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import text

from hub.base.db import Database
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door


async def roles(client: httpx.AsyncClient, room: str) -> dict[str, str]:
    rows = (await client.get(f"/api/rooms/{room}/members")).raise_for_status().json()
    return {row["user"]["name"]: row["role"] for row in rows}


async def owner_events(client: httpx.AsyncClient, room: str) -> list[tuple[str | None, str]]:
    events = (await client.get(f"/api/rooms/{room}/events?limit=200")).json()["events"]
    return [
        ((event["body"]["owner"] or {}).get("name"), event["body"].get("why", "taken"))
        for event in events
        if event["type"] == "OwnerChanged"
    ]


async def test_who_takes_it_owns_it_and_hands_it_over(door: Door) -> None:
    wang, chen, room = await door.client("wang"), await door.client("chen"), await door.open_room("wang")
    path, people = f"/api/rooms/{room}", door.people
    await chen.post(f"{path}/transitions", json={"to": "acknowledged"})
    assert await roles(wang, room) == {"wang": "lead", "chen": "owner"}
    check_problem(await wang.post(f"{path}/owner", json={"user_id": str(people["wang"])}), 403, "forbidden")
    for nobody in (str(uuid4()), str(people["guest"]), str(people["gateway"]), str(people["lin"])):
        check_problem(await chen.post(f"{path}/owner", json={"user_id": nobody}), 422, "invalid")
    handed = await chen.post(f"{path}/owner", json={"user_id": str(people["wang"])})
    assert [row["role"] for row in handed.json()] == ["owner", "lead"]
    assert (await chen.get(path)).json()["room"]["owner"]["name"] == "wang"
    assert (await wang.delete(f"{path}/members/{people['wang']}")).status_code == 204
    assert await roles(chen, room) == {"chen": "owner"}
    assert (await chen.delete(f"{path}/members/{people['chen']}")).status_code == 204
    lin = await door.client("lin")
    told = [("chen", "taken"), ("wang", "handed_over"), ("chen", "left"), (None, "left")]
    assert await owner_events(lin, room) == told


async def test_a_guests_time_is_over_at_once_and_then_in_the_log(door: Door, behind: Database) -> None:
    wang, guest = await door.client("wang"), await door.client("guest")
    room = await door.open_room("wang", visibility="members")
    who = {"user_id": str(door.people["guest"]), "role": "guest"}
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    check_problem(await wang.post(f"/api/rooms/{room}/members", json=who | {"until": past}), 422, "invalid")
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    not_guest = who | {"role": "viewer", "until": later}
    check_problem(await wang.post(f"/api/rooms/{room}/members", json=not_guest), 422, "invalid")
    await wang.post(f"/api/rooms/{room}/members", json=who | {"until": later})
    assert (await guest.get(f"/api/rooms/{room}")).json()["can"] == ["delete_own", "leave"]
    async with behind.transaction() as tx:
        end = text("UPDATE room_members SET until = hub_now() WHERE room_id = :room AND until IS NOT NULL")
        await tx.execute(end, {"room": room})
    check_problem(await guest.get(f"/api/rooms/{room}"), 404, "not_found")
    for _ in range(100):
        events = (await wang.get(f"/api/rooms/{room}/events")).json()["events"]
        if events[-1]["type"] == "MemberRemoved":
            break
        await asyncio.sleep(0.1)
    assert (events[-1]["actor"], events[-1]["body"]["expired"]) == (None, True)
    assert (await wang.post(f"/api/rooms/{room}/members", json=who | {"until": later})).status_code == 201


async def test_a_team_comes_at_once(door: Door, behind: Database) -> None:
    team, wang = uuid4(), await door.client("wang")
    async with behind.transaction() as tx:
        await tx.execute(
            text("INSERT INTO teams (id, key, name) VALUES (:id, :key, 'x')"), {"id": team, "key": str(team)}
        )
        for name in ("chen", "lin", "wang"):
            member = text("INSERT INTO team_members (team_id, user_id, source) VALUES (:team, :user, 'hand')")
            await tx.execute(member, {"team": team, "user": door.people[name]})
    try:
        room = await door.open_room("wang")
        await wang.post(f"/api/rooms/{room}/members", json={"team_id": str(team)})
        assert await roles(wang, room) == {"wang": "owner", "chen": "responder", "lin": "responder"}
        for wrong in ({"team_id": str(uuid4())}, {"team_id": str(team), "role": "owner"}):
            check_problem(await wang.post(f"/api/rooms/{room}/members", json=wrong), 422, "invalid")
    finally:
        async with behind.transaction() as tx:
            await tx.execute(text("DELETE FROM team_members WHERE team_id = :team"), {"team": team})


async def test_a_guest_who_gets_another_role_stays(door: Door) -> None:
    wang, room, guest = await door.client("wang"), await door.open_room("wang"), str(door.people["guest"])
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    added = {"user_id": guest, "role": "guest", "until": later}
    (await wang.post(f"/api/rooms/{room}/members", json=added)).raise_for_status()
    (await wang.patch(f"/api/rooms/{room}/members/{guest}", json={"role": "viewer"})).raise_for_status()
    members = (await wang.get(f"/api/rooms/{room}/snapshot")).json()["members"]
    assert [it["until"] for it in members if it["user"]["id"] == guest] == [None]
