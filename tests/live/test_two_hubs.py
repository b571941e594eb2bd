"""Two hubs, one log: whoever sits at the other process sees the same."""

from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.plant.processes import PUBLIC_URL, Hubs


async def test_a_message_posted_on_one_hub_is_seen_on_the_other(hubs: Hubs) -> None:
    room = await hubs.open_room("lin")
    one, other = hubs.all
    async with await hubs.live("wang", one) as wang, await hubs.live("chen", other) as chen:
        await chen.subscribe(room)
        ack = await wang.post(room, "k1", "on my way")
        assert ack["op"] == "ack"
        event = await chen.wait_for("event", seq=ack["seq"])
        assert event["body"]["message"]["content"] == "on my way"
        assert chen.seqs(room) == list(range(1, ack["seq"] + 1))


async def test_a_killed_hub_comes_back_on_its_port(hubs: Hubs) -> None:
    hub = hubs.any()
    hub.kill()
    assert not hub.alive
    await hub.restart()
    client = await hubs.client("guest", hub)
    assert (await client.get("/api/auth/me")).json()["username"] == "guest"


async def test_compression_is_declined(hubs: Hubs) -> None:
    url = hubs.any().url.replace("http", "ws") + "/ws"
    async with connect(url, origin=Origin(PUBLIC_URL), compression="deflate", proxy=None) as socket:
        assert socket.request
        assert "permessage-deflate" in socket.request.headers["sec-websocket-extensions"]
        assert not socket.protocol.extensions
