"""What our protocol relies on in the pinned uvicorn, on a real server and a real connection; and the way without it."""

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from hub.live.outlet import AsgiOutlet, Outlet, RawFrameProtocol, RawOutlet, frame, joined, outlet_of, write_to_all
from hub.wire import limits
from tests.plant.waiting import until

Message = dict[str, Any]


class Application:
    """The smallest ASGI application with an outlet; keeps what came, and by which way."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.queued: list[Message] = []
        self.slow = 0
        self.outlet: Outlet = AsgiOutlet(None)
        self.protocol: RawFrameProtocol | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        self.outlet = outlet_of(scope, send, raw=True)
        self.outlet.listen(self.taken.append, self._fell_behind)
        self.protocol = getattr(self.outlet, "_protocol", None)
        await send({"type": "websocket.accept"})
        while True:
            message = await receive()
            self.queued.append(message)
            if message["type"] == "websocket.disconnect":
                return

    def _fell_behind(self) -> None:
        self.slow += 1


@pytest.fixture(params=[RawFrameProtocol, "websockets-sansio"], ids=["raw", "fallback"])
async def served(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Application, str]]:
    application = Application()
    config = uvicorn.Config(
        application,
        ws=request.param,
        loop="uvloop",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_config=None,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        yield application, f"ws://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        await task


@pytest.fixture
async def client(served: tuple[Application, str]) -> AsyncIterator[ClientConnection]:
    async with connect(served[1], compression=None, proxy=None, ping_interval=None) as client:
        yield client


def test_uvicorn_is_pinned() -> None:
    """The protocol rides on what uvicorn does not promise: a new version is taken on purpose, with these tests."""
    pinned = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f'"uvicorn=={version("uvicorn")}"' in pinned
    assert f'"websockets=={version("websockets")}"' in pinned


async def test_frames_of_one_write_are_messages_in_order(
    served: tuple[Application, str], client: ClientConnection
) -> None:
    application, _ = served
    payloads = [b"first", "第二".encode() * 100, b"x" * 70_000]
    application.outlet.write(payloads, joined(payloads))
    assert [str(await client.recv()).encode() for _ in payloads] == payloads
    assert isinstance(application.outlet, RawOutlet) is application.outlet.open


async def test_texts_come_by_the_short_way_where_there_is_one(
    served: tuple[Application, str], client: ClientConnection
) -> None:
    """Also in fragments; what is no text comes by the ASGI queue."""
    application, _ = served
    await client.send("whole")
    await client.send(["in ", "two"])
    await client.send(b"bytes")
    await until(lambda: bool(application.queued) and "bytes" in application.queued[-1])
    texts = ["whole", "in two"]
    queued = [message["text"] for message in application.queued if message.get("text")]
    assert (application.taken, queued) == ((texts, []) if application.protocol else ([], texts))


async def test_what_is_not_utf8_closes(served: tuple[Application, str], client: ClientConnection) -> None:
    application, _ = served
    await client.send(b"\xff\xfe", text=True)
    with pytest.raises(ConnectionClosed):
        await client.recv()
    assert client.close_code == 1007
    assert application.taken == []


async def test_pings_are_answered(client: ClientConnection) -> None:
    await asyncio.wait_for(await client.ping(), 5)


async def test_a_reader_that_stops_is_told_of_and_holds_little(served: tuple[Application, str]) -> None:
    """What the process holds for it, and what the kernel holds, are both bounded."""
    application, url = served
    async with connect(url, compression=None, proxy=None, ping_interval=None, max_queue=1) as client:
        payload = b"x" * 6000
        for _ in range(2000):
            application.outlet.write([payload], frame(payload))
            await asyncio.sleep(0)
            if application.slow:
                break
        assert application.slow == 1
        if application.protocol is not None:
            assert application.protocol.transport.get_write_buffer_size() <= limits.SLOW_BYTES + len(payload) + 10
            kernel = application.protocol.transport.get_extra_info("socket")
            size = kernel.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
            assert limits.KERNEL_BUFFER_BYTES <= size <= 2 * limits.KERNEL_BUFFER_BYTES
        application.outlet.abort()
        client.transport.abort()


async def test_a_reader_that_reads_on_is_open_again(served: tuple[Application, str]) -> None:
    application, url = served
    async with connect(url, compression=None, proxy=None, ping_interval=None, max_queue=1) as client:
        payload, sent = b"x" * 6000, 0
        while not application.slow:
            application.outlet.write([payload], frame(payload))
            sent += not application.slow
            await asyncio.sleep(0)
        for _ in range(sent):
            assert len(await client.recv()) == len(payload)
        application.outlet.write([b"again"], frame(b"again"))
        assert await client.recv() == "again"
        assert application.slow == 1


async def test_an_ended_connection_is_freed_at_once(served: tuple[Application, str]) -> None:
    """Not by a full collection, which is rare: a phone that comes back a hundred times leaves nothing."""
    application, url = served
    gc.collect()
    gc.disable()
    try:
        async with connect(url, compression=None, proxy=None, ping_interval=None) as client:
            await client.send("hello")
            outlet, application.outlet = weakref.ref(application.outlet), AsgiOutlet(None)
            application.protocol = None
        await until(lambda: outlet() is None, 5)
    finally:
        gc.enable()


async def test_an_ack_goes_with_its_event(served: tuple[Application, str], client: ClientConnection) -> None:
    """In one write where frames are joined, and alone at the end of the turn when nothing else comes."""
    application, _ = served
    application.outlet.hold(b"ack")
    assert not application.outlet.open
    write_to_all([application.outlet], [b"event"], frame(b"event"))
    assert [await client.recv() for _ in range(2)] == ["ack", "event"]
    application.outlet.hold(b"one")
    application.outlet.hold(b"other")
    assert [await client.recv() for _ in range(2)] == ["one", "other"]
    assert isinstance(application.outlet, RawOutlet) is application.outlet.open


async def test_one_that_is_gone_or_closing_gets_nothing_and_is_not_slow(
    served: tuple[Application, str], client: ClientConnection
) -> None:
    application, _ = served
    await client.close()
    await until(lambda: bool(application.queued) and application.queued[-1]["type"] == "websocket.disconnect")
    if application.protocol is None:
        application.outlet.end()
    assert not application.outlet.open
    write_to_all([application.outlet], [b"x"], frame(b"x"))
    assert application.slow == 0
