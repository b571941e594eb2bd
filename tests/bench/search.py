"""Search over a million messages, and what the index costs those who write."""

import asyncio
import json
import os
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import uvloop
from sqlalchemy import text

from hub.base.db import Database
from hub.base.migrate import upgrade
from hub.messages.search import queries, words
from hub.messages.search.find import Wanted, edges, plan
from hub.messages.search.queries import Narrowed
from hub.messages.search.texts import tokens
from hub.messages.search.tokens import codes, facets, of_text
from hub.rooms import queries as rooms
from tests.bench import search_pace, search_writes
from tests.bench.posts import actor_of, durable_postgres, make_plant, plant_of
from tests.bench.report import Report, Table, Target, percentile, ratio, spread
from tests.bench.search_texts import queries as made_queries
from tests.bench.search_texts import texts

NAME = "search"
MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
EACH = 25
PLAIN_QUERIES = 3
LIMIT = 20
ABOUT = (
    f"One PostgreSQL with {MESSAGES:,} messages in 100 rooms, 30 % of them in one, made of 30,000 texts in Chinese, "
    "English and both, the short ones most often; their rows of the index are made with the hub's own token function. "
    f"Measured is the hub's own query function as its routes call it, one caller, {LIMIT} hits: candidates, who may "
    "read them, the recheck against the text, snippets, and views. HTTP is not in it. Beside it `ILIKE` on `messages`, "
    "which knows neither variants nor width. Every query is asked once before it is measured. Times are milliseconds."
)
FILL = """
CREATE TEMPORARY TABLE fill AS
WITH placed AS (
  SELECT g, CASE WHEN g % 10 < 3 THEN 1 ELSE 2 + (g / 10 * 7 + g % 10 - 3) % 99 END AS room,
         1 + floor(cardinality($3::int[]) * power(random(), 2.5))::int AS text
  FROM generate_series(0, $1::int - 1) g)
SELECT p.g, uuidv7() AS id, r.room_id, h.last_seq + row_number() OVER (PARTITION BY r.room_id ORDER BY p.g) AS seq,
       ($2::uuid[])[1 + p.g % cardinality($2::uuid[])] AS sender, p.text,
       hub_now() - make_interval(secs => ($1::int - p.g) * 20) AS at
FROM placed p
JOIN (SELECT room_id, row_number() OVER (ORDER BY number) AS place FROM incident_rooms) r ON r.place = p.room
JOIN room_heads h ON h.room_id = r.room_id
"""
FILLED = [
    "DROP INDEX ix_message_search_tokens, ix_message_search_at, ix_message_search_room",
    """
    INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata, created_at)
    SELECT f.id, room_id, seq, sender, 'text', s.content, '{}', at FROM fill f JOIN said s ON s.id = f.text ORDER BY g
    """,
    """
    INSERT INTO message_search (message_id, room_id, seq, at, tokens)
    SELECT f.id, room_id, seq, at, s.tokens || ARRAY['kind:text', 'room:' || room_id, 'user:' || sender,
           'day:' || (at AT TIME ZONE 'UTC')::date]
    FROM fill f JOIN said s ON s.id = f.text ORDER BY g
    """,
    "DROP TABLE fill, said",
    "SET maintenance_work_mem = '512MB'",
    "CREATE INDEX ix_message_search_tokens ON message_search USING gin (tokens) "
    "WITH (fastupdate = on, gin_pending_list_limit = 512)",
    "CREATE INDEX ix_message_search_at ON message_search (at, message_id)",
    "CREATE INDEX ix_message_search_room ON message_search (room_id, at, message_id)",
]
SIZES = (
    "SELECT pg_table_size('message_search'), pg_relation_size('ix_message_search_tokens'), "
    "pg_relation_size('ix_message_search_at') + pg_relation_size('ix_message_search_room'), pg_table_size('messages')"
)
SOME = "SELECT * FROM messages TABLESAMPLE SYSTEM (0.01) WHERE message_type = 'text' LIMIT 100"
STORED = "SELECT tokens FROM message_search WHERE message_id = $1"
PLAIN = (
    "SELECT message_id FROM messages WHERE content ILIKE $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20"
)
SAY = """
INSERT INTO said SELECT id, content, string_to_array(tokens, ' ')
FROM unnest($1::int[], $2::text[], $3::text[]) given(id, content, tokens)
"""
Latencies = dict[str, dict[str, list[float]]]


def run() -> Report:
    """Fill, search, then write with and without the reader of the index, in turns."""
    with durable_postgres() as postgres:
        for name in ("plant", "large"):
            postgres.sql(f"CREATE DATABASE {name}")
            upgrade(postgres.dsn(name))
            asyncio.run(make_plant(postgres.dsn(name)))
        writes, lag = search_writes.measured(postgres)
        paces = search_pace.measured(postgres)
        size = asyncio.run(_fill(postgres.dsn("large")))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_searched(postgres.dsn("large")))
    return _report(found, size, writes, lag, paces)


async def _fill(dsn: str) -> dict[str, float]:
    _, senders = await plant_of(dsn)
    conn = await asyncpg.connect(dsn)
    said, started = texts(), perf_counter()
    made = [" ".join(of_text(one) | facets("code", codes(one))) for one in said]
    tokens_us = 1e6 * (perf_counter() - started) / len(said)
    await conn.execute("CREATE TEMPORARY TABLE said (id int PRIMARY KEY, content text, tokens text[])")
    await conn.execute(SAY, list(range(1, len(said) + 1)), said, made)
    await conn.execute("SELECT setseed(0.5)")
    await conn.execute(FILL, MESSAGES, senders, [0] * len(said))
    for statement in FILLED:
        await conn.execute(statement)
    for row in await conn.fetch(SOME):  # filled as the reader itself would have
        assert set(await conn.fetchval(STORED, row["message_id"])) == set(tokens(_Row(row), {}, None, None))
    await conn.execute("VACUUM (ANALYZE)")
    await conn.execute("CHECKPOINT")
    sizes: Any = await conn.fetchrow(SIZES)
    await conn.close()
    named = dict(zip(("table_mb", "gin_mb", "order_mb", "messages_mb"), (size / 2**20 for size in sizes), strict=True))
    return named | {"tokens_us": tokens_us, "fill_s": perf_counter() - started}


class _Row:
    """A row of asyncpg with attributes."""

    def __init__(self, row: Any):
        self.__dict__.update(row, metadata=json.loads(row["metadata"]))


async def _searched(dsn: str) -> dict[str, Any]:
    room_ids, senders = await plant_of(dsn)
    db, conn, actor = Database(dsn, pool=2), await asyncpg.connect(dsn), actor_of(senders[0])
    asked = made_queries(texts(), EACH)
    scopes = {"all rooms": None, "the hot room": room_ids[0], "a small room": room_ids[50]}
    found: Latencies = {kind: {scope: [] for scope in scopes} for kind in asked}
    plain: dict[str, list[float]] = {kind: [] for kind in asked}
    worst, hits = (0.0, "", ""), 0
    for kind, some in asked.items():
        for scope, room in scopes.items():
            for query in some:
                for _ in range(2):
                    started = perf_counter()
                    async with db.snapshot() as reading:
                        page = await queries.search(reading, actor, words.read(query), Narrowed(room), LIMIT, None)
                    took = perf_counter() - started
                found[kind][scope].append(took)
                hits += len(page.hits)
                worst = max(worst, (took, query, scope))
        for query in some[:PLAIN_QUERIES]:
            started = perf_counter()
            await conn.fetch(PLAIN, f"%{query}%")
            plain[kind].append(perf_counter() - started)
    used = await _plan(db, words.read(asked["phrase"][0]))
    await db.close()
    await conn.close()
    print(f"worst: {worst[1]!r} in {worst[2]}: {1000 * worst[0]:.1f} ms; {hits} hits\n{used}", flush=True)
    assert "ix_message_search_tokens" in used, "the index is not used"
    return {"latencies": found, "plain": plain, "worst": worst, "plan": used, "hits": hits}


async def _plan(db: Database, wanted: words.Words) -> str:
    async with db.snapshot() as conn:
        ask = Wanted(wanted.tokens)
        statement, values = plan(ask, await edges(conn, ask))
        given = values | rooms.who(actor_of(UUID(int=0))) | {"limit": LIMIT}
        return "\n".join((await conn.execute(text("EXPLAIN " + statement), given)).scalars())


def _report(found: dict[str, Any], size: dict[str, float], writes: Any, lag: Any, paces: search_pace.Paces) -> Report:
    every = [took for scopes in found["latencies"].values() for some in scopes.values() for took in some]
    rates = {way: [turn["messages_per_s"] for turn in turns] for way, turns in writes.items()}
    saturated = ratio(rates["with"], rates["without"])
    targets = [
        Target("search in a million messages: p50 in ms", 10, percentile(every, 0.5), at_least=False),
        Target("search in a million messages: p95 in ms", 50, percentile(every, 0.95), at_least=False),
        Target("as many as go: messages per second with the search index / without", 0.9, saturated),
        Target(f"posted to found, at {search_writes.PACE} a second: p95 in ms", 2000, lag["p95_ms"], at_least=False),
        *search_pace.targets(paces),
    ]
    took, query, scope = found["worst"]
    about = f"{len(every)} searches. The slowest: `{query}` in {scope}, {1000 * took:.1f} ms."
    costs = [search_pace.table(paces), search_writes.table(writes, lag)]
    tables = [_search_table(found, about), _size_table(size), *costs]
    figures = {**found, "size": size, "writes": writes, "lag": lag, "paces": paces}
    return Report(NAME, "Search", ABOUT, tables, targets, figures)


def _search_table(found: dict[str, Any], about: str) -> Table:
    scopes = list(next(iter(found["latencies"].values())))
    head = ["query", *(f"{scope} {figure}" for scope in scopes for figure in ("p50", "p95")), "`ILIKE`, all rooms"]
    rows = []
    for kind, latencies in found["latencies"].items():
        cells = [f"{percentile(latencies[scope], share):.1f}" for scope in scopes for share in (0.5, 0.95)]
        rows.append([kind, *cells, spread([1000 * took for took in found["plain"][kind]], 0)])
    return Table("Newest hits among a million messages", head, rows, about)


def _size_table(size: dict[str, float]) -> Table:
    head = [
        "messages, MB",
        "rows of the index, MB",
        "index of tokens, MB",
        "indexes of order, MB",
        "tokens of a text, µs",
    ]
    names = ("messages_mb", "table_mb", "gin_mb", "order_mb", "tokens_us")
    return Table("What it takes", head, [[f"{size[name]:,.0f}" for name in names]])
