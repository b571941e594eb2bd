"""What the search index costs at a pace that is given, and how far behind it is: the same load with and without it.

`python -m tests.bench.search_pace` measures and prints, without touching the kept figures. `… with|without DSN RATE
SECONDS` is its own worker. Nobody waits for an answer before the next message (an open loop), and a latency begins
when its message was due, so a server that stalls cannot hide it.
"""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Mapping
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from hub.base.migrate import upgrade
from hub.messages.desk import Desk
from hub.stack.postgres import Postgres
from hub.wire.requests import PostMessage
from tests.bench.cpu import cpu_seconds
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.posts import SENDERS, actor_of, durable_postgres, make_plant
from tests.bench.report import Table, Target, percentile, spread
from tests.bench.search_texts import texts
from tests.bench.search_writes import desk_of
from tests.bench.writes import copied

PACES = (200, 500, 1000)  # messages per second
WARM_SECONDS = 1.5
TICK_SECONDS = 0.005
SAMPLE = 20  # of so many messages one is looked for in the index, with and without it
GIVE_UP_SECONDS = 20.0
KNOWN = "SELECT message_id FROM message_search WHERE message_id = ANY($1)"
SERVERS = "SELECT array_agg(pid) FROM pg_stat_activity"
Turns = dict[str, list[dict[str, float]]]
Paces = dict[int, Turns]


def measured(postgres: Postgres) -> Paces:
    """Every pace without and with the reader of the index, in turns. `postgres` has the database `plant` to copy."""
    found: Paces = {pace: {"without": [], "with": []} for pace in PACES}
    for _ in range(ROUNDS):
        for pace, ways in found.items():
            for way, turns in ways.items():
                turns.append(_paced(postgres, way, pace))
    return found


def _paced(postgres: Postgres, way: str, pace: int) -> dict[str, float]:
    with copied(postgres, "plant") as name:
        command = [sys.executable, "-m", "tests.bench.search_pace", way, postgres.dsn(name), str(pace)]
        done = subprocess.run([*command, str(2 * SECONDS)], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    print(f"{way} the index at {pace}/s: {json.dumps(found)}", flush=True)
    return found


class Watch:
    """Looks for some of the messages in the index: seconds from their answer until they are there."""

    def __init__(self, *, indexing: bool):
        self.waits: list[float] = []
        self._indexing = indexing
        self._open: dict[UUID, float] = {}

    def add(self, message_id: UUID) -> None:
        """A message was answered."""
        self._open[message_id] = perf_counter()

    async def run(self, conn: Any) -> None:
        """Look every 20 ms, as often and for as many without the index as with one that has no lag."""
        while True:
            now = perf_counter()
            for row in await conn.fetch(KNOWN, [*self._open]):
                self.waits.append(now - self._open.pop(row["message_id"]))
            if not self._indexing:
                self._open = {it: at for it, at in self._open.items() if now - at < 0.2}
            await asyncio.sleep(0.02)

    async def drained(self) -> None:
        """Wait until all are found."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while self._open:  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.02)


async def _servers(conn: Any) -> float:
    """CPU seconds of the PostgreSQL processes that live."""
    total = 0.0
    for pid in await conn.fetchval(SERVERS):
        total += cpu_seconds(pid)
    return total


async def _offered(desk: Desk, places: tuple[list[UUID], list[UUID]], pace: int, seconds: float, watch: Watch) -> Any:
    """Messages at their pace over all rooms and senders; latencies of those due after the warm-up."""
    (room_ids, senders), said, chance = places, texts(), random.Random(pace)
    latencies: list[float] = []
    begin = perf_counter()
    warm, end = begin + WARM_SECONDS, begin + WARM_SECONDS + seconds

    async def post(number: int, due: float) -> None:
        message = PostMessage(f"{chance.choice(said)} {number}", client_msg_id=str(number))
        posted = await desk.post(actor_of(senders[number % SENDERS]), chance.choice(room_ids), message)
        if warm <= due and perf_counter() <= end:
            latencies.append(perf_counter() - due)
        if number % SAMPLE == 0:
            watch.add(posted.message_id)

    posting, number = set[asyncio.Task[None]](), 0
    while (now := perf_counter()) < end:
        while (due := begin + number / pace) <= now:
            task = asyncio.create_task(post(number, due))
            posting.add(task)
            task.add_done_callback(posting.discard)
            number += 1
        await asyncio.sleep(TICK_SECONDS)
    await asyncio.gather(*posting)
    return latencies


async def paced(dsn: str, pace: int, seconds: float, *, indexing: bool) -> dict[str, float]:
    """One run. CPU seconds are those of the whole run, the index's last message included."""
    async with desk_of(dsn, indexing=indexing) as (desk, room_ids, senders):
        conn, watch = await asyncpg.connect(dsn), Watch(indexing=indexing)
        looking = asyncio.create_task(watch.run(await asyncpg.connect(dsn)))
        cpu, servers = process_time(), await _servers(conn)
        latencies = await _offered(desk, (room_ids, senders), pace, seconds, watch)
        await watch.drained()
        cpu, servers = process_time() - cpu, await _servers(conn) - servers
        looking.cancel()
        await conn.close()
    waits = watch.waits or [0.0]
    return {
        "achieved_per_s": round(len(latencies) / seconds, 1),
        "p50_ms": percentile(latencies, 0.5),
        "p99_ms": percentile(latencies, 0.99),
        "hub_cpu_s": round(cpu, 3),
        "postgres_cpu_s": round(servers, 3),
        "lag_p95_ms": percentile(waits, 0.95),
        "lag_max_ms": percentile(waits, 1.0),
    }


def ratios(found: Mapping[int, Turns]) -> dict[int, float]:
    """Of every pace: what was reached with the index / without, of neighbours in time; the median."""
    return {pace: _median_ratio(ways) for pace, ways in found.items()}


def _median_ratio(ways: Turns) -> float:
    pairs = zip(ways["with"], ways["without"], strict=True)
    each = sorted(one["achieved_per_s"] / max(other["achieved_per_s"], 1e-9) for one, other in pairs)
    return round(each[len(each) // 2], 3)


def targets(found: Paces) -> list[Target]:
    """What the index may cost, and how late it may be, at each pace."""
    goals = [
        Target(f"{pace} messages per second offered: answered with the search index / without", 0.9, reached)
        for pace, reached in ratios(found).items()
    ]
    for pace, ways in found.items():
        slowest = max(turn["lag_max_ms"] for turn in ways["with"])
        goals.append(Target(f"posted to found, at {pace} a second: slowest in ms", 2000, slowest, at_least=False))
    return goals


def table(found: Paces) -> Table:
    """All paces, with and without."""
    figures = ("p50_ms", "p99_ms", "hub_cpu_s", "postgres_cpu_s", "lag_p95_ms", "lag_max_ms")
    rows = []
    for pace, ways in found.items():
        for way, turns in ways.items():
            cells = [spread([turn[name] for turn in turns], 2 if "cpu" in name else 0) for name in figures]
            cells = [*cells[:4], "", ""] if way == "without" else cells
            rate = spread([turn["achieved_per_s"] for turn in turns], 0)
            rows.append([f"{pace}/s {way}", rate, *cells])
    about = (
        f"{SENDERS} senders and 100 rooms; nobody waits for an answer before the next message. Latency begins when a "
        f"message was due. CPU is that of {WARM_SECONDS + 2 * SECONDS:.0f} seconds and of what the index still had "
        f"to do then; the hub's has the load in it. One message of {SAMPLE} is looked for in the index."
    )
    head = [
        "offered",
        "answered/s",
        "p50 ms",
        "p99 ms",
        "hub CPU s",
        "PostgreSQL CPU s",
        "index lag p95 ms",
        "index lag max ms",
    ]
    return Table("What it costs at a given pace", head, rows, about)


def main() -> None:
    """Measure in a server of its own, and print."""
    with durable_postgres() as postgres:
        postgres.sql("CREATE DATABASE plant")
        upgrade(postgres.dsn("plant"))
        asyncio.run(make_plant(postgres.dsn("plant")))
        found = measured(postgres)
    made = table(found)
    print("\n".join(" | ".join(row) for row in [made.head, *made.rows]))
    for goal in targets(found):
        print(f"{goal.goal}: {goal.reached:g}, wanted {goal.wanted:g}")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        way, dsn, pace, seconds = sys.argv[1:]
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(json.dumps(runner.run(paced(dsn, int(pace), float(seconds), indexing=way == "with"))))
