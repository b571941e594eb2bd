"""What the search index costs those who write, and how soon it knows what they wrote.

`python -m tests.bench.search_writes with|without DSN SECONDS` is its own worker: the desk with and without the reader
that fills the index. `… lag DSN SECONDS` posts at a plant's pace and looks when each message is in the index.
"""

import asyncio
import contextlib
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.settings import Settings
from hub.base.supervise import Supervisor
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.messages.search.index import Indexer
from hub.messages.timeline import MessageTimeline
from hub.stack.postgres import Postgres
from hub.wire.requests import PostMessage
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.posts import SENDERS, actor_of, plant_of
from tests.bench.report import Table, percentile, spread
from tests.bench.search_texts import texts
from tests.bench.writes import GAPS, copied

PACE = 50  # messages per second of the plant whose lag is measured
INDEXED = "SELECT count(*) FROM message_search s JOIN messages m USING (message_id) WHERE m.message_type = 'text'"
POSTED = "SELECT count(*) FROM messages WHERE message_type = 'text'"
Writes = dict[str, list[dict[str, float]]]


def measured(postgres: Postgres) -> tuple[Writes, dict[str, float]]:
    """The desk without and with the reader, in turns; then the lag. `postgres` has the database `plant` to copy."""
    writes: Writes = {"without": [], "with": []}
    for _ in range(ROUNDS):
        for way, turns in writes.items():
            turns.append(_written(postgres, way))
    with copied(postgres, "plant") as name:
        lag: dict[str, float] = _worker("lag", postgres.dsn(name), str(3 * SECONDS))
    return writes, lag


def _written(postgres: Postgres, way: str) -> dict[str, float]:
    """The desk under 100 senders in a process of its own; afterwards every message is there, and indexed once."""
    with copied(postgres, "plant") as name:
        found: dict[str, float] = _worker(way, postgres.dsn(name), str(SECONDS))
        stored, gaps = int(postgres.sql(POSTED, name)), int(postgres.sql(GAPS, name))
        indexed = int(postgres.sql(INDEXED, name))
    assert (stored, gaps) == (found["posted"], 0), "a message is missing, or a seq"
    assert indexed == (stored if way == "with" else 0), f"{indexed} of {stored} messages in the index"
    print(f"{way} the index: {found['messages_per_s']:,.0f} messages/s, {found['at_the_end']:.0f} indexed by then")
    return found


def _worker(*words: str) -> Any:
    command = [sys.executable, "-m", "tests.bench.search_writes", *words]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


@contextlib.asynccontextmanager
async def desk_of(dsn: str, *, indexing: bool) -> AsyncIterator[tuple[Desk, list[UUID], list[UUID]]]:
    """A desk with the tasks a hub has, its rooms and senders; with the reader of the index, or without."""
    db = Database(dsn)
    room_ids, senders = await plant_of(dsn)
    room_log = RoomLog(db, MessageTimeline(), PlantClock())
    settings = Settings(
        database_url=dsn, secret_key="x" * 32, messages_per_second=1e6, messages_burst=1_000_000, same_texts=1_000_000
    )
    desk, supervisor = Desk(room_log, settings), Supervisor()
    tasks = [desk.flusher.run, desk.flusher.run_waiting, room_log.bell.run_sender, room_log.bell.run_listener]
    for number, run in enumerate([*tasks, Indexer(room_log).run] if indexing else tasks):
        supervisor.start(f"desk_{number}", run)
    yield desk, room_ids, senders
    await supervisor.stop()
    await db.close()


async def writing(dsn: str, seconds: float, *, indexing: bool) -> dict[str, float]:
    """Messages per second of 100 senders in a closed loop, all in different words; then wait for the index."""
    said, begin = texts(), perf_counter() + 0.5
    end, posted, measured = begin + seconds, 0, 0
    async with desk_of(dsn, indexing=indexing) as (desk, room_ids, senders):
        conn = await asyncpg.connect(dsn)

        async def send(sender: int) -> None:
            nonlocal posted, measured
            actor, chance = actor_of(senders[sender]), random.Random(sender)
            while perf_counter() < end:
                content = f"{chance.choice(said)} {chance.randrange(10**9)}"
                message = PostMessage(content, client_msg_id=f"{sender}-{posted}")
                await desk.post(actor, room_ids[chance.randrange(len(room_ids))], message)
                posted += 1
                measured += begin <= perf_counter() <= end

        sending = [asyncio.create_task(send(number)) for number in range(SENDERS)]
        await asyncio.sleep(max(0.0, begin - perf_counter()))
        cpu = process_time()
        await asyncio.sleep(max(0.0, end - perf_counter()))
        cpu = process_time() - cpu
        await asyncio.gather(*sending)
        indexed = await conn.fetchval("SELECT count(*) FROM message_search") if indexing else 0
        started = perf_counter()
        while indexing and await conn.fetchval(INDEXED) < posted:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.1)
        await conn.close()
    caught_up = perf_counter() - started
    return {
        "posted": posted,
        "messages_per_s": measured / seconds,
        "messages_per_cpu_s": measured / cpu,
        "at_the_end": indexed,
        "caught_up_s": caught_up,
        "caught_up_per_s": (posted - indexed) / caught_up if indexing else 0,
    }


async def lagging(dsn: str, seconds: float) -> dict[str, float]:
    """Seconds from a post's answer until it is in the index, at a plant's pace."""
    said, chance, waits = texts(), random.Random(1), list[float]()
    async with desk_of(dsn, indexing=True) as (desk, room_ids, senders):
        conn = await asyncpg.connect(dsn)
        open_posts: dict[UUID, float] = {}

        async def look() -> None:
            while True:
                known = await conn.fetch(
                    "SELECT message_id FROM message_search WHERE message_id = ANY($1)", [*open_posts]
                )
                waits.extend(perf_counter() - open_posts.pop(row["message_id"]) for row in known)
                await asyncio.sleep(0.01)

        looking = asyncio.create_task(look())
        for number in range(int(seconds * PACE)):
            message = PostMessage(chance.choice(said), client_msg_id=str(number))
            posted = await desk.post(actor_of(senders[number % SENDERS]), chance.choice(room_ids), message)
            open_posts[posted.message_id] = perf_counter()
            await asyncio.sleep(1 / PACE)
        while open_posts:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
        looking.cancel()
        await conn.close()
    return {"p50_ms": percentile(waits, 0.5), "p95_ms": percentile(waits, 0.95), "max_ms": percentile(waits, 1.0)}


def table(writes: Writes, lag: dict[str, float]) -> Table:
    """Both desks, and the lag in a sentence."""
    rows = [
        [
            f"{way} the index",
            spread([turn["messages_per_s"] for turn in turns], 0),
            spread([turn["messages_per_cpu_s"] for turn in turns], 0),
            spread([turn["at_the_end"] for turn in turns], 0),
            spread([turn["caught_up_per_s"] for turn in turns], 0),
        ]
        for way, turns in writes.items()
    ]
    about = (
        f"{SENDERS} senders, as many messages as go; the reader gives way to them and catches up afterwards. At "
        f"{PACE} messages per second a message is in the index {lag['p50_ms']:.0f} ms after its answer "
        f"(p95 {lag['p95_ms']:.0f}, slowest {lag['max_ms']:.0f})."
    )
    head = ["desk", "messages/s", "messages per Python-CPU-s", "indexed by the end", "afterwards, indexed/s"]
    return Table("What it costs when as many write as can", head, rows, about)


if __name__ == "__main__":
    what, dsn, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        job = lagging(dsn, seconds) if what == "lag" else writing(dsn, seconds, indexing=what == "with")
        print(json.dumps(runner.run(job)))
