"""A hand-written protocol on uvloop: what is left when everything between a message and `write` is taken away.

Usage: asyncio_peer.py PORT [joined]. `joined`: frames of one loop tick go out in one write.
"""

import asyncio
import base64
import hashlib
import sys
from typing import Any, ClassVar

import uvloop

from hub.live.outlet import frame
from tests.bench.peers.stamp import stamped

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE = 1, 8


class Member(asyncio.Protocol):
    """One connection."""

    members: ClassVar[set["Member"]] = set()
    joined: ClassVar[bool] = False
    _waiting: ClassVar[list[bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport  # uvloop's are of no public type
        self._rest = b""
        self._open = False

    def connection_lost(self, error: Exception | None) -> None:
        Member.members.discard(self)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._upgrade(head)
        while data:
            opcode, payload, size = _first_frame(data)
            if not size:
                break
            data = data[size:]
            self._take(opcode, payload)
        self._rest = data

    def _upgrade(self, head: bytes) -> None:
        names = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        accept = base64.b64encode(hashlib.sha1(names[b"Sec-WebSocket-Key"] + MAGIC).digest())
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self.transport.write(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self._open = True
        Member.members.add(self)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            self.transport.write(bytes((0x88, len(payload))) + payload)
            self.transport.close()
        elif opcode == TEXT:
            Member.broadcast(frame(stamped(payload)))

    @classmethod
    def broadcast(cls, message: bytes) -> None:
        """Send to all, now or with what else comes in this tick."""
        if not cls.joined:
            for member in cls.members:
                member.transport.write(message)
            return
        if not cls._waiting:
            asyncio.get_running_loop().call_soon(cls._flush)
        cls._waiting.append(message)

    @classmethod
    def _flush(cls) -> None:
        joined = b"".join(cls._waiting)
        cls._waiting = []
        for member in cls.members:
            member.transport.write(joined)


def _first_frame(data: bytes) -> tuple[int, bytes, int]:
    """Opcode and payload of the masked frame in front, and its size; size 0 while it is not whole."""
    size, head = (data[1] & 127 if len(data) > 1 else 0), 2
    if size > 125:
        head = 4 if size == 126 else 10
        size = int.from_bytes(data[2:head], "big")
    if len(data) < head + 4 + size:
        return 0, b"", 0
    mask, payload = data[head : head + 4], data[head + 4 : head + 4 + size]
    mask = (mask * (size // 4 + 1))[:size]
    plain = (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")
    return data[0] & 15, plain, head + 4 + size


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Member, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    Member.joined = sys.argv[2:] == ["joined"]
    uvloop.run(main(int(sys.argv[1])))
