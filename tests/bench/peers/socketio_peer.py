"""python-socketio's AsyncServer with its memory manager, on uvicorn. Usage: socketio_peer.py PORT"""

import sys
from typing import Any

import socketio  # type: ignore[import-untyped]

from tests.bench.peers.uvicorn_options import serve

ROOM = "room"
server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
seq = 0


@server.event  # type: ignore[untyped-decorator]
async def connect(sid: str, environ: dict[str, Any]) -> None:
    await server.enter_room(sid, ROOM)


@server.on("m")  # type: ignore[untyped-decorator]
async def message(_: str, sent: dict[str, Any]) -> None:
    """It decodes and encodes by itself."""
    global seq
    seq += 1
    await server.emit("m", {**sent, "seq": seq}, room=ROOM)


if __name__ == "__main__":
    serve(socketio.ASGIApp(server), int(sys.argv[1]))
