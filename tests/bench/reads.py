"""Reading a room in a database of a million messages, beside one of ten thousand on the same server."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.migrate import upgrade
from hub.log.log import RoomLog
from hub.messages import queries
from hub.messages.queries import Range
from hub.messages.timeline import MessageTimeline
from hub.rooms import queries as rooms
from hub.stack.postgres import Postgres
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.posts import actor_of, durable_postgres, make_plant, plant_of
from tests.bench.report import Report, Table, Target, percentile, ratio, spread

NAME = "reads"
SIZES = {"10 k": 10_000, "1 M": 1_000_000}
SMALL, LARGE = SIZES
PAGE = 50
RESUMED = 100
WARM = 20
ABOUT = (
    "Two databases on one PostgreSQL server, with 10,000 and 1,000,000 messages in 100 rooms, 30 % of them in one. "
    "The messages of the rooms came interleaved, as people write them, so a page of a room is spread over the table. "
    "Measured are the hub's own query functions as its routes call them (who may read, the rows, their hydration "
    "into views), in the hot room, one caller, the two databases in turn; HTTP is not in it. A member reads, and "
    "positions are random over the whole room. Times are milliseconds."
)
FILL = """
CREATE TEMPORARY TABLE fill AS
WITH placed AS (
  SELECT g, CASE WHEN g % 10 < 3 THEN 1 ELSE 2 + (g / 10 * 7 + g % 10 - 3) % 99 END AS room
  FROM generate_series(0, $1::int - 1) g)
SELECT p.g, uuidv7() AS id, r.room_id, h.last_seq + row_number() OVER (PARTITION BY r.room_id ORDER BY p.g) AS seq,
       ($2::uuid[])[1 + p.g % cardinality($2::uuid[])] AS sender,
       hub_now() - make_interval(secs => ($1::int - p.g) * 0.1) AS at
FROM placed p
JOIN (SELECT room_id, row_number() OVER (ORDER BY number) AS place FROM incident_rooms) r ON r.place = p.room
JOIN room_heads h ON h.room_id = r.room_id
"""
FILLED = [
    """
    INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata,
                          client_msg_id, body_sha256, created_at)
    SELECT id, room_id, seq, sender, 'text', '主軸過熱 E-' || g || '，請確認冷卻液壓力 pressure', '{}', 'key-' || g,
           sha256(id::text::bytea), at FROM fill ORDER BY g
    """,
    """
    INSERT INTO room_events (room_id, seq, type, actor_id, body, at)
    SELECT room_id, seq, 'MessagePosted', sender,
           jsonb_build_object('message_id', id, 'kind', 'text', 'active_alarms', NULL), at FROM fill ORDER BY g
    """,
    """
    UPDATE room_heads h SET last_seq = f.top, moved = pg_current_xact_id()
    FROM (SELECT room_id, max(seq) AS top FROM fill GROUP BY 1) f WHERE f.room_id = h.room_id
    """,
    "DROP TABLE fill",
]
CONSISTENT = """
SELECT (SELECT count(*) FROM messages WHERE message_type = 'text'),
       (SELECT count(*) FROM room_heads h LEFT JOIN (
          SELECT room_id, count(*) AS n, max(seq) AS top FROM room_events GROUP BY 1) e USING (room_id)
        WHERE NOT (e.n = e.top AND e.top = h.last_seq))
"""


class Reader:
    """A member of the hot room of one database."""

    def __init__(self, db: Database, room: UUID, member: UUID, last: int):
        self.log = RoomLog(db, MessageTimeline(), PlantClock())
        self.room = room
        self.actor = actor_of(member)
        self.last = last

    def somewhere(self) -> int:
        """A seq from which there is a page before it and a resume after it."""
        return random.randint(PAGE + 10, self.last - RESUMED)

    async def page(self, wanted: Range) -> int:
        """A page of the history; how many messages it has."""
        async with self.log.db.reading() as conn:
            return len((await queries.page(conn, self.actor, self.room, wanted)).messages)

    async def resume(self) -> int:
        """Events after a seq, as `GET /api/rooms/{room}/events` reads them."""
        async with self.log.db.reading() as conn:
            await rooms.spans(conn, self.actor, await rooms.room_for(conn, self.actor, self.room))
            return len(await self.log.events(conn, self.room, self.somewhere(), RESUMED))

    async def snapshot(self) -> int:
        """The room as of now, with its newest messages."""
        async with self.log.db.snapshot() as conn:
            return len((await queries.snapshot(conn, self.actor, self.room)).messages)


Read = Callable[[Reader], Awaitable[int]]
READS: dict[str, tuple[Read, int]] = {
    "newest 50": (lambda reader: reader.page(Range(limit=PAGE)), PAGE),
    "50 before a seq": (lambda reader: reader.page(Range(before_seq=reader.somewhere(), limit=PAGE)), PAGE),
    "50 around a seq": (lambda reader: reader.page(Range(around=reader.somewhere(), limit=PAGE)), PAGE),
    "100 events after a seq": (lambda reader: reader.resume(), RESUMED),
    "snapshot": (lambda reader: reader.snapshot(), 100),
}
TARGETS = ("newest 50", "50 before a seq", "100 events after a seq")
Figures = dict[str, dict[str, list[dict[str, float]]]]


def run() -> Report:
    """Fill both databases, then read them in turns."""
    with durable_postgres() as postgres:
        for place, size in enumerate(SIZES.values()):
            postgres.sql(f"CREATE DATABASE size_{place}")
            upgrade(postgres.dsn(f"size_{place}"))
            asyncio.run(_fill(postgres.dsn(f"size_{place}"), size))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_measured(postgres))
    targets = [_target(read, found[read]) for read in TARGETS]
    return Report(NAME, "Reading at a million messages", ABOUT, [_table(found)], targets, {"reads": found})


async def _fill(dsn: str, size: int) -> None:
    await make_plant(dsn)
    _, senders = await plant_of(dsn)
    conn = await asyncpg.connect(dsn)
    await conn.execute(FILL, size, senders)
    for statement in FILLED:
        await conn.execute(statement)
    whole: Any = await conn.fetchrow(CONSISTENT)
    assert tuple(whole) == (size, 0), "the log that was filled in is not whole"
    await conn.execute("VACUUM (ANALYZE)")
    await conn.execute("CHECKPOINT")
    await conn.close()


async def _measured(postgres: Postgres) -> Figures:
    readers = {name: await _reader(postgres.dsn(f"size_{place}")) for place, name in enumerate(SIZES)}
    found: Figures = {read: {name: [] for name in SIZES} for read in READS}
    for _ in range(ROUNDS):
        for read, (call, rows) in READS.items():
            for name, latencies in (await _in_turn(readers, call, rows)).items():
                p50, p95 = percentile(latencies, 0.5), percentile(latencies, 0.95)
                found[read][name].append({"p50_ms": p50, "p95_ms": p95, "reads": len(latencies)})
    for reader in readers.values():
        await reader.log.db.close()
    return found


async def _reader(dsn: str) -> Reader:
    room_ids, senders = await plant_of(dsn)
    conn = await asyncpg.connect(dsn)
    last: Any = await conn.fetchval("SELECT last_seq FROM room_heads WHERE room_id = $1", room_ids[0])
    await conn.close()
    return Reader(Database(dsn, pool=2), room_ids[0], senders[0], last)


async def _in_turn(readers: dict[str, Reader], call: Read, rows: int) -> dict[str, list[float]]:
    """Latencies in seconds; the databases are asked alternately, and each answer has the rows it must have."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    end, turn = perf_counter() + SECONDS, 0
    while perf_counter() < end or turn < 2 * WARM:
        turn += 1
        for name, reader in readers.items():
            started = perf_counter()
            got = await call(reader)
            if turn > WARM:
                found[name].append(perf_counter() - started)
            assert got == rows, f"{got} rows instead of {rows}"
    return found


def _target(read: str, found: dict[str, list[dict[str, float]]]) -> Target:
    medians = {name: [turn["p50_ms"] for turn in turns] for name, turns in found.items()}
    return Target(f"{read}: at 1 M messages / at 10 k", 1.2, ratio(medians[LARGE], medians[SMALL]), at_least=False)


def _table(found: Figures) -> Table:
    head = ["read", *(f"{size} {figure}" for size in SIZES for figure in ("p50", "p95")), "p50 1 M / 10 k"]
    rows = []
    for read, sizes in found.items():
        cells = [spread([turn[figure] for turn in sizes[size]], 2) for size in SIZES for figure in ("p50_ms", "p95_ms")]
        rows.append([read, *cells, f"{_target(read, sizes).reached:g}"])
    return Table("The hot room", head, rows)
