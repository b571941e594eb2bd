"""Programs bring their token with the handshake; what they say at once waits until it is known whose it is."""

import asyncio

from tests.plant.live import Live
from tests.plant.processes import Hubs


async def test_a_bot_may_speak_before_it_is_signed_in(hubs: Hubs) -> None:
    room, hub = await hubs.open_room("lin"), hubs.any()
    token = (await hubs.client("wang", hub)).headers["authorization"]
    async with await Live.connect(hub.url, None, Authorization=token) as bot:
        await bot.say("subscribe", room=room, after_seq=0)
        await bot.say("hb")
        await bot.wait_for("hb")
        assert [frame["op"] for frame in bot.frames if frame["op"] in ("hello", "ready")] == ["hello", "ready"]
        await bot.wait_for("caught_up")
        assert bot.seqs(room) == [1, 2]


async def test_a_second_sign_in_closes(hubs: Hubs) -> None:
    hub = hubs.any()
    token = (await hubs.client("wang", hub)).headers["authorization"]
    async with await Live.connect(hub.url, None, Authorization=token) as bot:
        await bot.say("auth", ticket="x")
        async with asyncio.timeout(10):
            await bot.socket.wait_closed()
        assert bot.socket.close_code == 4005
