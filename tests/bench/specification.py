"""The figures the specification names (8.3.1): broadcast latency, throughput, large messages, database queries."""

import asyncio
import re
import statistics
from collections.abc import Awaitable, Callable
from time import perf_counter
from uuid import UUID

import httpx
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.ids import new_id
from hub.log.log import RoomLog
from hub.messages import queries as messages
from hub.messages.timeline import MessageTimeline
from hub.people.policy import Actor
from hub.rooms.listing import queries as listing
from hub.wire import limits
from hub.wire.room_admin import ViewFilters
from tests.bench.crowd import READY, Crowd, gather, hub_load, members, message, open_rooms
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Load, drive
from tests.bench.report import Report, Table, Target, percentile, spread
from tests.bench.servers import LOAD_CPU
from tests.bench.site import ABOUT as HUB
from tests.bench.site import Site, ground

NAME = "specification"
SOCKETS = (100, 500)
RATE = 17.0  # messages/s: a little over 1,000 a minute
LARGE_ROOM, LARGE_RATE = 100, 2.0
LARGE = (
    ("10 KB text", False, limits.TEXT_BYTES),
    ("100 KB structured data", True, limits.STRUCTURED_BYTES),
)
UNCOUNTED, QUERIES = 5, 200
FILLED_ROOMS = 60
QUERY_ROOM, QUERY_SECONDS = 50, 3.0
BROADCAST_MS, PER_MINUTE = 100.0, 1000.0
ABOUT = f"""\
Against fixed numbers, so they depend on the machine. Messages come evenly, whether or not the ones before have
arrived, and a message's time runs from when it was due until its **last** receiver had it. {HUB}"""


def run() -> Report:
    """Measure in turns."""
    loads: dict[str, list[Load]] = {}
    with ground() as there:
        crowd = gather(there.dsn, max(SOCKETS))
        for _ in range(ROUNDS):
            for sockets in SOCKETS:
                one = hub_load(there, crowd, sockets, seconds=3 * SECONDS, rate=RATE)
                loads.setdefault(f"{sockets} sockets, {RATE:g} messages/s of 300 bytes", []).append(one.whole())
            for title, metadata, content in LARGE:
                one = _large(there, crowd, metadata, content)
                loads.setdefault(f"{LARGE_ROOM} sockets, {LARGE_RATE:g} messages/s of {title}", []).append(one.whole())
        queries = _queries(there, crowd)
    return Report(
        NAME,
        "The specification's figures",
        ABOUT,
        [_broadcast(loads), _query_table(queries)],
        _targets(loads),
        {
            "broadcast": {title: [msgspec.to_builtins(one) for one in found] for title, found in loads.items()},
            "queries_ms": {
                title: [{"p50": percentile(found, 0.5), "p99": percentile(found, 0.99)} for found in both]
                for title, both in queries.items()
            },
        },
    )


def _large(there: Site, crowd: Crowd, metadata: bool, limit: int) -> Load:
    """Messages as large as the hub takes: the frame is the limit and what stands around the limited part."""
    template = message("{ROOM}", str(new_id()), metadata=metadata)
    filled = {"{PAD}": "", "{SEQ}": "0", "{TS}": "0" * 19, "{ROOM}": str(UUID(int=0))}
    around = len(re.sub("|".join(filled), lambda found: filled[found[0]], template))
    within = len('{"readings":""}') if metadata else len("TS=") + 19 + 1
    return hub_load(
        there,
        crowd,
        LARGE_ROOM,
        send=template,
        seconds=3 * SECONDS,
        rate=LARGE_RATE,
        size=around - within + limit,
    )


def _broadcast(loads: dict[str, list[Load]]) -> Table:
    rows = [
        [
            title,
            spread([one.messages_per_s for one in found], 1),
            spread([one.last_p50_ms for one in found], 1),
            spread([one.last_p99_ms for one in found], 1),
            spread([one.last_max_ms for one in found], 1),
            spread([100 * one.server_cpu_share for one in found], 0),
        ]
        for title, found in loads.items()
    ]
    return Table("Broadcast", ["load", "messages/s", "p50 ms", "p99 ms", "max ms", "CPU % of the hub"], rows)


def _targets(loads: dict[str, list[Load]]) -> list[Target]:
    targets = []
    for title, found in list(loads.items())[: len(SOCKETS)]:
        latency = statistics.median(one.last_p99_ms for one in found)
        per_minute = 60 * statistics.median(one.messages_per_s for one in found)
        targets.append(Target(f"{title}: p99 to the last, ms", BROADCAST_MS, round(latency, 1), at_least=False))
        targets.append(Target(f"{title}: messages per minute", PER_MINUTE, round(per_minute)))
    return targets


def _queries(there: Site, crowd: Crowd) -> dict[str, list[list[float]]]:
    """Seconds over REST, and of the hub's query functions alone, in a room that has had a busy hour among others."""
    with there.hub() as server:
        open_rooms(there.dsn, crowd, FILLED_ROOMS, users=5)
        [room] = open_rooms(there.dsn, crowd)
        clients = members(crowd, [room], QUERY_ROOM)
        drive(server.port, clients, pids=server.pids, seconds=QUERY_SECONDS, window=16, ready=READY, pin=LOAD_CPU)
        header = dict([crowd.header(0)[0].split(": ", 1)])
        with httpx.Client(base_url=there.url, trust_env=False, timeout=10, headers=header) as client:
            seq = client.get(f"/api/rooms/{room}/snapshot").raise_for_status().json()["as_of_seq"]
            over_rest = {
                "newest page of messages (50)": f"/api/rooms/{room}/messages",
                "resume of 100 events": f"/api/rooms/{room}/events?after_seq={seq - 100}&limit=100",
                f"room list (50 of {FILLED_ROOMS + 1})": "/api/rooms?limit=50",
                "snapshot with 100 messages": f"/api/rooms/{room}/snapshot",
            }
            rest = [_rest_seconds(client, path) for path in over_rest.values()]
        alone = asyncio.run(_alone(there.dsn, Actor(crowd.ids[0], "Bot", "bot", "responder"), room, seq))
    return dict(zip(over_rest, map(list, zip(rest, alone, strict=True)), strict=True))


def _rest_seconds(client: httpx.Client, path: str) -> list[float]:
    found = []
    for _ in range(UNCOUNTED + QUERIES):
        start = perf_counter()
        client.get(path).raise_for_status()
        found.append(round(perf_counter() - start, 6))
    return found[UNCOUNTED:]


async def _alone(dsn: str, actor: Actor, room: UUID, seq: int) -> list[list[float]]:
    """The same queries, in the same order, without HTTP and signing in."""
    db = Database(dsn, pool=1)
    log = RoomLog(db, MessageTimeline(), PlantClock())

    async def room_list(conn: AsyncConnection) -> None:
        await messages.room_list(conn, actor, await listing.list_rooms(conn, actor, ViewFilters(), 50, None))

    queries: list[Callable[[AsyncConnection], Awaitable[object]]] = [
        lambda conn: messages.page(conn, actor, room, messages.Range()),
        lambda conn: log.events(conn, room, seq - 100, 100),
        room_list,
        lambda conn: messages.snapshot(conn, actor, room),
    ]
    found = [await _alone_seconds(db, query) for query in queries]
    await db.close()
    return found


async def _alone_seconds(db: Database, query: Callable[[AsyncConnection], Awaitable[object]]) -> list[float]:
    found = []
    for _ in range(UNCOUNTED + QUERIES):
        start = perf_counter()
        async with db.snapshot() as conn:
            await query(conn)
        found.append(round(perf_counter() - start, 6))
    return found[UNCOUNTED:]


def _query_table(queries: dict[str, list[list[float]]]) -> Table:
    rows = [
        [title, *(f"{percentile(found, share):.1f}" for found in both for share in (0.5, 0.99))]
        for title, both in queries.items()
    ]
    about = (
        f"{QUERIES} times each, one after the other. «REST» is from the request to the whole answer, signing in and "
        "encoding included; «query» is the hub's own function with its transaction, from another process."
    )
    head = ["query", "REST p50 ms", "REST p99 ms", "query p50 ms", "query p99 ms"]
    return Table("Database queries", head, rows, about)
