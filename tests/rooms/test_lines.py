"""Whose line it is: who looks after other lines finds, reads and follows nothing of it; by every way."""

from uuid import uuid4

from sqlalchemy import text

from hub.base.db import Database
from tests.plant.people import People
from tests.plant.processes import Hubs


async def _team(database: Database, user: object, lines: list[str]) -> None:
    team = uuid4()
    async with database.transaction() as tx:
        given = {"id": team, "key": str(team), "lines": lines}
        await tx.execute(text("INSERT INTO teams (id, key, name, lines) VALUES (:id, :key, 'x', :lines)"), given)
        await tx.execute(text("DELETE FROM team_members WHERE user_id = :user"), {"user": user})
        member = text("INSERT INTO team_members (team_id, user_id, source) VALUES (:team, :user, 'hand')")
        await tx.execute(member, {"team": team, "user": user})


async def test_another_line_does_not_exist(hubs: Hubs, people: People, database: Database) -> None:
    await _team(database, people["chen"], ["CNC-1"])
    room = await hubs.open_room("wang", line="SMT-3", title="Oven five")
    chen, lin = await hubs.client("chen"), await hubs.client("lin")
    await (await hubs.client("wang")).post(f"/api/rooms/{room}/messages", json={"content": "quokka"})
    paths = ("", "/snapshot", "/events", "/messages", "/members", "/typing", "/online", "/closing")
    assert {(await chen.get(f"/api/rooms/{room}{path}")).status_code for path in paths} == {404}
    assert (await chen.post(f"/api/rooms/{room}/messages", json={"content": "x"})).status_code == 404
    for way in ("/api/rooms", "/api/rooms?q=oven", "/api/rooms?changed_after=0"):
        assert room not in {row["room"]["id"] for row in (await chen.get(way)).json()["rooms"]}
    assert room in {row["room"]["id"] for row in (await lin.get("/api/rooms?q=oven")).json()["rooms"]}
    assert (await chen.get("/api/search?q=quokka")).json()["hits"] == []
    assert "SMT-3" not in (await chen.get("/api/rooms/counts")).json()["line"]
    async with await hubs.live("chen") as live:
        assert (await live.subscribe(room))["code"] == "not_found"
        await (await hubs.client("wang")).patch(f"/api/rooms/{room}", json={"title": "Oven six"})
        mine = await hubs.open_room("wang", line="CNC-1")
        await live.until(lambda: mine in str(live.frames))
        assert room not in {it["room"]["id"] for f in live.frames for it in f.get("rooms") or []}
    lin_adds = await lin.post(f"/api/rooms/{room}/members", json={"user_id": str(people["chen"]), "role": "viewer"})
    assert lin_adds.status_code == 201
    assert (await chen.get(f"/api/rooms/{room}")).json()["room"]["title"] == "Oven six"
    assert (await lin.delete(f"/api/rooms/{room}/members/{people['chen']}")).status_code == 204
    assert (await chen.get(f"/api/rooms/{room}")).status_code == 404


async def test_who_looks_after_another_line_now_is_cut_off(hubs: Hubs, people: People, database: Database) -> None:
    await _team(database, people["chen"], ["SMT-3"])
    room, wang = await hubs.open_room("wang", line="SMT-3"), await hubs.client("wang")
    async with await hubs.live("chen") as live:
        assert (await live.subscribe(room))["op"] == "caught_up"
        await _team(database, people["chen"], ["CNC-1"])
        assert (await live.wait_for("error", code="not_found"))["room"] == room
        had = len(live.seqs(room))
        await wang.post(f"/api/rooms/{room}/messages", json={"content": "behind their back"})
        await live.say("hb")
        await live.wait_for("hb")
        assert len(live.seqs(room)) == had
    await _team(database, people["chen"], ["SMT-3"])
    async with await hubs.live("chen") as live:
        await live.subscribe(room)
        moved = await (await hubs.client("lin")).patch(f"/api/rooms/{room}", json={"line": "SMT-4"})
        assert moved.json()["line"] == "SMT-4"
        await live.wait_for("resync_required", room=room)
        assert (await live.subscribe(room))["code"] == "not_found"
