"""What was deleted is gone: from the log's readers, from history, and from what a hub keeps in memory."""

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from tests.plant.processes import HubProcess, Hubs

WORDS = "the password of the line PC is hunter2"


async def post(client: httpx.AsyncClient, room: str, content: str) -> str:
    answer = await client.post(f"/api/rooms/{room}/messages", json={"content": content, "metadata": {"note": content}})
    return str(answer.raise_for_status().json()["message_id"])


async def test_everybody_reads_a_tombstone(hubs: Hubs, database: Database) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, WORDS)
    async with await hubs.live("chen") as chen:
        await chen.subscribe(room)
        assert (await wang.delete(f"/api/messages/{message}")).status_code == 204
        event = await chen.wait_for("event", type="MessageDeleted")
        assert event["body"] == {"message_id": message}
        assert event["actor"]["name"] == "wang"
    for path in (f"messages/{message}", "messages", "events?after_seq=0&limit=100", "snapshot"):
        answer = await (await hubs.client("chen")).get(f"/api/rooms/{room}/{path}")
        assert answer.is_success
        assert WORDS not in answer.text
    shown = (await wang.get(f"/api/rooms/{room}/messages/{message}")).json()
    assert (shown["content"], shown["metadata"], shown["deleted_at"]) == ("", {}, event["at"])
    async with database.reading() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM messages WHERE content LIKE '%hunter2%'")) == 0


async def test_a_room_kept_in_memory_forgets_it_too(hubs: Hubs) -> None:
    """The first reader fills the ring, all later ones are served from it: before the deletion, and after it."""
    room, hub = await hubs.open_room("lin"), hubs.any()
    wang = await hubs.client("wang", hub)
    message = await post(wang, room, WORDS)
    async with await hubs.live("lin", hub) as stays:
        await stays.subscribe(room)
        before = await replayed(hubs, hub, room)
        assert WORDS in before
        assert await rings(hubs, hub) >= 1
        await wang.delete(f"/api/messages/{message}")
        await stays.wait_for("event", type="MessageDeleted")
        for _ in range(3):
            after = await replayed(hubs, hub, room)
            assert WORDS not in after
            assert "MessageDeleted" in after


async def replayed(hubs: Hubs, hub: HubProcess, room: str) -> str:
    """Everything a reader gets that comes with nothing."""
    async with await hubs.live("chen", hub) as chen:
        assert (await chen.subscribe(room))["op"] == "caught_up"
        assert chen.seqs(room) == list(range(1, len(chen.seqs(room)) + 1))
        return str(chen.events(room))


async def rings(hubs: Hubs, hub: HubProcess) -> float:
    """How many subscriptions of this hub were served from memory."""
    metrics = (await (await hubs.client("lin", hub)).get("/metrics")).text
    return float(metrics.partition("\nring_hits_total ")[2].split()[0])


@pytest.mark.parametrize(
    ("who", "reason", "status"),
    [
        ("chen", None, 403),
        ("chen", "not mine", 403),
        ("guest", "not mine", 403),
        ("lin", None, 422),
        ("lin", "a password", 204),
        ("admin", "a password", 204),
        ("wang", None, 204),
    ],
)
async def test_who_may_delete(hubs: Hubs, database: Database, who: str, reason: str | None, status: int) -> None:
    """The author; owner and lead of the room and admins with a reason, which the audit keeps."""
    room = await hubs.open_room("lin")
    message = await post(await hubs.client("wang"), room, "on my way")
    client = await hubs.client(who)
    answer = await client.delete(f"/api/messages/{message}", params={"reason": reason} if reason else {})
    assert answer.status_code == status, answer.text
    async with database.reading() as conn:
        told = await conn.scalar(
            text("SELECT facts ->> 'reason' FROM audit_log WHERE action = 'message_deleted' AND object = :id"),
            {"id": message},
        )
    assert told == (reason if status == 204 and reason else None)


async def test_twice_is_once_and_what_is_not_there_is_not_found(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "on my way")
    assert [(await wang.delete(f"/api/messages/{message}")).status_code for _ in range(2)] == [204, 204]
    events = (await wang.get(f"/api/rooms/{room}/events?limit=100")).json()["events"]
    assert sum(event["type"] == "MessageDeleted" for event in events) == 1
    system = next(event["body"]["message_id"] for event in events if event["type"] == "RoomOpened")
    assert (await wang.delete(f"/api/messages/{system}")).status_code == 403
    assert (await wang.delete(f"/api/messages/{room}")).status_code == 404


async def test_a_retry_of_a_deleted_post_gets_its_first_answer(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    body = {"content": "on my way", "client_msg_id": f"key-{room}"}
    first = (await wang.post(f"/api/rooms/{room}/messages", json=body)).json()
    await wang.delete(f"/api/messages/{first['message_id']}")
    again = (await wang.post(f"/api/rooms/{room}/messages", json=body)).json()
    assert (again["message_id"], again["duplicate"]) == (first["message_id"], True)
