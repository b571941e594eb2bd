"""One's own text, another wording: for 15 minutes, with every former one kept; over REST and over the socket."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.settings import Settings
from hub.log.log import RoomLog
from hub.messages.actions import edit_message
from hub.messages.desk import Desk
from hub.rooms import opening as rooms
from hub.wire.problems import Problem
from hub.wire.requests import OpenRoom, PostMessage
from tests.plant.people import People
from tests.plant.processes import SECRET, Hubs

OLDER = text("UPDATE messages SET created_at = created_at - make_interval(secs => :s) WHERE message_id = :id")
HISTORY = text(
    "SELECT version, original_content, u.username FROM message_edit_history h JOIN users u ON u.id = h.edited_by "
    "WHERE message_id = :id ORDER BY version"
)
LOSE_TWICE = """
CREATE SEQUENCE races;
CREATE FUNCTION race() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF nextval('races') < 3 THEN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END IF; RETURN NEW; END $$;
CREATE TRIGGER race BEFORE INSERT ON message_edit_history FOR EACH ROW EXECUTE FUNCTION race()
"""
LOSE_NO_MORE = "DROP TRIGGER race ON message_edit_history; DROP FUNCTION race; DROP SEQUENCE races"


async def post(client: httpx.AsyncClient, room: str, content: str) -> str:
    answer = await client.post(f"/api/rooms/{room}/messages", json={"content": content, "metadata": {"note": "kept"}})
    return str(answer.raise_for_status().json()["message_id"])


async def edit(client: httpx.AsyncClient, message: str, content: str, **headers: str) -> httpx.Response:
    return await client.patch(f"/api/messages/{message}", json={"content": content}, headers=headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_everybody_reads_the_new_wording_and_may_read_the_former(hubs: Hubs, database: Database) -> None:
    room, wang, chen = await hubs.open_room("lin"), await hubs.client("wang"), await hubs.client("chen")
    message = await post(wang, room, "SSR 燒了")
    async with await hubs.live("chen") as live:
        await live.subscribe(room)
        answer = await edit(wang, message, "SSR 沒燒，是保險絲", **{"If-Match": '"1"'})
        event = await live.wait_for("event", type="MessageEdited")
    assert answer.headers["etag"] == '"2"'
    assert event["body"]["version"] == 2
    assert event["body"]["now"]["content"] == "SSR 沒燒，是保險絲"
    now = (await chen.get(f"/api/rooms/{room}/messages/{message}")).json()
    assert (now["content"], now["version"], now["metadata"]) == ("SSR 沒燒，是保險絲", 2, {"note": "kept"})
    assert now["edited_at"]
    versions = (await chen.get(f"/api/messages/{message}/history")).json()
    assert [(it["version"], it["content"], it["by"]["name"]) for it in versions] == [
        (1, "SSR 燒了", "wang"),
        (2, "SSR 沒燒，是保險絲", "wang"),
    ]
    async with database.reading() as conn:
        kept = [tuple(row) for row in await conn.execute(HISTORY, {"id": message})]
    assert kept == [(1, "SSR 燒了", "wang")]


async def test_who_changes_a_version_that_is_no_more_is_told(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "one")
    assert (await edit(wang, message, "two", **{"If-Match": '"1"'})).is_success
    assert code(await edit(wang, message, "three", **{"If-Match": '"1"'})) == (412, "edit_conflict")
    again = await edit(wang, message, "two", **{"If-Match": '"1"'})  # the answer was lost, the same is asked again
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert (await edit(wang, message, "four")).json()["version"] == 3
    assert code(await edit(wang, message, "five", **{"If-Match": "yesterday's"})) == (422, "invalid")


@pytest.mark.parametrize(("seconds", "wanted"), [(14 * 60, (200, "")), (15 * 60, (403, "edit_window"))])
async def test_bad_17_1_a_text_can_be_changed_for_15_minutes_by_the_hubs_clock(
    hubs: Hubs, database: Database, seconds: int, wanted: tuple[int, str]
) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "one")
    async with database.transaction() as tx:
        await tx.execute(OLDER, {"s": seconds, "id": message})
    assert code(await edit(wang, message, "two")) == wanted


async def test_bad_17_2_a_deleted_message_is_gone(hubs: Hubs) -> None:
    room, wang, admin = await hubs.open_room("lin"), await hubs.client("wang"), await hubs.client("admin")
    message = await post(wang, room, "one")
    await edit(wang, message, "two")
    await wang.delete(f"/api/messages/{message}")
    assert code(await edit(wang, message, "three")) == (410, "deleted")
    assert code(await wang.get(f"/api/messages/{message}/history")) == (410, "deleted")
    former = (await admin.get(f"/api/messages/{message}/history")).json()
    assert [it["content"] for it in former] == ["one"]


async def test_bad_17_3_nobody_changes_anothers_text(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "one")
    for name in ("chen", "lin", "admin", "guest"):
        assert code(await edit(await hubs.client(name), message, "two")) == (404, "not_found")
    opened = (await wang.get(f"/api/rooms/{room}/messages?type=system")).json()["messages"][0]
    assert code(await edit(await hubs.client("lin"), opened["message_id"], "two")) == (422, "kind")


async def test_an_author_who_may_only_read_now_changes_nothing(hubs: Hubs, people: People) -> None:
    room, lin, wang = await hubs.open_room("lin", visibility="members"), await hubs.client("lin"), people["wang"]
    await lin.post(f"/api/rooms/{room}/members", json={"user_id": str(wang), "role": "responder"})
    message = await post(await hubs.client("wang"), room, "one")
    await lin.patch(f"/api/rooms/{room}/members/{wang}", json={"role": "viewer"})
    assert code(await edit(await hubs.client("wang"), message, "two")) == (403, "forbidden")


async def test_a_closed_room_is_closed_for_edits_too(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "one")
    for to in ("restored", "closed"):
        await wang.post(f"/api/rooms/{room}/transitions", json={"to": to})
    assert code(await edit(wang, message, "two")) == (409, "room_closed")


async def test_the_socket_does_the_same(hubs: Hubs) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "one")

    async def asked(op: str, ref: str, **members: Any) -> dict[str, Any]:
        await live.say(op, message_id=message, ref=ref, **members)
        return await live.wait_for("done", "error", ref=ref)

    async with await hubs.live("wang") as live:
        await live.subscribe(room)
        assert (await asked("edit", "e1", content="two", version=1))["op"] == "done"
        assert (await asked("edit", "e2", content="three", version=1))["code"] == "edit_conflict"
        assert (await asked("edit", "e3", content=" "))["code"] == "content_empty"
        assert (await asked("react", "r1", emoji="👍"))["op"] == "done"
        assert (await asked("unreact", "r2", emoji="👍"))["op"] == "done"
        assert (await asked("react", "r3", emoji="thumb"))["code"] == "emoji_invalid"
        assert (await asked("delete", "d1"))["op"] == "done"
        assert (await asked("edit", "e4", content="four"))["code"] == "deleted"
        types = [event["type"] for event in live.events(room)][-4:]
    assert types == ["MessageEdited", "ReactionAdded", "ReactionRemoved", "MessageDeleted"]


async def test_of_many_edits_at_once_each_has_its_version(hubs: Hubs, people: People) -> None:
    room, wang = await hubs.open_room("lin"), await hubs.client("wang")
    message = await post(wang, room, "v1")
    answers = await asyncio.gather(*(edit(wang, message, f"t{n}", **{"If-Match": '"1"'}) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    await asyncio.gather(*(edit(wang, message, f"u{n}") for n in range(8)))
    versions = (await wang.get(f"/api/messages/{message}/history")).json()
    assert [it["version"] for it in versions] == list(range(1, 11))


async def test_whom_an_edit_calls_counts_once_however_often_its_transaction_runs(
    room_log: RoomLog, database: Database, database_url: str, desk: Desk, people: People
) -> None:
    wang = people.actor("wang")
    room = await rooms.open_room(room_log, wang, OpenRoom("Oven"))
    posted = await desk.post(wang, room, PostMessage("來看"))
    strict = Desk(room_log, Settings(database_url=database_url, secret_key=SECRET, mentions_per_minute=2))
    connection = await database.connect()
    await connection.execute(LOSE_TWICE)
    await edit_message(strict, wang, posted.message_id, "@wang @oncall 來看")
    assert await connection.fetchval("SELECT last_value FROM races") == 3
    await connection.execute(LOSE_NO_MORE)
    await connection.close()
    with pytest.raises(Problem, match="spam"):
        await edit_message(strict, wang, posted.message_id, "@wang @oncall @room 來看")
