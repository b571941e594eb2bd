"""Bad alarms: a batch is refused as a whole only when it cannot be read; a bad field never loses an alarm."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hub.wire import limits
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

Facts = dict[str, Any]


async def report(door: Door, *items: Any) -> list[Facts]:
    """Report items; the results, after checking that a good report still works."""
    async with door.machine() as machine:
        answer = await send(machine, json.dumps({"observations": items}).encode())
        assert answer.status_code == 200, answer.text
        assert (await send(machine, json.dumps({"observations": [alarm()]}).encode())).json()["results"][0]["room_id"]
    results: list[Facts] = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(len(items)))
    return results


async def send(machine: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await machine.post("/api/alarms", content=body, headers={"content-type": "application/json"})


def alarm(**facts: Any) -> Facts:
    """A raise on a machine of its own."""
    return {
        "source": "s1",
        "key": f"k-{uuid4()}",
        "active": True,
        "machine": f"m-{uuid4()}",
        "severity": "high",
    } | facts


async def card(door: Door, room_id: str) -> Facts:
    messages = (await (await door.client("lin")).get(f"/api/rooms/{room_id}/messages?type=incident_data")).json()
    found: Facts = messages["messages"][0]["metadata"]
    return found


DEFECTS: dict[str, tuple[Facts, str | None]] = {
    "bad_47_1": ({"event_id": "e" * 300}, "event_id_invalid"),
    "bad_47_2": ({"event_id": "a\0b"}, "event_id_invalid"),
    "bad_47_3": ({"event_id": 5}, "event_id_invalid"),
    "bad_48_1": ({"severity": "critcal"}, "severity_invalid"),
    "bad_48_2": ({"severity": 99_999}, "severity_invalid"),
    "bad_48_3": ({"severity": 0}, "severity_invalid"),
    "bad_48_4": ({"severity": True}, "severity_invalid"),
    "bad_48_5": ({"severity": ["high"]}, "severity_invalid"),
    "bad_48_6": ({"severity": None}, None),
    "bad_50_1": ({"value": "1,5"}, "value_invalid"),
    "bad_50_2": ({"value": float("nan")}, "value_invalid"),
    "bad_50_3": ({"value": float("inf")}, "value_invalid"),
    "bad_50_4": ({"value": {"a": 1}}, "value_invalid"),
    "bad_50_5": ({"value": "NaN"}, None),
    "bad_57_1": ({"quality": "rotten"}, "field_invalid"),
    "bad_57_2": ({"category": "zombies"}, "field_invalid"),
    "bad_57_3": ({"active": True, "acked": "perhaps"}, "field_invalid"),
    "bad_57_4": ({"line": ["L1"]}, "field_invalid"),
    "bad_57_5": ({"unit": "u" * 100}, "field_invalid"),
    "bad_58_1": ({"text": "t" * 5000}, None),
    "bad_58_2": ({"text": {"en\0": "x", "zh-TW": 5}}, "field_invalid"),
    "bad_58_3": ({"text": "NUL \0 and half a surrogate \ud800"}, None),
    "bad_58_4": ({"raw": {"\0": "\ud800"}}, None),
    "bad_58_5": ({"raw": json.loads("[" * 300 + "]" * 300)}, None),
    "bad_58_6": ({"defects": 5}, None),
    "bad_58_7": ({"defects": ["odd\0" * 50, 5, None]}, "odd" * 13 + "…"),
    "bad_58_8": ({"unheard": "of", "more": [1]}, None),
    "bad_59_1": ({"source_at": "yesterday"}, "time_invalid"),
    "bad_59_2": ({"source_at": "2026-01-01T00:00:00"}, "time_invalid"),
    "bad_59_3": ({"source_at": "0001-01-01T00:00:00Z"}, "time_invalid"),
    "bad_59_4": ({"source_at": 1_700_000_000}, "time_invalid"),
}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in DEFECTS])
async def test_accepted_with_a_defect(door: Door, name: str) -> None:
    """The defect is told, and the alarm opens its room."""
    facts, code = DEFECTS[name]
    [result] = await report(door, alarm(**facts))
    assert (result["outcome"], result.get("code")) == ("opened", code)
    defects = (await card(door, result["room_id"]))["defects"]
    assert code is None or code in defects


async def test_bad_50_number_beyond_floats(door: Door) -> None:
    """1e309 is valid JSON that no float holds; its neighbours in the batch are not lost either."""
    body = json.dumps({"observations": [alarm(value=815), alarm()]}).replace("815", "1e309").encode()
    async with door.machine() as machine:
        results = (await send(machine, body)).json()["results"]
    assert [(result["outcome"], result.get("code")) for result in results] == [
        ("opened", "value_invalid"),
        ("opened", None),
    ]


QUARANTINED: dict[str, tuple[Facts, str]] = {
    "bad_46_1": ({"source": "s1", "active": True}, "key_missing"),
    "bad_46_2": ({"source": "s1", "key": "", "active": True}, "key_missing"),
    "bad_46_3": ({"source": "s1", "key": None}, "key_missing"),
    "bad_46_4": ({"source": "s1", "key": ["k"]}, "key_missing"),
    "bad_46_5": ({"key": "k", "active": True}, "key_missing"),
    "bad_46_6": ({}, "key_missing"),
    "bad_46_7": ({"source": "", "key": "k"}, "key_missing"),
    "bad_46_8": ({"source": 5, "key": "k"}, "key_missing"),
    "bad_53_1": ({"source": "s1", "snapshot": []}, "key_missing"),
    "bad_53_2": ({"source": "s1", "snapshot": {"scope": "a\0", "active": []}}, "key_missing"),
    "bad_53_3": ({"source": "s1", "snapshot": {"scope": "a", "active": None}}, "key_missing"),
    "bad_53_4": ({"source": "s1", "snapshot": {"scope": "a", "active": [5]}}, "key_missing"),
    "bad_53_5": ({"source": "s1", "snapshot": {"scope": "a", "active": [{"text": "no key"}]}}, "key_missing"),
    "bad_44_1": ({"source": "s1", "reject": {"code": "decode", "detail": "gzip", "payload": "\0\ud800"}}, "decode"),
    "bad_44_2": ({"source": "s1", "reject": {"code": ["decode"]}}, "decode"),
    "bad_44_3": ({"source": "s1", "reject": {"code": "payload_empty", "topic": "a/b"}}, "payload_empty"),
    "bad_44_4": ({"source": "s1", "reject": None}, "decode"),
}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in QUARANTINED])
async def test_quarantined(door: Door, name: str) -> None:
    """Kept for the leads, and the good one beside it opens its room."""
    item, code = QUARANTINED[name]
    refused, opened = await report(door, item, alarm())
    assert (refused["outcome"], refused["code"], opened["outcome"]) == ("quarantined", code, "opened")
    rows = (await (await door.client("lin")).get("/api/quarantine?limit=20")).json()["items"]
    assert code in {row["code"] for row in rows}


async def test_bad_52_orphan_clear(door: Door) -> None:
    [result] = await report(door, alarm(active=False))
    assert (result["outcome"], result["code"], result.get("room_id")) == ("logged", "orphan_clear", None)


BATCHES = {
    "bad_1_1": (b'{"observations":[', 400, "json_invalid"),
    "bad_1_2": (b'{"observations":["\xff"]}', 400, "json_invalid"),
    "bad_4_1": (b'{"observations":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "json_too_deep"),
    "bad_5_1": (b'{"observations":["' + b"x" * limits.ALARM_BODY_BYTES + b'"]}', 413, "body_too_large"),
    "bad_13_1": (b'{"observations":[1]}', 422, "type"),
    "bad_13_2": (b'{"observations":{}}', 422, "type"),
    "bad_13_3": (b"[]", 422, "type"),
    "bad_13_4": (b"{}", 422, "missing_field"),
    "bad_13_5": (b'{"observations":[],"more":1}', 422, "unknown_field"),
    "bad_14_1": (json.dumps({"observations": [alarm()] * (limits.ALARM_BATCH + 1)}).encode(), 422, "limit"),
}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in BATCHES])
async def test_refused_batch(door: Door, name: str) -> None:
    body, status, code = BATCHES[name]
    async with door.machine() as machine:
        check_problem(await send(machine, body), status, code)
        assert (await send(machine, json.dumps({"observations": [alarm()]}).encode())).status_code == 200
        assert (await send(machine, b'{"observations":[]}')).json() == {"results": []}


async def test_bad_46_source_of_another(door: Door) -> None:
    """A token speaks for the sources it names: a foreign item is quarantined, its own neighbour goes through."""
    async with door.any().client(await door.token_for("paint-shop", "s1")) as machine:
        items = [alarm(source="s2"), alarm(source="s1"), alarm(source="S1"), alarm(source="*")]
        results = (await send(machine, json.dumps({"observations": items}).encode())).json()["results"]
    assert [result["outcome"] for result in results] == ["quarantined", "opened", "quarantined", "quarantined"]
    assert [result.get("code") for result in results] == ["source_mismatch", None, "source_mismatch", "source_mismatch"]


async def test_people_and_tokens_without_sources_report_nothing(door: Door, wang: httpx.AsyncClient) -> None:
    check_problem(await wang.post("/api/alarms", json={"observations": [alarm()]}), 403, "forbidden")
    async with door.newcomer() as http:
        check_problem(await http.post("/api/alarms", json={"observations": []}), 401, "unauthenticated")
    async with door.any().client(await door.token_for("mute")) as mute:
        check_problem(await mute.post("/api/alarms", json={"observations": [alarm()]}), 403, "forbidden")
    for name in ("wang", "guest"):
        check_problem(await (await door.client(name)).get("/api/quarantine"), 403, "forbidden")
