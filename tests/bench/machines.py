"""Machines that publish with QoS 1 as fast as the broker takes it, each over a connection of its own (MQTT 3.1.1)."""

import asyncio
import struct
from collections.abc import Sequence
from functools import partial
from urllib.parse import unquote, urlsplit

IN_FLIGHT = 20  # of one machine: what a modest client keeps unacknowledged
CONNACK, PUBACK = 2, 4


class Machine(asyncio.Protocol):
    """One machine. `done` is set when the broker has acknowledged everything it had to say."""

    def __init__(self, url: str, name: str, topic: str, payloads: Sequence[bytes]):
        self.done = asyncio.get_running_loop().create_future()
        self._url = urlsplit(url)
        self._name = name
        self._packets = [_publish(topic, number % 0xFFFF + 1, payload) for number, payload in enumerate(payloads)]
        self._sent = 0
        self._acked = 0
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        user, password = unquote(self._url.username or ""), unquote(self._url.password or "")
        clean_session_user_and_password = 0xC2
        head = _text("MQTT") + struct.pack(">BBH", 4, clean_session_user_and_password, 60)
        transport.write(_packet(0x10, head + _text(self._name) + _text(user) + _text(password)))

    def data_received(self, data: bytes) -> None:
        data = self._left + data
        whole = len(data) // 4 * 4  # CONNACK and PUBACK, all a publisher hears, are of four bytes
        self._left = data[whole:]
        for start in range(0, whole, 4):
            kind = data[start] >> 4
            if kind == CONNACK and data[start + 3]:
                return self.done.set_exception(ConnectionRefusedError(f"CONNACK {data[start + 3]}"))
            self._acked += kind == PUBACK
        if self._acked == len(self._packets):
            self.done.set_result(None)
        until = min(len(self._packets), self._acked + IN_FLIGHT)
        self._transport.write(b"".join(self._packets[self._sent : until]))
        self._sent = max(self._sent, until)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the broker hung up"))

    def close(self) -> None:
        """Leave."""
        self._transport.write(_packet(0xE0, b""))
        self._transport.close()


async def publish_all(url: str, topics: dict[str, list[bytes]]) -> None:
    """Publish these payloads, every topic by a machine of its own; returns when the broker has acknowledged them."""
    where, loop = urlsplit(url), asyncio.get_running_loop()
    machines = []
    for number, (topic, payloads) in enumerate(topics.items()):
        make = partial(Machine, url, f"machine-{number}", topic, payloads)
        _, machine = await loop.create_connection(make, where.hostname or "", where.port or 1883)
        machines.append(machine)
    await asyncio.gather(*(machine.done for machine in machines))
    for machine in machines:
        machine.close()


def _publish(topic: str, number: int, payload: bytes) -> bytes:
    qos_1 = 0x32
    return _packet(qos_1, _text(topic) + struct.pack(">H", number) + payload)


def _packet(kind: int, body: bytes) -> bytes:
    size, rest = b"", len(body)
    while rest > 0x7F:
        size, rest = size + bytes([rest & 0x7F | 0x80]), rest >> 7
    return bytes([kind]) + size + bytes([rest]) + body


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text.encode())) + text.encode()
