"""The life of an incident: which moves are allowed, and what a move does."""

import itertools
from typing import get_args

import pytest

from hub.rooms.policy import TRANSITIONS, check_transition, clocks_cleared, source_transition
from hub.wire.problems import Problem
from hub.wire.views import Status
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

# The picture of the incident's life: from → to. What is not here is refused.
ALLOWED = """
open         acknowledged on_site restored false_alarm
acknowledged open on_site restored false_alarm
on_site      open acknowledged restored false_alarm
restored     open monitoring closed false_alarm
monitoring   open restored closed
closed       open
merged
false_alarm  open
"""
PAIRS = {(words[0], to) for line in ALLOWED.split("\n") if (words := line.split()) for to in words[1:]}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(get_args(Status), repeat=2)))
def test_every_pair(old: str, new: str) -> None:
    if (old, new) in PAIRS:
        return check_transition(old, new)
    with pytest.raises(Problem) as refused:
        check_transition(old, new)
    assert (refused.value.code, refused.value.status) == ("transition", 409)


def test_every_status_has_a_way_out_but_merged() -> None:
    assert set(TRANSITIONS) == set(get_args(Status))
    assert [status for status, ways in TRANSITIONS.items() if not ways] == ["merged"]


def test_going_back_forgets_later_clocks() -> None:
    assert "restored_at" in clocks_cleared("open")
    assert clocks_cleared("monitoring") == ["closed_at"]
    assert clocks_cleared("closed") == []


def test_machines_move_only_what_nobody_works_on() -> None:
    assert source_transition("open", 0) == "restored"
    assert source_transition("restored", 1) == "open"
    assert {source_transition(status, 0) for status in ("acknowledged", "on_site", "closed")} == {None}
    assert {source_transition(status, 1) for status in ("open", "acknowledged", "closed", "false_alarm")} == {None}


async def test_from_taking_it_to_closing_it(door: Door) -> None:
    """Who takes it owns it; every step leaves its clock and its event."""
    wang, chen, room = await door.client("wang"), await door.client("chen"), await door.open_room("wang")
    steps = ("acknowledged", "on_site", "restored", "monitoring", "closed")
    for status in steps:
        told = (await chen.post(f"/api/rooms/{room}/transitions", json={"to": status})).json()["room"]
        assert (told["status"], told["owner"]["name"], told[f"{status}_at"] is None) == (status, "chen", False)
    events = (await wang.get(f"/api/rooms/{room}/events")).json()["events"]
    moves = [event for event in events if event["type"] == "StatusChanged"]
    assert [event["body"]["to_status"] for event in moves] == list(steps)
    assert {event["actor"]["name"] for event in moves} == {"chen"}
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    clocks = (await wang.get(f"/api/rooms/{room}")).json()["room"]
    assert [clocks[f"{status}_at"] for status in steps] == [event["at"] for event in moves]


async def test_refused_and_repeated_moves_leave_no_event(door: Door) -> None:
    wang, room = await door.client("wang"), await door.open_room("wang")
    before = (await wang.get(f"/api/rooms/{room}")).json()["room"]["last_seq"]
    for to in ("closed", "monitoring", "merged"):
        check_problem(await wang.post(f"/api/rooms/{room}/transitions", json={"to": to}), 409, "transition")
    same = await wang.post(f"/api/rooms/{room}/transitions", json={"to": "open"})
    assert (same.status_code, same.json()["room"]["last_seq"]) == (200, before)


async def test_the_reason_stands_in_the_timeline_and_not_in_the_log(door: Door) -> None:
    wang, room = await door.client("wang"), await door.open_room("wang")
    await wang.post(f"/api/rooms/{room}/transitions", json={"to": "false_alarm", "reason": "感測器髒了"})
    rows = (await wang.get(f"/api/rooms/{room}/messages?type=system")).json()["messages"]
    assert rows[-1]["content"] == "感測器髒了"
    assert "reason" not in rows[-1]["metadata"]["params"]


async def test_giving_it_back_and_opening_it_again(door: Door) -> None:
    wang, room = await door.client("wang"), await door.open_room("wang")

    async def move(to: str) -> dict[str, object]:
        answer = await wang.post(f"/api/rooms/{room}/transitions", json={"to": to})
        found: dict[str, object] = answer.raise_for_status().json()["room"]
        return found

    assert (await move("acknowledged"))["owner"]
    assert await move("open") | {"last_seq": 0} == (await move("open")) | {"last_seq": 0, "owner": None}
    assert (await move("false_alarm"))["closed_at"]
    opened = await move("open")
    assert (opened["status"], opened["closed_at"], opened["acknowledged_at"]) == ("open", None, None)
    assert (await wang.post(f"/api/rooms/{room}/messages", json={"content": "again"})).status_code == 201


async def test_opened_by_hand(door: Door) -> None:
    facts = {
        "title": "迴焊爐第 5 溫區超溫",
        "line": "SMT-3",
        "machine": "RO-03",
        "severity": "critical",
        "category": "safety",
    }
    wang, lin = await door.client("wang"), await door.client("lin")
    row = (await wang.post("/api/rooms", json=facts)).raise_for_status().json()
    room = row["room"]
    assert {name: room[name] for name in facts} == facts
    assert (room["status"], room["visibility"], row["am_member"], row["members"]) == ("open", "line", True, 1)
    assert room["code"].startswith("INC-")
    milder = {"title": "溫度恢復", "severity": "low"}
    check_problem(await wang.patch(f"/api/rooms/{room['id']}", json=milder), 422, "reason_missing")
    changed = await wang.patch(f"/api/rooms/{room['id']}", json=milder | {"reason": "只是感測器"})
    assert (changed.json()["title"], changed.json()["severity"]) == ("溫度恢復", "low")
    check_problem(await wang.patch(f"/api/rooms/{room['id']}", json={"visibility": "plant"}), 403, "forbidden")
    assert (await lin.patch(f"/api/rooms/{room['id']}", json={"visibility": "plant"})).json()["visibility"] == "plant"
