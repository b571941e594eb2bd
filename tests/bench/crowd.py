"""Many signed-in people for a benchmark, made in bulk: a user may hold ten sockets, so there are a tenth as many users.

They are bots, which differ from persons only in how they sign in: by a token, which needs no `Origin`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from hub.base.clock import PlantClock
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.log.log import RoomLog
from hub.messages.timeline import MessageTimeline
from hub.people.policy import Actor
from hub.people.secrets import TOKEN_PREFIX, digest, new_secret
from hub.rooms.opening import open_room
from hub.wire.limits import SOCKETS_PER_USER
from hub.wire.requests import OpenRoom
from tests.bench.load import Client, Load, drive
from tests.bench.servers import LOAD_CPU
from tests.bench.site import Site

READY = '"op":"caught_up"'
BEAT = '{"op":"hb"}'
SENDERS = 20
T = TypeVar("T")
USERS = """
INSERT INTO users (id, username, name, kind, role)
SELECT id, 'bot-' || id, 'Bot ' || n, 'bot', 'responder' FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, n)
"""
TOKENS = """
INSERT INTO api_tokens (id, user_id, token_hash)
SELECT gen_random_uuid(), user_id, hash FROM unnest($1::uuid[], $2::bytea[]) AS given(user_id, hash)
"""
MEMBERS = """
INSERT INTO room_members (room_id, user_id, role, from_seq)
SELECT $1, id, 'responder', 1 FROM unnest($2::uuid[]) AS id ON CONFLICT DO NOTHING
"""


class Crowd(msgspec.Struct, frozen=True):
    """Users and their API tokens; `sockets` is how many sockets they may hold together."""

    ids: list[UUID]
    tokens: list[str]

    @property
    def sockets(self) -> int:
        """How many sockets they may hold together."""
        return len(self.ids) * SOCKETS_PER_USER

    def header(self, socket: int) -> tuple[str]:
        """What signs in the socket of this number: ten in a row are of the same user."""
        return (f"Authorization: Bearer {self.tokens[socket // SOCKETS_PER_USER]}",)


def gather(dsn: str, sockets: int) -> Crowd:
    """Add users enough for so many sockets."""
    ids = [new_id() for _ in range(-(-sockets // SOCKETS_PER_USER))]
    tokens = [TOKEN_PREFIX + new_secret() for _ in ids]

    async def change(tx: Tx) -> None:
        driver = await tx.driver()
        await driver.execute(USERS, ids)
        await driver.execute(TOKENS, ids, [digest(token) for token in tokens])

    _in_database(dsn, lambda db: db.act(change))
    return Crowd(ids, tokens)


def open_rooms(dsn: str, crowd: Crowd, count: int = 1, *, users: int | None = None) -> list[UUID]:
    """Open fresh rooms. Everybody is a member of each; with `users` so many, the next ones for the next room.

    Memberships are written without their events: a thousand `MemberAdded` would be replayed to every socket.
    """
    opener = Actor(crowd.ids[0], "Bot", "bot", "responder")

    async def work(db: Database) -> list[UUID]:
        log, rooms = RoomLog(db, MessageTimeline(), PlantClock()), []
        for number in range(count):
            room = await open_room(log, opener, OpenRoom(f"Bench {number}"))
            share = crowd.ids if users is None else crowd.ids[number * users : (number + 1) * users]
            await db.act(lambda tx, room=room, share=share: _add(tx, room, share))  # type: ignore[misc]
            rooms.append(room)
        return rooms

    return _in_database(dsn, work)


async def _add(tx: Tx, room: UUID, users: Sequence[UUID]) -> None:
    driver: Any = await tx.driver()
    await driver.execute(MEMBERS, room, list(users))


def _in_database(dsn: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        db = Database(dsn, pool=2)
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


def message(room: UUID | str, mark: str, *, metadata: bool = False) -> str:
    """Template of a message; `mark` makes its idempotency keys unique. The padding is text, or structured data."""
    pad, structured = ("", ',"metadata":{"readings":"{PAD}"}') if metadata else (" {PAD}", "")
    return f'{{"op":"send","room":"{room}","client_msg_id":"{mark}-{{SEQ}}","content":"TS={{TS}}{pad}"{structured}}}'


def members(crowd: Crowd, rooms: Sequence[UUID], each: int, *, senders: int = SENDERS, send: str = "") -> list[Client]:
    """So many sockets in each of the rooms; the first `senders` of every room send in turns.

    A user with ten sockets has them all in one room as long as `each` is a multiple of ten. `send` replaces {ROOM}.
    """
    found = []
    for number, room in enumerate(rooms):
        template = send.replace("{ROOM}", str(room)) or message(room, str(new_id()))
        for place in range(each):
            header = crowd.header(number * each + place)
            found.append(Client(f"/ws/{room}", header, number, send=template if place < senders else ""))
    return found


def hub_load(there: Site, crowd: Crowd, sockets: int, *, raw: bool = True, send: str = "", **load: Any) -> Load:
    """Start the hub, measure it under a load (options of `drive`) in a fresh room of so many sockets, and stop it.

    Every user of the room is a member. `raw`: whether it writes ready-made frames, or goes the way of any ASGI server.
    """
    with there.hub(ANDON_RAW_FRAMES=str(raw).lower()) as server:
        rooms = open_rooms(there.dsn, crowd, users=-(-sockets // SOCKETS_PER_USER))
        clients = members(crowd, rooms, sockets, send=send)
        return drive(server.port, clients, pids=server.pids, ready=READY, beat=BEAT, pin=LOAD_CPU, **load)
