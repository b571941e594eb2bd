"""The WebSocket door: who is let in, and who is closed before saying a word."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from hub.base.db import Database
from hub.wire import limits
from tests.plant.live import Live
from tests.plant.processes import PUBLIC_URL
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, stranger, ticket_of

BAD_ORIGINS = [
    "https://evil.example",
    "null",
    "https://andon.test",
    "http://andon.test:8080",
    "http://andon.test.evil.example",
    "http://evil-andon.test",
    "http://ANDON.test",
    "http://andon.test.",
    "http://andon.test/",
    "http://wang@andon.test",
    "http://andon.test, https://evil.example",
    "",
    None,
]


@pytest.mark.parametrize("origin", [pytest.param(origin, id=f"bad_28_{n}") for n, origin in enumerate(BAD_ORIGINS, 1)])
async def test_foreign_origin(door: Door, origin: str | None) -> None:
    url = door.any().url.replace("http", "ws", 1)
    headers = {} if origin is None else {"Origin": origin}
    for path in ("/ws", f"/ws/{uuid4()}"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url + path, additional_headers=headers, proxy=None)
        assert refused.value.response.status_code == 403
    if origin is not None:  # a token does not make a foreign page a friend
        headers["Authorization"] = f"Bearer {(await door.client('wang')).headers['authorization']}"
        with pytest.raises(InvalidStatus):
            await connect(url + "/ws", additional_headers=headers, proxy=None)


async def test_good_origin_and_bots_without_one(door: Door, wang: httpx.AsyncClient) -> None:
    async with await Live.connect(door.any().url, None, authorization=wang.headers["authorization"]) as bot:
        assert (await bot.wait_for("ready"))["user"]["name"] == "wang"
    async with await Live.connect(door.any().url, None, authorization="Bearer rubbish") as forged:
        assert await closed_with(forged) == 4004


async def test_bad_28_silence(door: Door) -> None:
    clock = asyncio.get_running_loop().time
    async with stranger(door.any()) as live:
        began = clock()
        assert await closed_with(live) == 4001
        assert limits.AUTH_SECONDS - 1 < clock() - began < 3 * limits.AUTH_SECONDS


async def test_bad_29_ticket_reused_expired_ended(door: Door, wang: httpx.AsyncClient, behind: Database) -> None:
    used, expired = await ticket_of(wang), await ticket_of(wang)
    door.secrets += [used, expired]
    async with await Live.open(door.any().url, PUBLIC_URL, used):
        pass
    async with behind.transaction() as tx:
        await tx.execute(text("UPDATE ws_tickets SET expires_at = expires_at - interval '31 s'"))
    async with door.newcomer("chen") as chen:
        ended = await ticket_of(chen)
        assert (await chen.post("/api/auth/logout")).status_code == 204
    for ticket in (used, expired, ended, "", "rubbish", "\0", "字", "x" * 3000):
        async with stranger(door.any()) as live:
            await live.say("auth", ticket=ticket)
            assert await closed_with(live) == 4004, ticket


async def test_bad_29_fifty_uses_at_once(door: Door, wang: httpx.AsyncClient) -> None:
    ticket, sockets = await ticket_of(wang), []
    for number in range(50):
        sockets.append(await Live.connect(door.all[number % 2].url, PUBLIC_URL))

    async def outcome(live: Live) -> int:
        await live.say("auth", ticket=ticket)
        try:
            await live.wait_for("ready")
        except ConnectionError:
            return await closed_with(live) or 0
        return 1

    outcomes = await asyncio.gather(*map(outcome, sockets))
    for live in sockets:
        await live.close()
    print(f"50 uses of one ticket: {outcomes.count(1)} let in, {outcomes.count(4004)} closed with 4004")
    assert sorted(outcomes) == [1] + [4004] * 49


async def test_room_in_the_path(door: Door, wang: httpx.AsyncClient, room: str) -> None:
    async with await Live.open(door.any().url, PUBLIC_URL, await ticket_of(wang), f"/ws/{room}") as live:
        assert (await live.wait_for("caught_up"))["room"] == room
    async with await Live.open(door.any().url, PUBLIC_URL, await ticket_of(wang), f"/ws/{uuid4()}") as live:
        assert (await live.wait_for("error"))["code"] == "not_found"
    for path in ("/ws/x", "/ws/x/y", "/wss"):
        with pytest.raises(InvalidStatus) as refused:
            await Live.connect(door.any().url, PUBLIC_URL, path)
        assert refused.value.response.status_code in {403, 404}


async def test_bad_40_eleventh_socket(door: Door) -> None:
    hub = door.any()
    sockets = [await door.live("chen", hub) for _ in range(limits.SOCKETS_PER_USER)]
    ticket = await ticket_of(await door.client("chen", hub))
    async with stranger(hub) as live:
        await live.say("auth", ticket=ticket)
        assert await closed_with(live) == 4010
    await sockets.pop().close()
    async with await door.live("chen", hub) as live:
        assert (await live.wait_for("ready"))["user"]["name"] == "chen"
    for live in sockets:
        await live.close()
