"""The audit over REST: what changed, by whom, from where; searched, exported, for admins alone."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from hub.audit import refusals
from hub.audit.actions import record
from hub.base.db import Database
from hub.people.audit.export import inert, line_of
from hub.stack.process import LOOPBACK
from tests.plant.waiting import until_it_is
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

COUNTED = text("SELECT sum(count) FROM audit_refusals WHERE operation = :operation")


async def found(admin: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await admin.get("/api/audit", params=asked)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


async def test_a_change_tells_who_what_when_and_from_where(door: Door) -> None:
    admin = await door.client("admin")
    async with door.newcomer("wang") as wang:
        answer = await wang.post("/api/auth/logout", headers={"x-request-id": "sign-me-out-1"})
        assert answer.status_code == 204
    [entry] = await found(admin, text="SIGN-me-out")
    assert (entry["actor"]["name"], entry["action"]) == ("wang", "signed_out")
    assert (entry["ip"], entry["request_id"]) == (LOOPBACK, "sign-me-out-1")
    [the_same] = await found(admin, object=entry["object"], action="signed_out", actor=entry["actor"]["id"])
    assert the_same["id"] == entry["id"]


async def test_events_of_a_room_stand_among_the_rows_without_its_talk(door: Door) -> None:
    admin, room = await door.client("admin"), await door.open_room("wang", title="Pump 7 runs dry")
    await (await door.client("wang")).post(f"/api/rooms/{room}/messages", json={"content": "hello"})
    entries = await found(admin, object=room)
    assert [entry["action"] for entry in entries] == ["MemberAdded", "RoomOpened"]
    assert {entry["actor"]["name"] for entry in entries} == {"wang"}
    assert [entry["object"] for entry in await found(admin, text="pump 7 runs")] == [room]


async def test_pages_lead_through_everything_once(door: Door, behind: Database) -> None:
    admin = await door.client("admin")
    async with behind.transaction() as tx:
        for number in range(25):
            await record(tx, None, "page_turned", "book", before={"page": number}, after={"page": number + 1})
    seen, cursor = [], None
    while True:
        asked: dict[str, Any] = {"action": "page_turned", "limit": 7} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get("/api/audit", params=asked)).json()
        seen += [entry["after"]["page"] for entry in page["entries"]]
        if (cursor := page["cursor"]) is None:
            break
    assert seen == list(range(25, 0, -1))
    future = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert await found(admin, action="page_turned", **{"from": future}) == []
    assert len(await found(admin, action="page_turned", to=future)) == 25


@pytest.mark.parametrize("cursor", ["x", "bjE", "é", "MjAyNi0wMS0wMVQwMDowMDowMCAnOyBEUk9Q"])
async def test_a_cursor_that_is_none_of_ours_is_refused(door: Door, cursor: str) -> None:
    answer = await (await door.client("admin")).get("/api/audit", params={"cursor": cursor})
    check_problem(answer, 422, "cursor_invalid")


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/export", "/api/audit/state"])
async def test_the_audit_is_for_admins(door: Door, path: str) -> None:
    for name in ("lin", "wang", "guest"):
        check_problem(await (await door.client(name)).get(path), 403, "forbidden")


async def test_refusals_are_counted_by_actor_operation_and_minute(door: Door, behind: Database) -> None:
    """Written behind the request; when the minute is over they are a row of the audit like any other."""
    wang, guest, admin = [await door.client(name) for name in ("wang", "guest", "admin")]
    me = (await guest.get("/api/auth/me")).json()["id"]
    async with door.newcomer() as stranger:
        for _ in range(3):
            check_problem(await stranger.get("/api/quarantine"), 401, "unauthenticated")
            check_problem(await guest.get("/api/quarantine"), 403, "forbidden")
        check_problem(await wang.get(f"/api/rooms/{me}"), 404, "not_found")

    async def counted() -> bool:  # others who share the hubs are refused as well
        async with behind.reading() as conn:
            return int(await conn.scalar(COUNTED, {"operation": "GET /api/quarantine"}) or 0) >= 6

    await until_it_is(counted, True)
    async with behind.transaction() as tx:
        await refusals.settle(tx, refusals.wall() + timedelta(minutes=2))
    rows = await found(admin, action="refused", object="GET /api/quarantine")
    told = {
        (row["actor"]["name"] if row["actor"] else None, row["facts"]["code"]): row["facts"]["count"] for row in rows
    }
    assert told[("guest", "forbidden")] >= 3
    assert told[(None, "unauthenticated")] >= 3
    assert {row["ip"] for row in rows} == {LOOPBACK}
    assert await found(admin, action="refused", object="GET /api/rooms/{room_id}")


async def test_refusals_of_a_socket_are_counted_too(door: Door, behind: Database) -> None:
    room = await door.open_room("wang")
    async with await door.live("guest") as live:
        assert (await live.post(room, "no-right", "hello"))["code"] == "forbidden"

    async def counted() -> int:
        async with behind.reading() as conn:
            return int(await conn.scalar(COUNTED, {"operation": "ws send"}) or 0)

    await until_it_is(counted, 1)


async def test_a_socket_tells_from_where_it_comes(door: Door) -> None:
    room, admin = await door.open_room("wang"), await door.client("admin")
    wang = await door.client("wang")
    message = (await wang.post(f"/api/rooms/{room}/messages", json={"content": "oops"})).json()["message_id"]
    async with await door.live("admin") as live:
        await live.say("delete", message_id=message, reason="names a customer", ref="d-1")
        await live.wait_for("done", ref="d-1")
    [entry] = await found(admin, action="message_deleted", object=message)
    assert (entry["actor"]["name"], entry["facts"]["reason"]) == ("admin", "names a customer")
    assert entry["ip"] == LOOPBACK
    assert entry["request_id"]


async def test_the_export_is_itself_in_the_audit(door: Door, behind: Database) -> None:
    admin = await door.client("admin")
    async with behind.transaction() as tx:
        await record(tx, None, "exported_thing", "=cmd|' /C calc'!A0", note="@SUM(1+1)")
    lines = (await admin.get("/api/audit/export", params={"action": "exported_thing"})).text.splitlines()
    assert [json.loads(line)["object"] for line in lines] == ["=cmd|' /C calc'!A0"]
    answer = await admin.get("/api/audit/export", params={"action": "exported_thing", "format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row["object"] == "'=cmd|' /C calc'!A0"
    noted = (await found(admin, action="audit_exported"))[0]
    assert (noted["actor"]["name"], noted["facts"]["format"]) == ("admin", "csv")
    assert noted["facts"]["filters"] == {"action": "exported_thing"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\n-1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert inert(cell) == "'" + cell
    assert next(csv.reader(io.StringIO(line_of([cell, "plain"]).decode(), newline=""))) == ["'" + cell, "plain"]


async def test_the_state_of_the_chain(door: Door) -> None:
    admin = await door.client("admin")

    async def unsealed() -> int:
        return int((await admin.get("/api/audit/state")).json()["unsealed"])

    await until_it_is(unsealed, 0)
    state = (await admin.get("/api/audit/state")).json()
    number, _, digest = state["head"].partition(":")
    assert int(number) > 0
    assert len(digest) == 64
    assert (state["chain_ok"], state["broken"]) == (True, None)
    async with door.newcomer() as http:
        told = (await http.get("/metrics")).text
    assert "audit_chain_ok 1.0" in told
    assert "audit_unsealed_seconds" in told


async def test_the_command_line_proves_and_exports(door: Door, tmp_path: Any) -> None:
    told = await door.andon("audit", "verify")
    assert "rows and" in told
    head = told.rpartition(" ")[2]
    assert "fit" in await door.andon("audit", "verify", "--head", head)
    number, _, digest = head.partition(":")
    assert f"row {number}" in await door.andon("audit", "verify", "--head", f"{number}:{digest[::-1]}")
    out = tmp_path / "audit.csv"
    assert "lines written" in await door.andon("audit", "export", "--format", "csv", "--out", str(out))
    assert "user_added" in out.read_text("utf-8")
    assert oct(out.stat().st_mode)[-3:] == "600"
