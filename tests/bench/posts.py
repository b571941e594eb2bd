"""Three ways to store a message durably: the hub's desk, one asyncpg INSERT each, and the specification's ORM path."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.ids import new_id
from hub.base.settings import Settings
from hub.base.supervise import Supervisor
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.messages.timeline import MessageTimeline
from hub.people.policy import Actor
from hub.rooms import opening as rooms
from hub.stack.postgres import Postgres
from hub.wire.requests import OpenRoom, PostMessage
from tests.bench.baseline import models
from tests.bench.baseline.message_service import create_message
from tests.bench.baseline.schemas import MessageCreate

POOL = 20
ROOMS = 100
SENDERS = 100
TEXT = "主軸過熱，三號線停機，請現場確認冷卻液壓力與刀具狀態。" * 8
USERS = """
INSERT INTO users (id, username, name, kind, role)
SELECT id, 'sender' || place, 'Sender ' || place, 'person', 'responder'
FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, place)
"""
MEMBERS = """
INSERT INTO room_members (room_id, user_id, role, from_seq)
SELECT r.room_id, u.id, 'responder', 1 FROM incident_rooms r CROSS JOIN users u WHERE u.username LIKE 'sender%'
ON CONFLICT DO NOTHING
"""
PLAIN = "CREATE TABLE plain_messages (LIKE messages INCLUDING ALL)"
INSERT = """
INSERT INTO plain_messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata,
                            client_msg_id, body_sha256)
VALUES ($1, $2, $3, $4, 'text', $5, '{}', $6, $7) RETURNING sequence_number, created_at
"""
Post = Callable[[int, int], Awaitable[object]]
"""Stores a message of a sender in a room (both by number); returns when it is durable."""
Way = Callable[[str], "contextlib.AbstractAsyncContextManager[Post]"]
"""Opens a way to store messages in the database of a URL."""


@contextlib.contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the benchmark's own, with fsync on."""
    with tempfile.TemporaryDirectory(prefix="andon-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = Postgres.start(folder / "pg", fast=True)  # `fast` only leaves out the sync of the empty cluster
        try:
            assert postgres.sql("SHOW fsync") == "on"
            yield postgres
        finally:
            postgres.stop()


async def make_plant(dsn: str) -> None:
    """Into the hub's schema: 100 people who are members of 100 rooms, and a table like `messages` for plain INSERTs."""
    conn = await asyncpg.connect(dsn)
    senders = [new_id() for _ in range(SENDERS)]
    await conn.execute(USERS, senders)
    db = Database(dsn, pool=2)
    log = RoomLog(db, MessageTimeline(), PlantClock())
    for number in range(ROOMS):
        await rooms.open_room(log, actor_of(senders[0]), OpenRoom(f"Room {number}"))
    await db.close()
    await conn.execute(MEMBERS)
    await conn.execute(PLAIN)
    await conn.close()


async def make_baseline(dsn: str) -> None:
    """The specification's tables with as many rooms and members."""
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    people = [f"sender{number}@plant.test" for number in range(SENDERS)]
    async with engine.begin() as conn:
        await conn.run_sync(models.Base.metadata.create_all)
        ids = [new_id() for _ in range(ROOMS)]
        facts = [{"room_id": room, "title": "Bench", "created_by": people[0]} for room in ids]
        await conn.execute(insert(models.IncidentRoom), facts)
        members = [{"room_id": room, "user_id": user} for room in ids for user in people]
        await conn.execute(insert(models.RoomMember), members)
    await engine.dispose()


@contextlib.asynccontextmanager
async def desk(dsn: str) -> AsyncIterator[Post]:
    """The hub's desk with the tasks a hub process has; only the rate limit is raised."""
    db = Database(dsn)
    room_ids, sender_ids = await plant_of(dsn)
    actors = [actor_of(sender) for sender in sender_ids]
    log = RoomLog(db, MessageTimeline(), PlantClock())
    settings = Settings(
        database_url=dsn, secret_key="x" * 32, messages_per_second=1e6, messages_burst=1_000_000, same_texts=1_000_000
    )
    desk = Desk(log, settings)
    supervisor, keys = Supervisor(), count()
    tasks = (desk.flusher.run, desk.flusher.run_waiting, log.bell.run_sender, log.bell.run_listener)
    for number, run in enumerate(tasks):
        supervisor.start(f"desk_{number}", run)

    async def post(sender: int, room: int) -> object:
        message = PostMessage(TEXT, client_msg_id=f"key-{next(keys)}")
        return await desk.post(actors[sender], room_ids[room], message)

    yield post
    await supervisor.stop()
    await db.close()


@contextlib.asynccontextmanager
async def autocommit(dsn: str) -> AsyncIterator[Post]:
    """A prepared INSERT and its COMMIT for each message, numbered by the process, over a pool of 20."""
    room_ids, sender_ids = await plant_of(dsn)
    numbers, fingerprint = count(1), bytes(32)
    async with asyncpg.create_pool(dsn, min_size=POOL, max_size=POOL) as pool:

        async def post(sender: int, room: int) -> object:
            number = next(numbers)
            values = (new_id(), room_ids[room], number, sender_ids[sender], TEXT, f"key-{number}", fingerprint)
            async with pool.acquire() as conn:  # asyncpg keeps the statement prepared
                return await conn.fetchrow(INSERT, *values)

        yield post


@contextlib.asynccontextmanager
async def orm(dsn: str) -> AsyncIterator[Post]:
    """The specification's `create_message`: one ORM session and transaction for each message, over a pool of 20."""
    url = dsn.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, pool_size=POOL, max_overflow=0)
    sessions = async_sessionmaker(engine)
    conn = await asyncpg.connect(dsn)
    room_ids = [row[0] for row in await conn.fetch("SELECT room_id FROM incident_rooms")]
    await conn.close()
    kind = models.MessageType.TEXT

    async def post(sender: int, room: int) -> object:
        wanted = MessageCreate(
            room_id=room_ids[room],
            sender_id=f"sender{sender}@plant.test",
            content=TEXT,
            message_type=kind,
            metadata={},
        )
        async with sessions() as db:
            return await create_message(db, wanted)

    yield post
    await engine.dispose()


WAYS: dict[str, Way] = {"desk": desk, "autocommit": autocommit, "orm": orm}


async def plant_of(dsn: str) -> tuple[list[UUID], list[UUID]]:
    """Rooms and senders of the plant."""
    conn = await asyncpg.connect(dsn)
    found = [row[0] for row in await conn.fetch("SELECT room_id FROM incident_rooms ORDER BY number")]
    senders = [row[0] for row in await conn.fetch("SELECT id FROM users WHERE username LIKE 'sender%' ORDER BY id")]
    await conn.close()
    return found, senders


def actor_of(sender: UUID) -> Actor:
    """A sender as the hub knows it."""
    return Actor(sender, "Sender", "person", "responder")
