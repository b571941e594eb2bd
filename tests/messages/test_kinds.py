"""Kinds of messages: one checker each; references are stored as they were checked, system and cards only by the hub."""

from typing import Any
from uuid import uuid4

import pytest

from tests.plant.processes import Hubs
from tests.surfaces.bad import check_problem

REF: dict[str, Any] = {
    "file_id": str(uuid4()),
    "name": "進料口.jpg",
    "mime": "image/jpeg",
    "size": 81_220,
    "width": 1280,
}


@pytest.mark.parametrize("kind", ["image_ref", "file_ref"])
async def test_a_reference_is_stored_as_it_was_checked(hubs: Hubs, kind: str) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    for caption in ("", "@lin 看這裡"):
        body = {"type": kind, "content": caption, "metadata": REF}
        posted = (await wang.post(f"/api/rooms/{room}/messages", json=body)).raise_for_status().json()
        found = (await wang.get(f"/api/rooms/{room}/messages/{posted['message_id']}")).json()
        assert (found["type"], found["content"]) == (kind, caption)
        assert {name: value for name, value in found["metadata"].items() if name != "mentions"} == REF


BAD: list[tuple[str, dict[str, Any]]] = [
    ("image_ref", {}),
    ("image_ref", REF | {"file_id": "x"}),
    ("image_ref", REF | {"mime": "text/html"}),
    ("image_ref", REF | {"mime": "image/<svg>"}),
    ("file_ref", REF | {"size": 0}),
    ("file_ref", REF | {"size": "1"}),
    ("file_ref", REF | {"name": ""}),
    ("file_ref", REF | {"name": "x" * 256}),
    ("file_ref", REF | {"url": "http://elsewhere.example"}),
]


@pytest.mark.parametrize(("kind", "metadata"), BAD)
async def test_a_reference_that_is_none(hubs: Hubs, kind: str, metadata: dict[str, Any]) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    body = {"type": kind, "content": "", "metadata": metadata}
    check_problem(await wang.post(f"/api/rooms/{room}/messages", json=body), 422, "kind")


async def test_system_rows_say_what_happened_as_keys(hubs: Hubs) -> None:
    room, lin, wang = await hubs.open_room("lin"), await hubs.client("lin"), await hubs.client("wang")
    people = {it["name"]: it["id"] for it in (await lin.get("/api/users")).json()}
    await wang.post(f"/api/rooms/{room}/members", json={})
    await lin.post(f"/api/rooms/{room}/members", json={"user_id": people["chen"]})
    await lin.patch(f"/api/rooms/{room}/members/{people['chen']}", json={"role": "lead"})
    await lin.delete(f"/api/rooms/{room}/members/{people['chen']}")
    await wang.delete(f"/api/rooms/{room}/members/{people['wang']}")
    await lin.patch(f"/api/rooms/{room}", json={"severity": "low", "title": "x", "reason": "y"})
    await lin.post(f"/api/rooms/{room}/transitions", json={"to": "acknowledged"})
    rows = (await lin.get(f"/api/rooms/{room}/messages?type=system")).json()["messages"]
    assert [row["metadata"]["key"] for row in rows] == [
        "room_opened",
        "user_joined",
        "user_joined",
        "member_added",
        "role_changed",
        "member_removed",
        "user_left",
        "room_changed",
        "severity_changed",
        "status_changed",
    ]
    assert rows[3]["metadata"]["params"]["user"]["name"] == "chen"
