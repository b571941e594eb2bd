"""A small room beside a large one that talks without a pause: what the large room's slices cost the others."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any
from uuid import UUID

from websockets.asyncio.client import connect

from hub.base.ids import new_id
from hub.wire.limits import SOCKETS_PER_USER
from tests.bench.crowd import BEAT, READY, Crowd, gather, members, open_rooms
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Load, drive
from tests.bench.report import Report, Table, Target, percentile, spread
from tests.bench.servers import raise_open_files
from tests.bench.site import ABOUT as HUB
from tests.bench.site import Site, ground

NAME = "beside"
LARGE = 2000
IN_FLIGHT = 10
RATE = 50
ABOUT = f"""\
One person writes {RATE} messages a second into a room of their own and waits for each to come back, first with nobody
else there, then beside a room of {LARGE:,} sockets with {IN_FLIGHT} messages in flight all
the time, the connecting of its sockets included. {HUB}"""


def run() -> Report:
    """Measure in turns."""
    raise_open_files()
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    loads: list[Load] = []
    with ground() as there:
        crowd = gather(there.dsn, LARGE + SOCKETS_PER_USER)
        for _ in range(ROUNDS):
            with there.hub() as server:
                large, small = open_rooms(there.dsn, crowd, 2, users=LARGE // SOCKETS_PER_USER)
                alone.append(asyncio.run(_one_writes(there, crowd, small, SECONDS)))
                with ThreadPoolExecutor(1) as pool:
                    clients = members(crowd, [large], LARGE)
                    load = pool.submit(drive, server.port, clients, pids=server.pids, ready=READY, beat=BEAT,
                                       seconds=3 * SECONDS, warm=SECONDS, window=IN_FLIGHT, size=300)  # fmt: skip
                    beside.append(asyncio.run(_one_writes(there, crowd, small, None, load.done)))
                    loads.append(load.result())
    return _report(alone, beside, loads)


async def _one_writes(there: Site, crowd: Crowd, room: UUID, seconds: float | None, done: Any = None) -> list[float]:
    """Seconds from each message to its event, back at its sender; for so long, or until `done`."""
    signed_in = dict([crowd.header(LARGE)[0].split(": ", 1)])
    taken: list[float] = []
    url = f"{there.url.replace('http', 'ws')}/ws/{room}"
    async with connect(url, additional_headers=signed_in, compression=None, proxy=None) as socket:
        while json.loads(await socket.recv())["op"] != "caught_up":
            pass
        end = perf_counter() + (seconds or 600)
        while perf_counter() < end and not (done and done()):
            began = perf_counter()
            key = str(new_id())
            await socket.send(json.dumps({"op": "send", "room": str(room), "client_msg_id": key, "content": "Hello"}))
            while key not in str(await socket.recv()):
                pass
            taken.append(perf_counter() - began)
            await asyncio.sleep(max(0.0, 1 / RATE - taken[-1]))
    return taken


def _report(alone: list[list[float]], beside: list[list[float]], loads: list[Load]) -> Report:
    rows = [
        [
            name,
            str(sum(map(len, rounds))),
            spread([percentile(taken, 0.5) for taken in rounds]),
            spread([percentile(taken, 0.99) for taken in rounds]),
        ]
        for name, rounds in {"nobody else": alone, f"a room of {LARGE:,}": beside}.items()
    ]
    large = spread([load.last_p50_ms for load in loads])
    about = f"In the large room a message reached its last reader after {large} ms (p50)."
    worst = max(percentile(taken, 0.99) for taken in beside)
    return Report(
        NAME,
        "A small room beside a large one",
        ABOUT,
        [Table("One writer of a small room", ["beside", "messages", "p50 ms", "p99 ms"], rows, about)],
        [Target(f"p99 ms beside a room of {LARGE:,}", 100, worst, at_least=False)],
        {"rows": rows, "large_last_p50_ms": [load.last_p50_ms for load in loads]},
    )
