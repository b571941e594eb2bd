"""Many WebSocket readers in one process, as cheap as Python allows: frames are counted, not parsed."""

import asyncio
import base64
import json
import os
import struct
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit

Heard = Callable[["Receiver", bytes], None]


class Receiver(asyncio.Protocol):
    """One socket. `heard(receiver, payload)` is called for every text frame."""

    def __init__(self, url: str, heard: Heard):
        self.heard = heard
        self.open = asyncio.get_running_loop().create_future()
        self._url = urlsplit(url)
        self._buffer = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {self._url.path} HTTP/1.1",
            f"Host: {self._url.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Origin: http://{self._url.netloc}",
        ]
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head.split(b"\r\n")[0], head[:200]
            self._upgraded, self._buffer = True, rest
            self.open.set_result(None)
        self._take_frames()

    def _take_frames(self) -> None:
        while len(self._buffer) >= 2:
            size, start = self._buffer[1] & 0x7F, 2
            if size == 126:
                size, start = int.from_bytes(self._buffer[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(self._buffer[2:10], "big"), 10
            if len(self._buffer) < start + size:
                return
            payload, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
            self.heard(self, payload)

    def send(self, frame: dict[str, object]) -> None:
        """Send a masked text frame."""
        payload, mask = json.dumps(frame).encode(), os.urandom(4)
        size = len(payload)
        head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self.transport.write(head + mask + masked)


async def connect(url: str, heard: Heard) -> Receiver:
    """Open one socket."""
    parts = urlsplit(url)
    _, receiver = await asyncio.get_running_loop().create_connection(
        lambda: Receiver(url, heard), parts.hostname or "127.0.0.1", parts.port or 80
    )
    await receiver.open
    return receiver


class LastOf:
    """Times each numbered message from its sending to the last of `size` receivers."""

    def __init__(self, size: int):
        self.size = size
        self.sent: dict[str, float] = {}
        self.seconds: list[float] = []
        self._had: dict[str, int] = {}

    def send(self, mark: str) -> None:
        """This message leaves now."""
        self.sent[mark] = perf_counter()

    def heard(self, mark: str) -> None:
        """One more receiver has it."""
        self._had[mark] = self._had.get(mark, 0) + 1
        if self._had[mark] == self.size:
            self.seconds.append(perf_counter() - self.sent[mark])
