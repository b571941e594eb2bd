"""Litestar's channels plugin with its memory backend, on uvicorn. Usage: channels_peer.py PORT"""

import contextlib
import sys
from typing import Any

from litestar import Litestar, WebSocket, websocket
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.exceptions import WebSocketDisconnect

from tests.bench.peers.stamp import stamped
from tests.bench.peers.uvicorn_options import serve

ROOM = "room"


@websocket("/ws")
async def member(socket: WebSocket[Any, Any, Any], channels: ChannelsPlugin) -> None:
    await socket.accept()
    async with (
        channels.start_subscription([ROOM]) as subscriber,
        subscriber.run_in_background(socket.send_text, join=False),
    ):
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                channels.publish(stamped(await socket.receive_text()), ROOM)


app = Litestar([member], plugins=[ChannelsPlugin(backend=MemoryChannelsBackend(), channels=[ROOM])])

if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
