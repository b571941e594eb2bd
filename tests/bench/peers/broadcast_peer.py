"""The `websockets` library with its own `broadcast`. Usage: broadcast_peer.py PORT"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.bench.peers.stamp import stamped

members: set[ServerConnection] = set()


async def member(socket: ServerConnection) -> None:
    members.add(socket)
    try:
        async for text in socket:
            broadcast(members, stamped(text).decode())
    finally:
        members.discard(socket)


async def main(port: int) -> None:
    async with serve(member, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
