"""The room list: filters, words, orders page by page, counts, saved views."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.people.policy import Actor
from hub.rooms.listing import queries, words
from hub.rooms.policy import SEVERITIES, may_read
from hub.rooms.queries import visible_rows
from hub.wire.views import HubRole, UserKind
from tests.plant.people import People
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/api/rooms", params={"limit": "200", **query})
    return [row["room"]["id"] for row in answer.raise_for_status().json()["rooms"]]


async def test_found_by_its_words_and_its_place(door: Door) -> None:
    wang, line = await door.client("wang"), f"L-{uuid4().hex[:8]}"
    room = await door.open_room("wang", title="迴焊爐 第 5 溫區超溫", line=line, machine="RO-77", area="前段")
    other = await door.open_room("wang", title="Spindle E-2105 overheat", line=line, severity="low")
    for found in ("回焊爐", "第5溫區", "溫", "ro-77", line[2:], "前段"):
        assert room in await listed(wang, q=found, line=line), found
    assert await listed(wang, q="e-21", line=line) == [other]
    assert await listed(wang, q="主軸", line=line) == []
    code = (await wang.get(f"/api/rooms/{room}")).json()["room"]["code"]
    assert await listed(wang, q=code) == [room]
    await wang.patch(f"/api/rooms/{room}", json={"title": "冷卻風扇"})
    assert await listed(wang, q="風扇", line=line) == [room]
    assert await listed(wang, q="超溫", line=line) == []
    assert await listed(wang, area="前段", line=line, severity=["high", "critical"]) == [room]
    await (await door.client("chen")).post(f"/api/rooms/{room}/messages", json={"content": "news"})
    assert room in await listed(wang, unread="true", line=line)
    counts = (await wang.get("/api/rooms/counts", params={"line": line})).json()
    assert (counts["total"], counts["severity"], counts["line"]) == (2, {"high": 1, "low": 1}, {line: 2})


@pytest.mark.parametrize("sort", queries.ORDERS)
async def test_pages_go_on_where_they_ended(door: Door, sort: str) -> None:
    wang, line = await door.client("wang"), f"P-{uuid4().hex[:8]}"
    for severity in ("low", "high", "critical", "high", "low"):
        await door.open_room("wang", line=line, severity=severity)
    whole, pages, cursor = await listed(wang, line=line, sort=sort), [], None
    while True:
        query = {"line": line, "sort": sort, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await wang.get("/api/rooms", params=query)).raise_for_status().json()
        pages += page["rooms"]
        if (cursor := page["next"]) is None:
            break
    assert [row["room"]["id"] for row in pages] == whole
    assert len(set(whole)) == 5
    if sort == "severity":
        worst = [SEVERITIES.index(row["room"]["severity"]) for row in pages]
        assert all(one <= other for one, other in pairwise(worst))
    foreign = (await wang.get("/api/rooms", params={"line": line, "limit": "2"})).json()["next"]
    if sort != "newest":
        check_problem(await wang.get("/api/rooms", params={"sort": sort, "cursor": foreign}), 422, "cursor_invalid")


async def test_views_are_mine(door: Door) -> None:
    wang, chen = await door.client("wang"), await door.client("chen")
    view = {"name": "我的產線", "filters": {"line": "SMT-3", "sort": "severity"}}
    await wang.post("/api/views", json=view | {"filters": {}})
    kept = [it for it in (await wang.post("/api/views", json=view)).json() if it["name"] == view["name"]]
    assert [it["filters"] for it in kept] == [view["filters"]]
    assert view["name"] not in [it["name"] for it in (await chen.get("/api/views")).json()]
    check_problem(await chen.delete(f"/api/views/{kept[0]['id']}"), 404, "not_found")
    for wrong in ({"name": " ", "filters": {}}, {"name": "x", "filters": {"status": ["gone"]}}):
        check_problem(await wang.post("/api/views", json=wrong), 422, "invalid")
    assert (await wang.delete(f"/api/views/{kept[0]['id']}")).status_code == 204


async def test_the_list_and_the_door_agree_who_may_read(door: Door, behind: Database, people: People) -> None:
    """`VISIBLE` is `may_read` in SQL."""
    rooms = [
        (await door.open_room("wang", visibility=way, **({"line": line} if line else {})), way, line)
        for way in ("members", "line", "plant")
        for line in ("A-1", "B-1", None)
    ]
    roles: tuple[HubRole, ...] = ("viewer", "responder", "lead", "admin")
    kinds: tuple[UserKind, ...] = ("person", "machine")
    asked = 0
    async with behind.reading() as conn:
        for role in roles:
            for kind in kinds:
                for lines in (None, (), ("A-1",)):
                    for me in (people["wang"], people["chen"]):
                        actor = Actor(me, "x", kind, role, lines=lines)
                        found = {row.room_id for row in await visible_rows(conn, actor, [UUID(it[0]) for it in rooms])}
                        member = me == people["wang"]
                        wanted = {UUID(room) for room, way, line in rooms if may_read(actor, way, member, line)}
                        assert found == wanted, actor
                        asked += 1
    print(f"{asked} actors × {len(rooms)} rooms")


async def test_words_are_looked_up_by_their_index(behind: Database) -> None:
    folded, pieces = words.wanted("E-2105")
    assert pieces == ["-2", "05", "10", "21", "e-"]
    inner = queries.FOUND.removeprefix("r.room_id IN (").removesuffix(")")
    async with behind.transaction() as tx:
        await tx.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await tx.execute(text(f"EXPLAIN {inner}"), {"words": folded, "pieces": pieces})
        assert "ix_room_words_tokens" in "\n".join(plan.scalars())
