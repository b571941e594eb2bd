"""The peer of the fan-out benchmark: the `websockets` library's own broadcast, with nothing stored or checked."""

import asyncio
import json
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(port: int) -> None:
    members: set[ServerConnection] = set()

    async def member(socket: ServerConnection) -> None:
        members.add(socket)
        seq = 0
        try:
            async for text in socket:
                frame = json.loads(text)
                if frame["op"] == "send":
                    seq += 1
                    broadcast(members, json.dumps({"op": "event", "seq": seq, "body": frame}))
        finally:
            members.discard(socket)

    async with serve(member, "127.0.0.1", port, compression=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
