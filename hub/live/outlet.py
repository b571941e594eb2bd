"""Two ways to write to a socket without waiting for it: raw frames on our uvicorn protocol, or ASGI events elsewhere.

Server frames are unmasked, so one pre-built frame serves every member of a room.
"""

import asyncio
import struct
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from socket import SO_SNDBUF, SOL_SOCKET
from time import monotonic
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hub.wire import limits

EXTENSION = "andon.raw_frames"
Take = Callable[[str], None]
Slow = Callable[[], None]


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


class Outlet(Protocol):
    """Where a socket's frames go, and where they may come from. Never blocks.

    While it is `open`, who writes to many may `push` ready frames, and need not touch more than this small object.
    """

    open: bool

    def push(self, frames: bytes) -> Any:
        """Write frames; only while `open`."""

    def listen(self, take: Take, slow: Slow) -> None:
        """Give text messages to `take`, if there is a shorter way than the ASGI queue; tell a slow peer to `slow`."""

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        """Send payloads (already joined as `frames`), or tell that the peer does not read fast enough."""

    def hold(self, payload: bytes) -> None:
        """Send together with the next frames of this loop turn, else at its end: an ack goes with its event."""

    def waiting(self) -> int:
        """Bytes written that the kernel has not taken yet."""

    def end(self) -> None:
        """Send nothing more; the connection is being closed."""

    def abort(self) -> None:
        """Drop the connection with what waits in its buffer."""


def write_to_all(outlets: Iterable[Outlet], payloads: list[bytes], frames: bytes) -> None:
    """Send the same to many."""
    for outlet in outlets:
        if outlet.open:
            outlet.push(frames)
        else:
            outlet.write(payloads, frames)


def _nothing(*_: object) -> None:
    """What is left to do for a connection that is gone."""


class RawOutlet:
    """Writes ready frames straight to the transport."""

    __slots__ = ("__weakref__", "_ended", "_full", "_full_since", "_held", "_protocol", "_slow", "open", "push")

    def __init__(self, protocol: "RawFrameProtocol"):
        self._protocol: RawFrameProtocol | None = protocol
        self._slow: Slow = _nothing
        self._ended = self._full = False
        self._full_since = 0.0
        self._held = b""
        self.open = True
        self.push: Callable[[bytes], Any] = protocol.transport.write

    def listen(self, take: Take, slow: Slow) -> None:
        """Messages come as soon as they are whole."""
        if self._protocol is not None:
            self._protocol.take = take
            self._slow = slow

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        """Send in one write."""
        if self._held:
            frames, self._held = self._held + frames, b""
            self._judge()
        if self.open or self._reads():
            self.push(frames)
        elif not self._ended:
            self._slow()

    def _reads(self) -> bool:
        """Whether a full reader may just have been sent much: it is not slow at once, and not for ever fast."""
        if self._ended or not self._full:
            return False
        return monotonic() - self._full_since < limits.SLOW_SECONDS and self.waiting() < limits.SLOW_BYTES

    def hold(self, payload: bytes) -> None:
        """Keep it until the end of the loop's turn. Not open meanwhile, so whoever writes first comes to `write`."""
        if not self._held and self._protocol is not None:
            self._protocol.loop.call_soon(self._release)
        self._held += frame(payload)
        self._judge()

    def _release(self) -> None:
        if self._held:
            self.write([], b"")

    def _judge(self) -> None:
        self.open = not (self._full or self._ended or self._held)

    def waiting(self) -> int:
        """Bytes in the transport's buffer."""
        return self._protocol.transport.get_write_buffer_size() if self._protocol and not self._ended else 0

    def full(self, is_full: bool) -> None:
        """More waits for the peer than it may, or no longer."""
        self._full, self._full_since = is_full, monotonic()
        self._judge()

    def end(self) -> None:
        """Send nothing more."""
        self._ended = True
        self._judge()

    def let_go(self) -> None:
        """The connection is gone: hold neither it nor its reader."""
        self.push, self._slow, self._protocol = _nothing, _nothing, None

    def abort(self) -> None:
        """Drop the connection."""
        self.end()
        if self._protocol is not None:
            self._protocol.transport.abort()


class RawFrameProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also offers an outlet for ready frames. Rides on a pinned uvicorn."""

    outlet: RawOutlet | None = None
    take: Take | None = None

    def handle_connect(self, event: Any) -> None:
        """Offer the outlet in the scope; the application's task has been made but has not run yet."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            self.transport.set_write_buffer_limits(high=limits.SEND_BUFFER_BYTES)
            self.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, limits.KERNEL_BUFFER_BYTES)
            self.outlet = RawOutlet(self)
            self.scope["extensions"][EXTENSION] = {"outlet": self.outlet}

    async def send(self, message: Any) -> None:
        """Send an ASGI event; what the handshake was about is forgotten when it is over: 3 KB for each socket."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.request, self.response

    def pause_writing(self) -> None:
        """The peer has not read what was written."""
        super().pause_writing()
        if self.outlet:
            self.outlet.full(True)

    def resume_writing(self) -> None:
        """The peer has read on."""
        super().resume_writing()
        if self.outlet:
            self.outlet.full(False)

    def send_receive_event_to_app(self) -> None:
        """A message is whole. A text is taken at once; the ASGI queue would pause reading for each.

        What is no text, or not UTF-8, goes uvicorn's way.
        """
        if self.take is None or self.curr_msg_data_type != "text" or self.close_sent:
            return super().send_receive_event_to_app()
        try:
            text = b"".join(self.frames).decode()
        except UnicodeDecodeError:
            return super().send_receive_event_to_app()
        self.frames = []
        self.take(text)

    def handle_close(self, event: Any) -> None:
        """The peer closes, or answers our close."""
        self._end()
        super().handle_close(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._end()
        super().connection_lost(exc)
        self._let_go()

    def _let_go(self) -> None:
        """Break the circles, so that an ended socket is freed at once and not by a full collection, which is rare."""
        self.take = None
        self.conn.parser.close()
        if self.outlet:
            self.outlet.let_go()
            self.outlet = None
            self.scope["extensions"].pop(EXTENSION, None)

    def shutdown(self) -> None:
        """The server stops."""
        self._end()
        super().shutdown()

    def _end(self) -> None:
        if self.outlet:
            self.outlet.end()


class AsgiOutlet:
    """Fallback for any ASGI server: one pump per socket, bounded in bytes."""

    open = False

    def __init__(self, send: Any):
        self._send = send
        self._queue: deque[bytes] = deque()
        self._size = 0
        self._pump: asyncio.Task[None] | None = None
        self._ended = False

    def push(self, frames: bytes) -> None:
        """Never open for ready frames."""
        raise NotImplementedError

    def listen(self, take: Take, slow: Slow) -> None:
        """Messages come by the ASGI queue."""
        self._slow = slow

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        """Queue, unless too much waits already."""
        if self._ended:
            return
        if self._size > limits.SEND_BUFFER_BYTES:
            return self._slow()
        self._queue.extend(payloads)
        self._size += sum(map(len, payloads))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._queue:
                payload = self._queue.popleft()
                await self._send({"type": "websocket.send", "text": payload.decode()})
                self._size -= len(payload)
        except Exception:  # the peer is gone; the receive loop hears of it
            self.end()

    def hold(self, payload: bytes) -> None:
        """Queue: frames are not joined here."""
        self.write([payload], payload)

    def waiting(self) -> int:
        """Bytes in the queue."""
        return 0 if self._ended else self._size

    def end(self) -> None:
        """Queue nothing more."""
        self._ended = True

    def abort(self) -> None:
        """Stop sending; ASGI has no way to drop a connection, the server's own time-out does."""
        self.end()
        if self._pump is not None:
            self._pump.cancel()


def outlet_of(scope: Any, send: Any, *, raw: bool) -> Outlet:
    """Choose the raw way where the server offers it."""
    offered = scope.get("extensions", {}).get(EXTENSION) if raw else None
    outlet: Outlet = offered["outlet"] if offered else AsgiOutlet(send)
    return outlet
