"""How far I have read: unread and mention counts, forward by reading, back by hand."""

from typing import Any

import httpx

from tests.plant.processes import Hubs


async def mark(client: httpx.AsyncClient, room: str, seq: int, **facts: bool) -> dict[str, Any]:
    answer = await client.put(f"/api/rooms/{room}/read", json={"seq": seq, **facts})
    found: dict[str, Any] = answer.raise_for_status().json()
    return {name: found[name] for name in ("last_read_seq", "unread", "mentions")}


async def test_a_mark_goes_forward_and_back_only_by_hand(hubs: Hubs) -> None:
    room, lin, wang = await hubs.open_room("lin"), await hubs.client("lin"), await hubs.client("wang")
    await wang.post(f"/api/rooms/{room}/messages", json={"content": "I come"})
    seqs = []
    for content in ("one", "@wang two", "three", "@room four"):
        posted = await lin.post(f"/api/rooms/{room}/messages", json={"content": content})
        seqs.append(posted.json()["seq"])
    assert await mark(wang, room, seqs[0]) == {"last_read_seq": seqs[0], "unread": 3, "mentions": 2}
    assert await mark(wang, room, seqs[3]) == {"last_read_seq": seqs[3], "unread": 0, "mentions": 0}
    assert await mark(wang, room, seqs[1]) == {"last_read_seq": seqs[3], "unread": 0, "mentions": 0}
    assert await mark(wang, room, seqs[1], unread=True) == {"last_read_seq": seqs[1], "unread": 2, "mentions": 1}
    row = (await wang.get(f"/api/rooms/{room}")).json()
    assert (row["last_read_seq"], row["unread"], row["mentions"]) == (seqs[1], 2, 1)
    assert await mark(wang, room, 10_000) == {"last_read_seq": seqs[3], "unread": 0, "mentions": 0}


async def test_nobody_reads_for_others(hubs: Hubs) -> None:
    room = await hubs.open_room("lin", visibility="members")
    answer = await (await hubs.client("chen")).put(f"/api/rooms/{room}/read", json={"seq": 1})
    assert answer.status_code == 404


async def test_people_are_found_to_be_called(hubs: Hubs) -> None:
    wang = await hubs.client("wang")
    assert [it["name"] for it in (await wang.get("/api/users?q=IN")).json()] == ["admin", "lin"]
    assert "gateway" not in {it["name"] for it in (await wang.get("/api/users")).json()}
    assert (await wang.get("/api/users?q=%25")).json() == []
    assert (await (await hubs.client("guest")).get("/api/users")).status_code == 403
