"""Reading: pages of the history, read marks and unread counts, the changed list, snapshots."""

import asyncio
from typing import Any

import httpx
import pytest

from hub.wire import limits
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

COUNT = 12


@pytest.fixture(scope="module")
async def room(door: Door) -> str:
    """A room with twelve messages of lin: seqs 3 to 14, after two system rows."""
    lin, room = await door.client("lin"), await door.open_room("lin")
    for number in range(COUNT):
        posted = await lin.post(f"/api/rooms/{room}/messages", json={"content": f"message {number}"})
        assert posted.json()["seq"] == number + 3
    return room


@pytest.mark.parametrize(
    ("query", "seqs", "before", "after"),
    [
        ("", range(1, 15), None, None),
        ("limit=3", (12, 13, 14), 12, None),
        ("before_seq=12&limit=3", (9, 10, 11), 9, 11),
        ("before_seq=3", (1, 2), None, 2),
        ("before_seq=1", (), None, None),
        ("after_seq=0&limit=3", (1, 2, 3), None, 3),
        ("after_seq=12", (13, 14), 13, None),
        ("after_seq=14", (), None, None),
        ("around=8&limit=4", (7, 8, 9, 10), 7, 10),
        ("around=1&limit=4", (1, 2, 3), None, 3),
        ("around=9000&limit=4", (13, 14), 13, None),
        ("type=system", (1, 2), None, None),
        ("type=text&limit=2", (13, 14), 13, None),
        ("type=incident_data", (), None, None),
    ],
)
async def test_pages(
    door: Door, room: str, query: str, seqs: tuple[int, ...], before: int | None, after: int | None
) -> None:
    page = (await (await door.client("wang")).get(f"/api/rooms/{room}/messages?{query}")).json()
    assert [message["seq"] for message in page["messages"]] == list(seqs)
    assert (page["before"], page["after"]) == (before, after)


async def test_walking_back_and_forth_meets_everything_once(door: Door, room: str) -> None:
    wang, back, seq = await door.client("wang"), [], 15
    while seq:
        page = (await wang.get(f"/api/rooms/{room}/messages?before_seq={seq}&limit=4")).json()
        back += reversed([message["seq"] for message in page["messages"]])
        seq = page["before"]
    assert back == list(range(14, 0, -1))


async def test_one_message(door: Door, room: str) -> None:
    wang = await door.client("wang")
    newest = (await wang.get(f"/api/rooms/{room}/messages?limit=1")).json()["messages"][0]
    assert (await wang.get(f"/api/rooms/{room}/messages/{newest['message_id']}")).json() == newest
    assert (newest["sender"]["name"], newest["content"], newest["type"]) == ("lin", "message 11", "text")
    elsewhere = await door.open_room("wang")
    check_problem(await wang.get(f"/api/rooms/{elsewhere}/messages/{newest['message_id']}"), 404, "not_found")


async def test_read_marks_and_unread_counts(door: Door, room: str) -> None:
    """What others wrote counts, my own and system rows do not; the mark never passes the head."""
    wang, lin = await door.client("wang"), await door.client("lin")

    async def row(client: httpx.AsyncClient) -> tuple[int, int]:
        found = (await client.get(f"/api/rooms/{room}")).json()
        return found["unread"], found["last_read_seq"]

    assert await row(wang) == (COUNT, 0)
    assert await row(lin) == (0, 0)
    mark = await wang.put(f"/api/rooms/{room}/read", json={"seq": 10})
    assert mark.json() == {"room_id": room, "last_read_seq": 10, "unread": 4, "mentions": 0}
    assert await row(wang) == (4, 10)
    assert (await wang.put(f"/api/rooms/{room}/read", json={"seq": 2**53})).json()["last_read_seq"] == 14
    late = (await wang.put(f"/api/rooms/{room}/read", json={"seq": 3})).json()
    assert (late["last_read_seq"], late["unread"]) == (14, 0)
    assert await row(wang) == (0, 14)


async def test_changed_after(door: Door) -> None:
    """The list's cursor: what moved since, and nothing else."""
    wang, chen = await door.client("wang"), await door.client("chen")
    quiet, hidden = await door.open_room("wang"), await door.open_room("wang", visibility="members")
    cursor = (await chen.get("/api/rooms?limit=1")).json()["changed"]
    moved = await door.open_room("wang")
    await wang.post(f"/api/rooms/{hidden}/messages", json={"content": "psst"})
    found: dict[str, Any] = {}
    async with asyncio.timeout(10):  # until every transaction that ran meanwhile anywhere on the server has ended
        while moved not in found:
            page = (await chen.get(f"/api/rooms?changed_after={cursor}")).json()
            found |= {row["room"]["id"]: row for row in page["rooms"]}
            cursor = page["changed"]
    assert quiet not in found
    assert hidden not in found
    assert found[moved]["room"]["last_seq"] == 2


async def test_pages_of_the_list(door: Door) -> None:
    wang, line = await door.client("wang"), "LINE-OF-FIVE"
    opened = [await door.open_room("wang", line=line, severity="low" if odd else "high") for odd in (0, 1, 0, 1, 0)]
    listed, cursor = [], ""
    for _ in range(3):
        page = (await wang.get(f"/api/rooms?line={line}&limit=2{cursor}")).json()
        listed += [row["room"]["id"] for row in page["rooms"]]
        cursor = f"&cursor={page['next']}"
    assert (listed, page["next"]) == (opened[::-1], None)
    low = (await wang.get(f"/api/rooms?line={line}&severity=low&status=open&mine=true")).json()["rooms"]
    assert [row["room"]["id"] for row in low] == [opened[3], opened[1]]
    assert (await (await door.client("chen")).get(f"/api/rooms?line={line}&mine=true")).json()["rooms"] == []


async def test_snapshot(door: Door, room: str) -> None:
    snapshot = (await (await door.client("chen")).get(f"/api/rooms/{room}/snapshot")).json()
    assert snapshot["as_of_seq"] == snapshot["room"]["last_seq"] == 14
    assert [message["seq"] for message in snapshot["messages"]] == list(range(1, 15))
    assert [member["user"]["name"] for member in snapshot["members"]] == ["lin"]
    assert snapshot["epoch"]


async def test_bad_27_burst(door: Door) -> None:
    """Fifty at once are an outbox that comes home; more than that waits its turn, and is then taken."""
    hub, room = door.any(), await door.open_room("admin")
    both = [await door.client("admin", hub) for hub in door.all]

    async def post(number: int) -> httpx.Response:
        return await both[number % 2].post(
            f"/api/rooms/{room}/messages", json={"content": f"x {number}", "client_msg_id": f"b-{number}"}
        )

    answers = await asyncio.gather(*(post(number) for number in range(200)))
    refused = [answer for answer in answers if answer.status_code == 429]
    print(f"200 posts at once: {200 - len(refused)} taken, {len(refused)} told to wait")
    assert limits.MESSAGES_BURST <= 200 - len(refused) < 200
    for answer in refused:
        problem = check_problem(answer, 429, "rate_limited")
        assert 0 < problem["retry_after"] <= 1
        assert answer.headers["retry-after"] == answer.headers["ratelimit-reset"] == "1"
        assert answer.headers["ratelimit-remaining"] == "0"
    async with await door.live("admin", hub) as live:
        errors = [await live.post(room, f"w-{number}", f"y {number}") for number in range(40)]
        waits = [error["retry_after_ms"] for error in errors if error["op"] == "error"]
        assert all(0 < wait <= 1000 for wait in waits)
        await asyncio.sleep(max(waits, default=0) / 1000)
        assert (await live.post(room, "after", "z"))["op"] == "ack"
