"""Following one room over /ws: every event once, in order, over any number of lost connections."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from hub.client.backoff import delays
from hub.wire import frames, limits
from hub.wire.problems import Close, Problem
from hub.wire.views import Event

if TYPE_CHECKING:
    from hub.client.client import HubClient

decode = msgspec.json.Decoder(frames.ServerFrame).decode
FOR_GOOD = {Close.FORBIDDEN: "forbidden", Close.VERSION: "bad_frame", Close.BAD_FRAMES: "bad_frame"}
LOST = (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, httpx.TransportError)
REFUSALS = frozenset((401, 403, 404))
PAGE = limits.PAGE_MAX
NEEDED = frozenset(("hello", "ready", "event", "caught_up", "resync_required", "error", "reconnect"))


class Op(msgspec.Struct):
    """What every frame has."""

    op: str = ""


def understood(text: str | bytes) -> frames.ServerFrame | None:
    """A frame of the hub; None for what a newer hub says and this client need not know."""
    try:
        frame: frames.ServerFrame = decode(text)
        return frame
    except msgspec.ValidationError:
        if msgspec.json.decode(text, type=Op).op in NEEDED:
            raise Problem("bad_frame", "the hub does not speak this version of the protocol") from None
        return None


class Follower:
    """One reader of one room; `seq` is the last event it gave out."""

    def __init__(self, client: "HubClient", room: UUID, after_seq: int):
        self.seq = after_seq
        self._client = client
        self._room = room
        self._epoch: str | None = None
        self._heard = 0.0

    async def events(self) -> AsyncIterator[Event]:
        """Give out events until the caller stops; raises Problem when coming back makes no sense."""
        waits = delays()
        while True:
            before = self.seq
            try:
                async for event in self._connection():
                    yield event
            except LOST as error:
                _end_for_good(error)
            except Problem as refused:
                if refused.status in REFUSALS or refused.code == "cursor_invalid":
                    raise
            if self.seq > before:
                waits = delays()
            await asyncio.sleep(next(waits))

    async def _connection(self) -> AsyncIterator[Event]:
        async with connect(
            self._client.base_url.replace("http", "ws", 1) + "/ws",
            origin=Origin(self._client.origin) if self._client.origin else None,
            additional_headers={} if self._client.origin else {"Authorization": f"Bearer {await self._fresh_token()}"},
            compression=None,
            ping_interval=None,
            max_size=None,
            proxy=None,
        ) as socket:
            heart = asyncio.create_task(self._heartbeat(socket))
            try:
                async for event in self._frames(socket):
                    yield event
            finally:
                heart.cancel()
                with suppress(asyncio.CancelledError):
                    await heart

    async def _fresh_token(self) -> str:
        """The access token, renewed if it has run out: the socket lives longer than it."""
        await self._client.me()
        return self._client.token or ""

    async def _heartbeat(self, socket: ClientConnection) -> None:
        """Say that we live; hang up on a hub that says nothing any more."""
        self._heard = time.monotonic()
        with suppress(ConnectionClosed):
            while time.monotonic() - self._heard < limits.DEAD_AFTER_SECONDS:
                await asyncio.sleep(limits.HEARTBEAT_SECONDS)
                await socket.send(msgspec.json.encode(frames.Heartbeat()), text=True)
            await socket.close(Close.NORMAL)

    async def _frames(self, socket: ClientConnection) -> AsyncIterator[Event]:
        async for text in socket:
            self._heard = time.monotonic()
            for event in await self._take(socket, understood(text)):
                if event.seq > self.seq:
                    self.seq = event.seq
                    yield event

    async def _take(self, socket: ClientConnection, frame: frames.ServerFrame | None) -> list[Event]:
        if isinstance(frame, frames.Hello):
            self._epoch = frame.epoch
            if self._client.origin:
                await _send(socket, frames.Auth((await self._client.ws_ticket()).ticket))
        elif isinstance(frame, frames.Ready):
            await _send(socket, frames.Subscribe(self._room, self.seq, self._epoch))
        elif isinstance(frame, frames.EventFrame) and frame.room == self._room:
            return [Event(frame.room, frame.seq, frame.type, frame.actor, frame.at, frame.body)]
        elif isinstance(frame, frames.ResyncRequired):
            return await self._catch_up(socket)
        elif isinstance(frame, frames.Error) and frame.room in (self._room, None):
            raise Problem(frame.code, frame.message)
        elif isinstance(frame, frames.Reconnect):
            await asyncio.sleep(frame.after_ms / 1000)
            await socket.close(Close.NORMAL)
        return []

    async def _catch_up(self, socket: ClientConnection) -> list[Event]:
        """Too far behind for the socket: read the log over REST, then subscribe from there."""
        found: list[Event] = []
        seq = self.seq
        while True:
            page = await self._client.events(self._room, seq, PAGE)
            if page.last_seq < seq:
                raise Problem("cursor_invalid", f"the room ends at {page.last_seq}, before {seq}: start afresh")
            found += page.events
            if not page.events:
                break
            seq = page.events[-1].seq
        await _send(socket, frames.Subscribe(self._room, seq, self._epoch))
        return found


async def _send(socket: ClientConnection, frame: frames.ClientFrame) -> None:
    await socket.send(msgspec.json.encode(frame), text=True)


def _end_for_good(error: BaseException) -> None:
    """Raise Problem for the close codes after which coming back makes no sense."""
    if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code in FOR_GOOD:
        raise Problem(FOR_GOOD[Close(error.rcvd.code)], error.rcvd.reason or None)
