"""Ending a room: the closing form, severity that falls with a reason, merging, links and the archive."""

from typing import Any

import httpx
from sqlalchemy import text

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.log.log import RoomLog
from hub.messages.timeline import MessageTimeline
from hub.rooms.links.actions import archive_retired
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

FORM = {"cause": "machine", "countermeasures": "換 SSR", "lost_minutes": 12}


async def move(client: httpx.AsyncClient, room: str, to: str, **more: Any) -> httpx.Response:
    return await client.post(f"/api/rooms/{room}/transitions", json={"to": to, **more})


async def test_a_critical_incident_is_closed_with_its_form(door: Door) -> None:
    wang, room = await door.client("wang"), await door.open_room("wang", severity="critical")
    await move(wang, room, "restored")
    problem = check_problem(await move(wang, room, "closed"), 409, "closing_incomplete")
    assert problem["field"] == "cause"
    asked = (await wang.get(f"/api/rooms/{room}/closing")).json()
    assert (asked["missing"], asked["proposed_minutes"]) == (["cause", "countermeasures"], 1)
    check_problem(await wang.put(f"/api/rooms/{room}/closing", json={"cause": "luck"}), 422, "invalid")
    check_problem(await move(wang, room, "closed", closing={"cause": "man"}), 409, "closing_incomplete")
    closed = (await move(wang, room, "closed", closing=FORM)).raise_for_status().json()
    assert (closed["room"]["status"], "reopen" in closed["can"], "post" in closed["can"]) == ("closed", True, False)
    told = (await wang.get(f"/api/rooms/{room}/closing")).json()
    assert (told["form"], told["missing"], told["by"]["name"]) == (FORM, [], "wang")
    assert (await move(wang, room, "open")).json()["room"]["reopened"] == 1


async def test_who_closes_from_outside_comes_in_once(door: Door) -> None:
    lin, room = await door.client("lin"), await door.open_room("wang", severity="critical")
    (await lin.post(f"/api/rooms/{room}/transitions", json={"to": "restored"})).raise_for_status()
    chen = await door.client("chen")
    closing = {"cause": "machine", "countermeasures": "換 SSR"}
    told = await chen.post(f"/api/rooms/{room}/transitions", json={"to": "closed", "closing": closing})
    assert told.raise_for_status().json()["room"]["status"] == "closed"
    events = (await chen.get(f"/api/rooms/{room}/events?limit=50")).json()["events"]
    assert [event["type"] for event in events][-3:] == ["MemberAdded", "ClosingFilled", "StatusChanged"]


async def test_a_short_stop_or_a_small_matter_needs_none(door: Door) -> None:
    wang = await door.client("wang")
    for severity in ("high", "low"):
        room = await door.open_room("wang", severity=severity)
        await move(wang, room, "restored")
        assert (await move(wang, room, "closed")).status_code == 200


async def test_severity_falls_with_a_reason(door: Door) -> None:
    wang, chen, room = await door.client("wang"), await door.client("chen"), await door.open_room("wang")
    path = f"/api/rooms/{room}"
    assert (await chen.patch(path, json={"severity": "critical"})).status_code == 200
    check_problem(await chen.patch(path, json={"severity": "low", "reason": "x"}), 403, "forbidden")
    check_problem(await wang.patch(path, json={"severity": "low", "reason": " "}), 422, "reason_missing")
    assert (await wang.patch(path, json={"severity": "low", "reason": "感測器"})).json()["severity"] == "low"
    rows = (await wang.get(f"{path}/messages?type=system")).json()["messages"]
    assert rows[-1]["content"] == "感測器"


async def test_a_merged_room_goes_on_in_the_other(door: Door) -> None:
    """Its members come along, its later alarms join there, both logs tell of it, and it takes nothing more."""
    alarm = {"source": "merge", "active": True, "severity": "high", "text": {"en": "jam"}}
    rooms = []
    async with door.machine() as machine:
        for name in ("M-1", "M-2"):
            seen = {**alarm, "key": f"{name}-a", "machine": name, "line": "MERGE"}
            answer = await machine.post("/api/alarms", json={"observations": [seen]})
            rooms.append(answer.json()["results"][0]["room_id"])
        lin, chen, (old, new) = await door.client("lin"), await door.client("chen"), rooms
        await chen.post(f"/api/rooms/{old}/members", json={})
        body = {"into": new, "reason": "同一件事"}
        check_problem(await chen.post(f"/api/rooms/{old}/merge", json=body), 403, "forbidden")
        check_problem(await lin.post(f"/api/rooms/{old}/merge", json=body | {"into": old}), 422, "invalid")
        check_problem(await lin.post(f"/api/rooms/{old}/merge", json=body | {"reason": ""}), 422, "invalid")
        merged = (await lin.post(f"/api/rooms/{old}/merge", json=body)).raise_for_status().json()
        assert (merged["status"], merged["merged_into"]) == ("merged", new)
        again = {**alarm, "key": "M-1-b", "machine": "M-1", "line": "MERGE"}
        result = (await machine.post("/api/alarms", json={"observations": [again]})).json()["results"][0]
        assert (result["outcome"], result["room_id"]) == ("joined", new)
    links = {room: (await lin.get(f"/api/rooms/{room}/snapshot")).json()["links"] for room in rooms}
    assert [(link["kind"], link["room_id"]) for link in links[old]] == [("into", new)]
    assert [(link["kind"], link["room_id"]) for link in links[new]] == [("from", old)]
    names = {row["user"]["name"] for row in (await lin.get(f"/api/rooms/{new}/members")).json()}
    assert names >= {"chen", "lin"}
    check_problem(await chen.post(f"/api/rooms/{old}/messages", json={"content": "x"}), 409, "room_closed")
    check_problem(await move(lin, old, "open"), 409, "transition")
    check_problem(await lin.delete(f"/api/rooms/{old}/links/{new}"), 404, "not_found")


async def test_a_link_tells_nothing_of_a_room_one_may_not_open(door: Door) -> None:
    """Neither the log, nor the snapshot, nor the timeline says what the other room is called, nor how it is spelt."""
    wang, chen = await door.client("wang"), await door.client("chen")
    room = await door.open_room("wang", visibility="plant")
    linked = await door.open_room("wang", title="Hidden matter", visibility="members")
    gone = await door.open_room("wang", title="Hidden too", visibility="members")
    for step in (wang.put, wang.delete, wang.put):
        (await step(f"/api/rooms/{room}/links/{linked}")).raise_for_status()
    told = {"into": room, "reason": "the same"}
    (await (await door.client("admin")).post(f"/api/rooms/{gone}/merge", json=told)).raise_for_status()
    codes = [(await wang.get(f"/api/rooms/{it}")).json()["room"]["code"] for it in (linked, gone)]
    for way in ("snapshot", "events?limit=200", "messages?limit=200", "members"):
        read = (await chen.get(f"/api/rooms/{room}/{way}")).raise_for_status().text
        assert not [word for word in (*codes, "Hidden") if word in read], way
    links = (await chen.get(f"/api/rooms/{room}/snapshot")).json()["links"]
    assert [(it["room_id"], it["kind"]) for it in links] == [(linked, "related"), (gone, "from")]
    check_problem(await chen.get(f"/api/rooms/{linked}"), 404, "not_found")


async def test_what_was_brought_back_from_the_archive_stays_for_as_long_again(door: Door, behind: Database) -> None:
    lin, room = await door.client("lin"), await door.open_room("lin")
    path, log = f"/api/rooms/{room}", RoomLog(behind, MessageTimeline(), PlantClock())
    await move(lin, room, "false_alarm")

    async def archived(*aged: str) -> bool:
        async with behind.engine.begin() as conn:
            for name in aged:
                older = f"UPDATE incident_rooms SET {name} = {name} - interval '91 days' WHERE room_id = :room"
                await conn.execute(text(older), {"room": room})
        await archive_retired(log)
        return (await lin.get(path)).json()["room"]["archived_at"] is not None

    assert (await archived(), await archived("closed_at")) == (False, True)
    assert (await lin.delete(f"{path}/archive")).status_code == 204
    assert (await archived(), await archived("unarchived_at")) == (False, True)


async def test_links_and_the_archive(door: Door) -> None:
    wang, lin = await door.client("wang"), await door.client("lin")
    room, other = await door.open_room("wang"), await door.open_room("wang")
    path = f"/api/rooms/{room}"
    assert [link["room_id"] for link in (await wang.put(f"{path}/links/{other}")).json()] == [other]
    assert len((await wang.put(f"{path}/links/{other}")).json()) == 1
    check_problem(await wang.put(f"{path}/links/{room}"), 422, "invalid")
    assert (await wang.delete(f"/api/rooms/{other}/links/{room}")).status_code == 204
    assert (await wang.get(f"{path}/snapshot")).json()["links"] == []
    check_problem(await wang.put(f"{path}/archive"), 409, "transition")
    await move(wang, room, "false_alarm")
    archived = (await wang.put(f"{path}/archive")).raise_for_status().json()
    assert archived["archived_at"]
    mine = "/api/rooms?mine=true&limit=200"
    listed = {row["room"]["id"] for row in (await wang.get(mine)).json()["rooms"]}
    kept = {row["room"]["id"]: row["can"] for row in (await wang.get(f"{mine}&archived=true")).json()["rooms"]}
    assert (room in listed, kept[room]) == (False, ["leave"])
    check_problem(await move(wang, room, "open"), 409, "room_closed")
    check_problem(await wang.delete(f"{path}/archive"), 403, "forbidden")
    assert (await lin.delete(f"{path}/archive")).status_code == 204
    assert (await move(wang, room, "open")).status_code == 200


async def test_who_only_looks_at_one_of_two_rooms(door: Door) -> None:
    """links and merges neither of them, and asking for what is so already takes the right to it too."""
    wang, lin, chen = [await door.client(name) for name in ("wang", "lin", "chen")]
    room, own = await door.open_room("wang"), await door.open_room("chen")
    guest = {"user_id": str(door.people["chen"]), "role": "guest"}
    (await wang.post(f"/api/rooms/{room}/members", json=guest)).raise_for_status()
    for one, two in ((room, own), (own, room)):
        check_problem(await chen.put(f"/api/rooms/{one}/links/{two}"), 403, "forbidden")
        body = {"into": two, "reason": "the same motor"}
        check_problem(await chen.post(f"/api/rooms/{one}/merge", json=body), 403, "forbidden")
        (await lin.put(f"/api/rooms/{one}/links/{two}")).raise_for_status()
        check_problem(await chen.delete(f"/api/rooms/{one}/links/{two}"), 403, "forbidden")
    check_problem(await move(chen, room, "open"), 403, "forbidden")
    await move(wang, room, "false_alarm")
    (await wang.put(f"/api/rooms/{room}/archive")).raise_for_status()
    check_problem(await chen.put(f"/api/rooms/{room}/archive"), 403, "forbidden")
