"""Members: who comes, who goes, and what they may read of a room for members only."""

from uuid import uuid4

import httpx

from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door


async def members(client: httpx.AsyncClient, room: str) -> dict[str, str]:
    rows = (await client.get(f"/api/rooms/{room}/members")).raise_for_status().json()
    return {row["user"]["name"]: row["role"] for row in rows}


async def test_who_opens_owns_and_who_speaks_joins(door: Door) -> None:
    wang, chen, room = await door.client("wang"), await door.client("chen"), await door.open_room("wang")
    assert await members(wang, room) == {"wang": "owner"}
    await chen.post(f"/api/rooms/{room}/messages", json={"content": "on my way"})
    assert await members(wang, room) == {"wang": "owner", "chen": "responder"}
    events = (await wang.get(f"/api/rooms/{room}/events")).json()["events"]
    assert [event["type"] for event in events] == ["RoomOpened", "MemberAdded", "MemberAdded", "MessagePosted"]


async def test_added_promoted_removed(door: Door) -> None:
    wang, room, chen = await door.client("wang"), await door.open_room("wang"), str(door.people["chen"])
    await wang.post(f"/api/rooms/{room}/members", json={"user_id": chen, "role": "viewer"})
    check_problem(
        await (await door.client("chen")).post(f"/api/rooms/{room}/messages", json={"content": "x"}), 403, "forbidden"
    )
    promoted = await wang.patch(f"/api/rooms/{room}/members/{chen}", json={"role": "lead"})
    assert [row["role"] for row in promoted.json()] == ["owner", "lead"]
    assert (await wang.delete(f"/api/rooms/{room}/members/{chen}")).status_code == 204
    assert await members(wang, room) == {"wang": "owner"}
    check_problem(await wang.delete(f"/api/rooms/{room}/members/{chen}"), 404, "not_found")
    check_problem(await wang.patch(f"/api/rooms/{room}/members/{chen}", json={"role": "lead"}), 404, "not_found")
    check_problem(await wang.post(f"/api/rooms/{room}/members", json={"user_id": str(uuid4())}), 422, "invalid")


async def test_only_owners_and_leads_manage(door: Door) -> None:
    room, wang = await door.open_room("wang"), str(door.people["wang"])
    chen, lin = await door.client("chen"), await door.client("lin")
    await chen.post(f"/api/rooms/{room}/members", json={})
    check_problem(await chen.delete(f"/api/rooms/{room}/members/{wang}"), 403, "forbidden")
    mine = f"/api/rooms/{room}/members/{door.people['chen']}"
    check_problem(await chen.patch(mine, json={"role": "owner"}), 403, "forbidden")
    boss = {"user_id": str(door.people["guest"]), "role": "owner"}
    check_problem(await chen.post(f"/api/rooms/{room}/members", json=boss), 403, "forbidden")
    assert (await chen.delete(mine)).status_code == 204
    assert (await lin.delete(f"/api/rooms/{room}/members/{wang}")).status_code == 204
    assert await members(lin, room) == {}


async def test_a_room_for_members_only_is_read_in_spans(door: Door) -> None:
    """Nothing of before one came, nothing of while one was away; the removal itself is the last thing one sees."""
    wang, chen = await door.client("wang"), await door.client("chen")
    room = await door.open_room("wang", visibility="members")

    async def say(content: str) -> int:
        answer = await wang.post(f"/api/rooms/{room}/messages", json={"content": content})
        return int(answer.raise_for_status().json()["seq"])

    async def seqs(path: str, part: str) -> list[int]:
        return [row["seq"] for row in (await chen.get(f"/api/rooms/{room}/{path}")).raise_for_status().json()[part]]

    early = [await say(f"early {number}") for number in range(3)]
    who = {"user_id": str(door.people["chen"])}
    await wang.post(f"/api/rooms/{room}/members", json=who)
    came, heard = early[-1] + 1, await say("welcome")
    assert await seqs("events?limit=2", "events") == [came, heard]
    await wang.delete(f"/api/rooms/{room}/members/{who['user_id']}")
    missed = await say("behind your back")
    check_problem(await chen.get(f"/api/rooms/{room}"), 404, "not_found")
    await wang.post(f"/api/rooms/{room}/members", json=who)
    back, last = missed + 1, await say("back again")
    assert await seqs("events", "events") == [came, heard, missed - 1, back, last]
    assert await seqs(f"events?after_seq={heard + 1}&limit=1", "events") == [back]
    assert missed not in await seqs("messages", "messages")
    assert missed not in await seqs(f"messages?around={missed}", "messages")
    snapshot = (await chen.get(f"/api/rooms/{room}/snapshot")).json()
    assert (snapshot["as_of_seq"], {message["seq"] for message in snapshot["messages"]}) == (
        last,
        {came, heard, missed - 1, back, last},
    )
