"""Litestar and stock uvicorn with sockets that do nothing: what a connection costs there. Usage: idle_peer.py PORT"""

import contextlib
import sys
from typing import Any

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from tests.bench.peers.uvicorn_options import serve


@websocket("/ws")
async def member(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()


app = Litestar([member])

if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
