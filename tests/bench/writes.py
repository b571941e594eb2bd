"""Durable writes without sockets: the hub's desk beside one INSERT per message and the specification's ORM path.

`python -m tests.bench.writes worker WAY DSN ROOMS SECONDS` and `… alone DSN BASELINE_DSN SECONDS` are its own workers:
each way runs in a process of its own, so that its CPU can be told.
"""

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter, process_time
from typing import Any

import uvloop

from hub.base.migrate import upgrade
from hub.stack.postgres import Postgres
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.posts import SENDERS, WAYS, Post, durable_postgres, make_baseline, make_plant
from tests.bench.report import Report, Table, Target, by_name, percentile, ratio, spread

NAME = "writes"
SHAPES = {"one hot room": 1, "100 rooms": 100}
NAMES = {
    "desk": "Andon Hub, `Desk.post`",
    "autocommit": "asyncpg, one prepared INSERT each",
    "orm": "the specification's ORM path",
}
WARM_SECONDS = 0.5
ABOUT = (
    f"{SENDERS} senders in one process, each with one message of 216 Chinese characters in flight; PostgreSQL with "
    "fsync on; a fresh database for every measurement. `Desk.post` does all that the hub does for a message: checks, "
    "rate limit (raised by setting), fingerprint, membership, idempotency, and the rows of event, message and head. "
    "The other two have a pool of 20 and neither check membership nor number the room: the INSERT goes into a table "
    "with the columns, keys and indexes of `messages`. Afterwards what was answered is counted in "
    "the tables; and in every room of the hub: events = highest seq = the head's, a message for every event."
)
GAPS = """
SELECT count(*) FROM room_heads h LEFT JOIN (
  SELECT room_id, count(*) AS n, max(seq) AS top FROM room_events GROUP BY 1) e USING (room_id)
WHERE NOT (e.n = e.top AND e.top = h.last_seq)
"""
STORED = {
    "desk": "SELECT count(*) FROM room_events e JOIN messages m ON m.room_id = e.room_id "
    "AND m.sequence_number = e.seq AND m.message_id::text = e.body ->> 'message_id' WHERE e.type = 'MessagePosted'",
    "autocommit": "SELECT count(*) FROM plain_messages",
    "orm": "SELECT count(*) FROM messages",
}
Rounds = dict[str, list[dict[str, float]]]


def run() -> Report:
    """Measure all ways in turns, both shapes, then each sender alone."""
    crowds: dict[str, Rounds] = {shape: {way: [] for way in WAYS} for shape in SHAPES}
    alone: Rounds = {way: [] for way in WAYS}
    with server() as postgres:
        for _ in range(ROUNDS):
            for shape, rooms in SHAPES.items():
                for way in WAYS:
                    crowds[shape][way].append(_measured(postgres, way, rooms))
            for way, figures in _alone(postgres).items():
                alone[way].append(figures)
    targets = [_many(shape, found) for shape, found in crowds.items()] + _latencies(alone)
    tables = [_table(shape, found) for shape, found in crowds.items()] + [_alone_table(alone)]
    return Report(NAME, "Durable writes", ABOUT, tables, targets, {"crowds": crowds, "alone": alone})


@contextlib.contextmanager
def server() -> Iterator[Postgres]:
    """A PostgreSQL server with a database of each design to copy from."""
    with durable_postgres() as postgres:
        postgres.sql("CREATE DATABASE plant")
        postgres.sql("CREATE DATABASE baseline")
        upgrade(postgres.dsn("plant"))
        asyncio.run(make_plant(postgres.dsn("plant")))
        asyncio.run(make_baseline(postgres.dsn("baseline")))
        yield postgres


@contextlib.contextmanager
def copied(postgres: Postgres, template: str) -> Iterator[str]:
    """Name of a fresh copy of a database."""
    name = f"{template}_copy"
    postgres.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    postgres.sql("CHECKPOINT")
    try:
        yield name
    finally:
        postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _template(way: str) -> str:
    return "baseline" if way == "orm" else "plant"


def _measured(postgres: Postgres, way: str, rooms: int) -> dict[str, float]:
    with copied(postgres, _template(way)) as name:
        found: dict[str, float] = _worker("worker", way, postgres.dsn(name), str(rooms), str(SECONDS))
        found["stored"] = int(postgres.sql(STORED[way], name))
        found["gaps"] = int(postgres.sql(GAPS, name)) if way == "desk" else 0
    print(f"{way}, {rooms} room(s): {found['stored']} stored of {found['posted']}, rooms with gaps: {found['gaps']}")
    assert (found["stored"], found["gaps"]) == (found["posted"], 0), "a message is missing, or a seq"
    return found


def _alone(postgres: Postgres) -> dict[str, dict[str, float]]:
    with copied(postgres, "plant") as plant, copied(postgres, "baseline") as baseline:
        found: dict[str, dict[str, float]] = _worker("alone", postgres.dsn(plant), postgres.dsn(baseline), str(SECONDS))
    return found


def _worker(*words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.writes", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


async def crowd(way: str, dsn: str, rooms: int, seconds: float) -> dict[str, float]:
    """All senders in a closed loop; what is measured begins when they have warmed up."""
    async with WAYS[way](dsn) as post:
        begin = perf_counter() + WARM_SECONDS
        sending = [asyncio.create_task(_send(post, sender, rooms, begin, begin + seconds)) for sender in range(SENDERS)]
        await asyncio.sleep(WARM_SECONDS)
        cpu = process_time()
        await asyncio.sleep(max(0.0, begin + seconds - perf_counter()))
        cpu = process_time() - cpu
        everything = await asyncio.gather(*sending)
    latencies = [latency for _, measured in everything for latency in measured]
    return {
        "posted": sum(posted for posted, _ in everything),
        "messages_per_s": len(latencies) / seconds,
        "p50_ms": percentile(latencies, 0.5),
        "p99_ms": percentile(latencies, 0.99),
        "messages_per_cpu_s": len(latencies) / cpu,
    }


async def _send(post: Post, sender: int, rooms: int, begin: float, end: float) -> tuple[int, list[float]]:
    """How many messages were posted in all, and the latencies of those that were answered while it was measured."""
    posted, latencies = 0, []
    while (started := perf_counter()) < end:
        await post(sender, (sender + posted) % rooms)
        posted += 1
        if begin <= (now := perf_counter()) <= end:
            latencies.append(now - started)
    return posted, latencies


async def alone(plant: str, baseline: str, seconds: float) -> dict[str, dict[str, float]]:
    """One sender, whose messages go the three ways in turn, so that all meet the same disk."""
    latencies: dict[str, list[float]] = {way: [] for way in WAYS}
    async with contextlib.AsyncExitStack() as stack:
        posts = {way: await stack.enter_async_context(WAYS[way](baseline if way == "orm" else plant)) for way in WAYS}
        begin = perf_counter() + WARM_SECONDS
        while (now := perf_counter()) < begin + 2 * seconds:
            for way, post in posts.items():
                started = perf_counter()
                await post(0, 0)
                if now > begin:
                    latencies[way].append(perf_counter() - started)
    return {
        way: {
            "messages": len(measured),
            "p50_ms": 1000 * statistics.median(measured),
            "p99_ms": percentile(measured, 0.99),
        }
        for way, measured in latencies.items()
    }


def _many(shape: str, found: Rounds) -> Target:
    rates = by_name(found, "messages_per_s")
    return Target(
        f"durable writes, {shape}: messages per second / the ORM path", 30, ratio(rates["desk"], rates["orm"])
    )


def _latencies(alone: Rounds) -> list[Target]:
    medians = by_name(alone, "p50_ms")
    return [
        Target(
            f"one sender alone: median latency / {peer}", wanted, ratio(medians["desk"], medians[way]), at_least=False
        )
        for way, peer, wanted in (("autocommit", "one autocommit", 1.3), ("orm", "the ORM path", 1.0))
    ]


def _table(shape: str, found: Rounds) -> Table:
    figures = {"messages/s": ("messages_per_s", 0), "p50 ms": ("p50_ms", 1), "p99 ms": ("p99_ms", 1)}
    figures["messages per Python-CPU-s"] = ("messages_per_cpu_s", 0)
    return _cells(f"{SENDERS} senders, {shape}", found, figures)


def _alone_table(found: Rounds) -> Table:
    about = "The three ways take turns, message by message, in one process."
    table = _cells("One sender alone", found, {"p50 ms": ("p50_ms", 2), "p99 ms": ("p99_ms", 2)})
    table.about = about
    return table


def _cells(title: str, found: Rounds, figures: dict[str, tuple[str, int]]) -> Table:
    rows = [
        [NAMES[way], *(spread([turn[name] for turn in turns], digits) for name, digits in figures.values())]
        for way, turns in found.items()
    ]
    return Table(title, ["way", *figures], rows)


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if what == "worker":
            result: Any = runner.run(crowd(given[0], given[1], int(given[2]), float(given[3])))
        else:
            result = runner.run(alone(given[0], given[1], float(given[2])))
    print(json.dumps(result))
