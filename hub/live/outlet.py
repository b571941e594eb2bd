"""Two ways to write to a socket without waiting for it: raw frames on our uvicorn protocol, or ASGI events elsewhere.

Server frames are unmasked, so one pre-built frame serves every member of a room.
"""

import asyncio
import struct
from collections import deque
from collections.abc import Callable, Sequence
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hub.wire import limits

EXTENSION = "andon.raw_frames"


def frame(payload: bytes) -> bytes:
    """Build a final, unmasked text frame (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def joined(payloads: Sequence[bytes]) -> bytes:
    """The frames of these payloads, one after the other."""
    return b"".join(map(frame, payloads))


class RawFrameProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which is also an outlet for pre-built frames. Rides on a pinned uvicorn."""

    full = False
    _take: Callable[[str], None] | None = None

    def handle_connect(self, event: Any) -> None:
        """Offer raw writing in the scope; the application's task has been made but has not run yet."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            self.transport.set_write_buffer_limits(high=limits.SEND_BUFFER_BYTES)
            self.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, limits.KERNEL_BUFFER_BYTES)
            self.scope["extensions"][EXTENSION] = {"protocol": self}

    def pause_writing(self) -> None:
        """The peer has not read what was written."""
        super().pause_writing()
        self.full = True

    def resume_writing(self) -> None:
        """The peer has read on."""
        super().resume_writing()
        self.full = False

    def write(self, payloads: list[bytes], frames: bytes) -> bool:
        """Write whole frames; False when the peer does not read fast enough. Of one that is gone others tell."""
        if self.disconnected or self.close_sent:
            return True
        if self.full:
            return False
        self.transport.write(frames)
        return True

    def listen(self, take: Callable[[str], None]) -> None:
        """Give whole text messages to `take` at once, instead of by the ASGI queue, which pauses reading for each."""
        self._take = take

    def send_receive_event_to_app(self) -> None:
        """A message is complete. What is no text, or not UTF-8, goes uvicorn's way."""
        if self._take is None or self.curr_msg_data_type != "text" or self.close_sent:
            return super().send_receive_event_to_app()
        try:
            text = b"".join(self.frames).decode()
        except UnicodeDecodeError:
            return super().send_receive_event_to_app()
        self.frames = []
        self._take(text)

    def abort(self) -> None:
        """Drop the connection with what waits in its buffer."""
        self.transport.abort()


class Outlet(Protocol):
    """Where a socket's frames go, and where they may come from. Never blocks."""

    def listen(self, take: Callable[[str], None]) -> None:
        """Give text messages to `take`, if there is a shorter way for them than the ASGI queue."""

    def write(self, payloads: list[bytes], frames: bytes) -> bool:
        """Send payloads (already joined as `frames`); False when the reader is too slow."""

    def abort(self) -> None:
        """Drop the connection."""


class AsgiOutlet:
    """Fallback for any ASGI server: one pump per socket, bounded in bytes."""

    def __init__(self, send: Any):
        self._send = send
        self._queue: deque[bytes] = deque()
        self._size = 0
        self._pump: asyncio.Task[None] | None = None
        self._broken = False

    def listen(self, take: Callable[[str], None]) -> None:
        """There is only the ASGI queue."""

    def write(self, payloads: list[bytes], frames: bytes) -> bool:
        """Queue; False when too much waits already."""
        if self._broken:
            return True
        if self._size > limits.SEND_BUFFER_BYTES:
            return False
        self._queue.extend(payloads)
        self._size += len(frames)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())
        return True

    async def _run(self) -> None:
        try:
            while self._queue:
                payload = self._queue.popleft()
                await self._send({"type": "websocket.send", "text": payload.decode()})
                self._size = max(0, self._size - len(payload))
        except Exception:  # the peer is gone; the receive loop hears of it
            self._broken = True

    def abort(self) -> None:
        """Stop sending."""
        self._broken = True
        if self._pump is not None:
            self._pump.cancel()


def outlet_of(scope: Any, send: Any, *, raw: bool) -> Outlet:
    """Choose the raw way where the server offers it."""
    offered = scope.get("extensions", {}).get(EXTENSION)
    if raw and offered:
        protocol: RawFrameProtocol = offered["protocol"]
        return protocol
    return AsgiOutlet(send)
