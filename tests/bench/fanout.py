"""One message to a whole room: the hub with everything on beside servers that do nothing but pass messages on."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tests.bench.crowd import Crowd, gather, hub_load
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Load
from tests.bench.report import Report, Table, Target, ratio, spread
from tests.bench.servers import PEER, peer_load
from tests.bench.site import ABOUT as HUB
from tests.bench.site import Site, ground

NAME = "fanout"
ROOMS = (100, 1000, 5000)
BURST_ROOM, BURST = 1000, 16
BYTES = 300
HUB_NAME = "hub"
ONE_AT_A_TIME = ("floor", "picows", "asyncio", "node", "broadcast", "channels", "socketio", HUB_NAME)
BURSTS = ("floor", "asyncio_joined", "picows", "asyncio", "node", "broadcast", "channels", "socketio", HUB_NAME)
ABOUT = f"""\
One room; 20 of its sockets send messages of {BYTES} bytes in turns, everybody gets each. The peers are the smallest
honest servers of their kind (`tests/bench/peers`): they parse a message, number it, encode it once and pass it on to
all; they know no users, check nothing and store nothing, and the C server does not even parse. {HUB}

The server runs on one core, the load and the database on another. Each measurement starts its server anew."""
Found = dict[str, list[Load]]
"""Loads of each server, one for each round."""


def run() -> Report:
    """Measure in turns."""
    with ground() as there:
        crowd = gather(there.dsn, max(ROOMS))
        single = {room: _rounds(there, crowd, ONE_AT_A_TIME, room, 1) for room in ROOMS}
        burst = _rounds(there, crowd, BURSTS, BURST_ROOM, BURST)
    return Report(
        NAME,
        "Fan-out: one room, one message to all",
        ABOUT,
        [*(_single(room, found) for room, found in single.items()), _burst(burst), _costs(single, burst)],
        _targets(single, burst),
        {
            "one_at_a_time": {str(room): _figures(found) for room, found in single.items()},
            "bursts": _figures(burst),
        },
    )


def _rounds(there: Site, crowd: Crowd, names: Sequence[str], room: int, window: int) -> Found:
    found: Found = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            load: dict[str, Any] = {"seconds": SECONDS, "window": window, "size": BYTES}
            one = hub_load(there, crowd, room, **load) if name == HUB_NAME else peer_load(name, room, **load)
            found[name].append(one.whole())
            print(f"{name} {room}x{window}: {one.deliveries_per_cpu_s:,.0f}/CPU-s", flush=True)
    return found


def title(name: str) -> str:
    """How tables call a server."""
    return "**Andon Hub**" if name == HUB_NAME else PEER[name].title


def _figures(found: Found) -> dict[str, list[dict[str, object]]]:
    return {name: [msgspec.to_builtins(one) for one in loads] for name, loads in found.items()}


def per_cpu(found: Found, name: str) -> list[float]:
    """Deliveries per second of the server's CPU, one for each round."""
    return [one.deliveries_per_cpu_s for one in found[name]]


def _rows(found: Found, beside: str) -> list[list[str]]:
    return [
        [
            title(name),
            spread(per_cpu(found, name), 0),
            f"{ratio(per_cpu(found, name), per_cpu(found, beside)):.2f}",
            spread([one.bytes_per_delivery for one in loads], 0),
            spread([one.messages_per_s for one in loads], 0),
            spread([one.p50_ms for one in loads], 2),
            spread([one.p99_ms for one in loads], 2),
            spread([one.last_p50_ms for one in loads], 2),
            spread([one.last_p99_ms for one in loads], 2),
        ]
        for name, loads in found.items()
    ]


def _head(beside: str) -> list[str]:
    times = ["p50 ms", "p99 ms", "last p50 ms", "last p99 ms"]
    return ["server", "deliveries per CPU-s", f"/ {PEER[beside].title}", "bytes each", "messages/s", *times]


def _single(room: int, found: Found) -> Table:
    about = "The next message is sent when everybody had the one before. «Last» is until the last receiver had it."
    return Table(f"{room:,} sockets, one message at a time", _head("picows"), _rows(found, "picows"), about)


def _burst(found: Found) -> Table:
    about = (
        "So many messages are always under way. What came within one turn of the event loop, or one commit, the hub "
        "and the «joined» server write together; the others write once for each socket and message."
    )
    return Table(f"{BURST_ROOM:,} sockets, {BURST} messages in flight", _head("floor"), _rows(found, "floor"), about)


def _costs(single: dict[int, Found], burst: Found) -> Table:
    cases = [*single.values(), burst]
    names = dict.fromkeys(name for found in cases for name in found)
    rows = [[title(name), *(_cost(found.get(name, [])) for found in cases)] for name in names]
    head = ["server", *(f"{room:,} sockets" for room in single), f"{BURST_ROOM:,} sockets, {BURST} in flight"]
    return Table("Cost of one delivery", head, rows, "In microseconds of the server's CPU.")


def _cost(loads: list[Load]) -> str:
    return spread([one.us_per_delivery for one in loads], 2) if loads else ""


def _targets(single: dict[int, Found], burst: Found) -> list[Target]:
    targets = []
    for beside, wanted in (("picows", 0.7), ("node", 1.0)):
        for room, found in single.items():
            goal = f"fan-out to {room:,} sockets, deliveries per CPU-s: hub / {PEER[beside].title}"
            targets.append(Target(goal, wanted, ratio(per_cpu(found, HUB_NAME), per_cpu(found, beside))))
    found = single[1000]
    goal = f"fan-out to 1,000 sockets, deliveries per CPU-s: hub / {PEER['channels'].title}"
    targets.append(Target(goal, 3.0, ratio(per_cpu(found, HUB_NAME), per_cpu(found, "channels"))))
    goal = f"bursts to {BURST_ROOM:,} sockets, deliveries per CPU-s: hub / {PEER['floor'].title}"
    targets.append(Target(goal, 5.0, ratio(per_cpu(burst, HUB_NAME), per_cpu(burst, "floor"))))
    return targets
