"""A client's socket, as simple as a careful browser: signs in, follows rooms, keeps every frame."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

Frame = dict[str, Any]
WAIT_SECONDS = 10.0


class Live:
    """`frames` holds every frame as it came, `code` the close code once closed."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.frames: list[Frame] = []
        self.code: int | None = None
        self._came = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, url: str, origin: str | None, path: str = "/ws", **headers: str) -> "Live":
        """A socket that has not signed in."""
        socket = await connect(
            url.replace("http", "ws", 1) + path,
            origin=Origin(origin) if origin else None,
            additional_headers=headers,
            compression=None,
            ping_interval=None,
            max_size=None,
            proxy=None,
        )
        return cls(socket)

    @classmethod
    async def open(cls, url: str, origin: str, ticket: str, path: str = "/ws") -> "Live":
        """A socket that is signed in."""
        live = await cls.connect(url, origin, path)
        await live.say("auth", ticket=ticket)
        await live.wait_for("ready")
        return live

    async def __aenter__(self) -> "Live":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                async with self._came:
                    self.frames.append(json.loads(text))
                    self._came.notify_all()
        except ConnectionClosed:
            pass
        async with self._came:
            self.code = self.socket.close_code
            self._came.notify_all()

    async def say(self, op: str, **members: Any) -> None:
        """Send a frame."""
        await self.socket.send(json.dumps({"op": op, **members}))

    async def until(self, done: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
        """Wait for something that frames bring about; returns what `done` returned, raises TimeoutError."""
        async with asyncio.timeout(seconds), self._came:
            while not (found := done()):
                if self.code is not None:
                    raise ConnectionError(f"the hub closed with {self.code}; last frames {self.frames[-3:]}")
                await self._came.wait()
        return found

    async def wait_for(self, *ops: str, seconds: float = WAIT_SECONDS, **members: Any) -> Frame:
        """The first frame of these ops with these members."""
        wanted = members.items()
        return await self._next(0, seconds, lambda it: it["op"] in ops and wanted <= _flat(it).items())

    async def _next(self, had: int, seconds: float, fits: Callable[[Frame], bool]) -> Frame:
        """The first frame that fits, after those there were."""
        frame: Frame = await self.until(lambda: next(filter(fits, self.frames[had:]), None), seconds)
        return frame

    async def subscribe(self, room: str, after_seq: int = 0, seconds: float = WAIT_SECONDS) -> Frame:
        """Follow a room; returns caught_up, resync_required or error, whichever comes."""
        had = len(self.frames)
        await self.say("subscribe", room=room, after_seq=after_seq)
        ends = ("caught_up", "resync_required", "error")
        return await self._next(had, seconds, lambda it: it["op"] in ends and it.get("room") == room)

    async def post(self, room: str, key: str, content: str, seconds: float = WAIT_SECONDS) -> Frame:
        """Post a message; returns its ack or error."""
        had = len(self.frames)
        await self.say("send", room=room, client_msg_id=key, content=content)
        return await self._next(had, seconds, lambda it: it["op"] in ("ack", "error") and it.get("ref") == key)

    def events(self, room: str) -> list[Frame]:
        """Events of a room, as they came."""
        return [frame for frame in self.frames if frame["op"] == "event" and frame["room"] == room]

    def seqs(self, room: str) -> list[int]:
        """Seqs of a room's events, as they came."""
        return [frame["seq"] for frame in self.events(room)]

    async def close(self) -> None:
        """Say goodbye and wait until everything was read."""
        await self.socket.close()
        await self._reading

    async def cut(self) -> None:
        """Drop the connection without a word, as bad Wi-Fi would."""
        self.socket.transport.abort()
        await self._reading


def _flat(frame: Frame) -> dict[str, Any]:
    return {name: value for name, value in frame.items() if not isinstance(value, (dict, list))}
