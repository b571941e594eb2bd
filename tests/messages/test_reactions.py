"""Reactions: one emoji has one spelling, the same again changes nothing, the first twenty are named."""

import asyncio
from functools import reduce
from urllib.parse import quote

import httpx
import msgspec
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.messages.reactions import QUALIFIED, normalised
from hub.people.actions import NewUser, put_user
from hub.wire.fold import apply
from hub.wire.problems import Problem
from hub.wire.views import EventPage, Message, MessagePage, Snapshot
from tests.plant.processes import Hubs


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("👍", "👍"),
        ("✔", "✔\ufe0f"),
        ("✔\ufe0f", "✔\ufe0f"),
        ("❤", "❤\ufe0f"),
        ("👩🏽‍🔧", "👩🏽‍🔧"),
        ("👩🏽‍🔧\ufe0f", "👩🏽‍🔧"),
        ("1\ufe0f⃣", "1\ufe0f⃣"),
        ("🇹🇼", "🇹🇼"),
    ],
)
def test_one_emoji_has_one_spelling(given: str, wanted: str) -> None:
    assert normalised(given) == wanted


@pytest.mark.parametrize("given", ["", "x", "👍👍", "收到", "\ufe0f", "\u200d", "1", "👍 ", "<b>", "🏽‍"])
def test_what_is_not_one_emoji(given: str) -> None:
    with pytest.raises(Problem, match="emoji_invalid"):
        normalised(given)


async def message_in(hubs: Hubs, room: str) -> str:
    answer = await (await hubs.client("wang")).post(f"/api/rooms/{room}/messages", json={"content": "fixed"})
    return str(answer.json()["message_id"])


async def react(client: httpx.AsyncClient, message: str, emoji: str) -> httpx.Response:
    return await client.post(f"/api/messages/{message}/reactions", json={"emoji": emoji})


async def unreact(client: httpx.AsyncClient, message: str, emoji: str) -> httpx.Response:
    return await client.delete(f"/api/messages/{message}/reactions/{quote(emoji)}")


async def test_bad_21_1_twice_is_once_and_nothing_can_be_taken_back(hubs: Hubs) -> None:
    room = await hubs.open_room("lin")
    message, lin, chen = await message_in(hubs, room), await hubs.client("lin"), await hubs.client("chen")
    for spelling in ("❤", "❤\ufe0f", "❤"):
        answer = await react(lin, message, spelling)
        assert (answer.status_code, [(it["emoji"], it["count"]) for it in answer.json()]) == (200, [("❤\ufe0f", 1)])
    assert (await unreact(chen, message, "❤")).status_code == 204
    before = (await lin.get(f"/api/rooms/{room}")).json()["room"]["last_seq"]
    assert [(await unreact(lin, message, "❤")).status_code for _ in range(2)] == [204, 204]
    now = (await lin.get(f"/api/rooms/{room}/messages/{message}")).json()
    assert now["reactions"] == []
    assert (await lin.get(f"/api/rooms/{room}")).json()["room"]["last_seq"] == before + 1


async def test_they_stand_in_the_order_of_first_use_and_go_with_the_message(hubs: Hubs, database: Database) -> None:
    room = await hubs.open_room("lin")
    message, lin, wang = await message_in(hubs, room), await hubs.client("lin"), await hubs.client("wang")
    for client, emoji in ((lin, "👀"), (lin, "✅"), (wang, "✅"), (wang, "👀")):
        await react(client, message, emoji)
    page = (await wang.get(f"/api/rooms/{room}/messages")).json()["messages"][-1]["reactions"]
    assert [(it["emoji"], [user["name"] for user in it["users"]]) for it in page] == [
        ("👀", ["lin", "wang"]),
        ("✅", ["lin", "wang"]),
    ]
    await unreact(lin, message, "👀")
    await unreact(wang, message, "👀")
    answer = await react(wang, message, "👀")
    assert [it["emoji"] for it in answer.json()] == ["✅", "👀"]
    await wang.delete(f"/api/messages/{message}")
    assert (await react(lin, message, "✅")).json()["code"] == "deleted"
    async with database.reading() as conn:
        left = text("SELECT count(*) FROM message_reactions WHERE message_id = :id")
        assert await conn.scalar(left, {"id": message}) == 0


async def test_a_closed_room_keeps_its_reactions(hubs: Hubs) -> None:
    room, lin = await hubs.open_room("lin"), await hubs.client("lin")
    message = await message_in(hubs, room)
    await react(lin, message, "👍")
    for to in ("restored", "closed"):
        await lin.post(f"/api/rooms/{room}/transitions", json={"to": to})
    assert (await react(lin, message, "👀")).json()["code"] == "room_closed"
    assert (await unreact(lin, message, "👍")).json()["code"] == "room_closed"
    gone = await lin.delete(f"/api/messages/{message}", params={"reason": "a name that does not belong here"})
    assert gone.status_code == 204  # what should not have been said may go at any time


async def test_who_may_react(hubs: Hubs) -> None:
    room = await hubs.open_room("lin", visibility="members")
    answer = await (await hubs.client("lin")).post(f"/api/rooms/{room}/messages", json={"content": "secret"})
    message = answer.json()["message_id"]
    assert (await react(await hubs.client("chen"), message, "👍")).status_code == 404
    open_room = await hubs.open_room("lin")
    message = await message_in(hubs, open_room)
    assert (await react(await hubs.client("guest"), message, "👍")).json()["code"] == "forbidden"
    chen = await hubs.client("chen")
    await react(chen, message, "👍")
    members = (await chen.get(f"/api/rooms/{open_room}/members")).json()
    assert "chen" in {member["user"]["name"] for member in members}


async def crowd_reacts(database: Database, message: str) -> None:
    insert = text("INSERT INTO message_reactions (message_id, user_id, emoji) VALUES (:message, :user, '👍')")
    for number in range(24):
        user = await put_user(database, NewUser(f"crowd{number}", f"Crowd {number:02}", "person", "responder"))
        async with database.transaction() as tx:
            await tx.execute(insert, {"message": message, "user": user})


async def test_twenty_are_named_of_all_that_count(hubs: Hubs, database: Database) -> None:
    message = await message_in(hubs, await hubs.open_room("lin"))
    await crowd_reacts(database, message)
    [reaction] = (await react(await hubs.client("lin"), message, "👍")).json()
    assert (reaction["count"], len(reaction["users"])) == (25, 20)
    assert [user["name"] for user in reaction["users"]] == [f"Crowd {number:02}" for number in range(20)]


def marks(message: Message) -> list[tuple[str, object]]:
    return [(it.emoji, it.mine) for it in message.reactions]


async def test_one_of_many_knows_their_own_also_where_they_are_not_named(hubs: Hubs, database: Database) -> None:
    """In every view of the reader, and from the events, which are the same for all."""
    room, lin, wang = await hubs.open_room("lin"), await hubs.client("lin"), await hubs.client("wang")
    message = await message_in(hubs, room)
    path = f"/api/rooms/{room}"

    async def snapshot(reader: httpx.AsyncClient) -> Snapshot:
        return msgspec.json.decode((await reader.get(f"{path}/snapshot")).content, type=Snapshot)

    before = {reader: await snapshot(reader) for reader in (lin, wang)}
    await crowd_reacts(database, message)
    for reader, emoji in ((lin, "👍"), (wang, "👀"), (lin, "👀")):
        await react(reader, message, emoji)
    await unreact(lin, message, "👀")
    events = msgspec.json.decode((await lin.get(f"{path}/events?after_seq=2")).content, type=EventPage).events
    for reader, wanted in ((lin, [("👍", True), ("👀", False)]), (wang, [("👍", False), ("👀", True)])):
        now, since = await snapshot(reader), before[reader].as_of_seq
        folded = reduce(apply, [event for event in events if event.seq > since], before[reader])
        page = msgspec.json.decode((await reader.get(f"{path}/messages")).content, type=MessagePage)
        one = msgspec.json.decode((await reader.get(f"{path}/messages/{message}")).content, type=Message)
        assert [marks(it) for it in (folded.messages[-1], now.messages[-1], page.messages[-1], one)] == [wanted] * 4
    assert all("mine" not in it for event in events for it in msgspec.to_builtins(event.body.get("reactions", [])))


async def test_fifty_different_ones_are_enough(hubs: Hubs) -> None:
    room = await hubs.open_room("lin")
    message, lin = await message_in(hubs, room), await hubs.client("lin")
    signs = list(QUALIFIED.values())[:51]
    answers = await asyncio.gather(*(react(lin, message, sign) for sign in signs[:50]))
    assert all(answer.status_code == 200 for answer in answers)
    assert (await react(lin, message, signs[50])).json()["code"] == "too_many_reactions"
    assert (await react(await hubs.client("wang"), message, signs[0])).status_code == 200
