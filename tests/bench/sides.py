"""Ours and the baseline behind one face: rooms, members and their seats, with people by name."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import asyncpg
import httpx
from websockets.exceptions import InvalidStatus

from tests.bench.baseline.process import Baseline
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs

OURS = "SELECT u.name, message_type, content FROM messages m JOIN users u ON u.id = sender_id"
THEIRS = "SELECT split_part(sender_id, '@', 1), message_type::text, content FROM messages"
# Ours also keeps who came and went in the timeline, as messages of its own; the specification does not.
OF_ROOM = " WHERE room_id = $1 AND message_type <> 'system' ORDER BY sequence_number"


class Said(NamedTuple):
    """A message as people see it."""

    sender: str
    type: str
    content: str


class Seat(Protocol):
    """A member's socket in one room."""

    live: Live

    async def say(self, content: str) -> None:
        """Hand a message in."""

    def heard(self) -> list[Said]:
        """What came, in order."""

    def acked(self) -> int:
        """How many of one's own are known to be stored."""


class Side(Protocol):
    """Ours or theirs. `stored` selects what a room holds, as (sender, type, content)."""

    database_url: str
    stored: str

    async def open_room(self, *members: str) -> str:
        """A room that only its members may read; returns its id."""

    async def remove(self, room: str, name: str) -> None:
        """Take a member out."""

    async def enter(self, room: str, name: str) -> Seat | None:
        """Take a seat; None when refused."""


class OurSeat:
    def __init__(self, live: Live, room: str):
        self.live = live
        self._room = room
        self._said = 0

    async def say(self, content: str) -> None:
        self._said += 1
        await self.live.say("send", room=self._room, client_msg_id=f"{id(self)}-{self._said}", content=content)

    def heard(self) -> list[Said]:
        posted = [event for event in self.live.events(self._room) if event["type"] == "MessagePosted"]
        return [Said(it["actor"]["name"], it["body"]["kind"], it["body"]["message"]["content"]) for it in posted]

    def acked(self) -> int:
        return sum(frame["op"] == "ack" for frame in self.live.frames)


class Ours:
    """Two hub processes; whoever enters comes to either."""

    stored = OURS + OF_ROOM

    def __init__(self, database_url: str, hubs: Hubs, people: People):
        self.database_url = database_url
        self._hubs = hubs
        self._people = people

    async def open_room(self, *members: str) -> str:
        room = await self._hubs.open_room(members[0], visibility="members")
        for name in members[1:]:
            client, added = await self._hubs.client(members[0]), {"user_id": str(self._people[name])}
            (await client.post(f"/api/rooms/{room}/members", json=added)).raise_for_status()
        return room

    async def remove(self, room: str, name: str) -> None:
        client = await self._hubs.client("admin")
        (await client.delete(f"/api/rooms/{room}/members/{self._people[name]}")).raise_for_status()

    async def enter(self, room: str, name: str) -> OurSeat | None:
        live = await self._hubs.live(name)
        if (await live.subscribe(room))["op"] == "caught_up":
            return OurSeat(live, room)
        await live.close()
        return None


class TheirSeat:
    def __init__(self, live: Live):
        self.live = live

    async def say(self, content: str, **members: Any) -> None:
        await self.live.socket.send(json.dumps({"type": "message", "content": content, **members}))

    def _came(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.live.frames if frame["type"] == kind]

    def heard(self) -> list[Said]:
        return [Said(name_of(it["sender_id"]), it["message_type"], it["content"]) for it in self._came("message")]

    def acked(self) -> int:
        return len(self._came("ack"))

    async def refused(self, content: str, **members: Any) -> Any:
        """Code of the error that comes back."""
        had = len(self._came("error"))
        await self.say(content, **members)
        await self.live.until(lambda: len(self._came("error")) > had)
        return self._came("error")[-1]["code"]


class Theirs:
    """The baseline."""

    stored = THEIRS + OF_ROOM

    def __init__(self, baseline: Baseline):
        self.database_url = baseline.database_url
        self._baseline = baseline

    async def open_room(self, *members: str) -> str:
        [room] = await self._baseline.open_rooms([[email(name) for name in members]])
        return str(room)

    async def remove(self, room: str, name: str) -> None:
        async with connected(self.database_url) as conn:
            await conn.execute("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2", UUID(room), email(name))

    async def enter(self, room: str, name: str) -> TheirSeat | None:
        try:
            signed_in = self._baseline.authorization(email(name))
            return TheirSeat(await Live.connect(self._baseline.url, None, f"/ws/{room}", authorization=signed_in))
        except InvalidStatus as refusal:
            if refusal.response.status_code == httpx.codes.FORBIDDEN:
                return None
            raise


def email(name: str) -> str:
    return f"{name}@plant.test"


def name_of(email: str) -> str:
    return email.partition("@")[0]


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[Any]:
    """A look from behind."""
    conn = await asyncpg.connect(database_url)
    yield conn
    await conn.close()


async def stored(side: Side, room: str) -> list[Said]:
    async with connected(side.database_url) as conn:
        return [Said(*row) for row in await conn.fetch(side.stored, UUID(room))]
