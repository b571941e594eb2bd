"""A member that never reads: what it costs the room, and what the hub keeps for it in memory."""

import statistics

import msgspec

from tests.bench.crowd import Crowd, gather, hub_load
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Load
from tests.bench.report import Report, Table, Target, spread
from tests.bench.site import ABOUT as HUB
from tests.bench.site import Site, ground

NAME = "stalled"
ROOM = 50
BYTES = 6000
IN_FLIGHT = 16
WAYS = {True: "raw frames", False: "ASGI events"}
ABOUT = f"""\
A room of {ROOM} with {IN_FLIGHT} messages of {BYTES:,} bytes in flight. One of the members stops reading as soon as it
follows the room, against the same room where it is not there: the other {ROOM - 1} are measured. There is no warming
up, so the time until the hub gives it up is within what is measured. Both ways of writing are: ready-made frames into
the transport, and the events of any ASGI server (`ANDON_RAW_FRAMES=false`). A ratio is that of two neighbours in a
round. {HUB}"""
Pair = tuple[Load, Load]
"""Without the one that does not read, and with it."""


def run() -> Report:
    """Measure in turns."""
    pairs: dict[bool, list[Pair]] = {raw: [] for raw in WAYS}
    with ground() as there:
        crowd = gather(there.dsn, ROOM)
        for number in range(2 * ROUNDS):
            for raw in WAYS:
                pairs[raw].append(_pair(there, crowd, raw, stalled_first=number % 2 == 1))
    return Report(
        NAME,
        "A member that never reads",
        ABOUT,
        [_table(pairs)],
        [
            Target(f"deliveries/s to the others, one stalled / none, {way}", 0.95, _median(pairs[raw]))
            for raw, way in WAYS.items()
        ],
        {way: [[msgspec.to_builtins(one) for one in pair] for pair in pairs[raw]] for raw, way in WAYS.items()},
    )


def _pair(there: Site, crowd: Crowd, raw: bool, *, stalled_first: bool) -> Pair:
    loads = {
        stalled: hub_load(
            there,
            crowd,
            ROOM - 1 + stalled,
            raw=raw,
            seconds=SECONDS,
            warm=0.0,
            window=IN_FLIGHT,
            size=BYTES,
            stalled=stalled,
        ).whole()
        for stalled in ((1, 0) if stalled_first else (0, 1))
    }
    return loads[0], loads[1]


def _ratios(pairs: list[Pair], figure: str = "deliveries_per_s") -> list[float]:
    return [getattr(stalled, figure) / max(getattr(alone, figure), 1e-9) for alone, stalled in pairs]


def _median(pairs: list[Pair]) -> float:
    return round(statistics.median(_ratios(pairs)), 3)


def _table(pairs: dict[bool, list[Pair]]) -> Table:
    rows = []
    for raw, way in WAYS.items():
        for place, who in enumerate(("nobody", "one member")):
            loads = [pair[place] for pair in pairs[raw]]
            rows.append(
                [
                    way,
                    who,
                    spread([one.deliveries_per_s for one in loads], 0),
                    spread(_ratios(pairs[raw]), 2) if place else "",
                    spread([one.deliveries_per_cpu_s for one in loads], 0),
                    spread(_ratios(pairs[raw], "deliveries_per_cpu_s"), 2) if place else "",
                    spread([one.p99_ms for one in loads], 1),
                    spread([(one.rss_end_kb - one.rss_connected_kb) / 1024 for one in loads], 1),
                    f"{sum(one.stalled_closed for one in loads)} of {len(loads)}" if place else "",
                ]
            )
    head = ["written as", "stalled", "deliveries/s to the others", "ratio", "deliveries per CPU-s", "ratio", "p99 ms"]
    about = "Memory is what the hub's grew by under the load. The hub closes a reader that is too slow (code 4011)."
    return Table("One stalled member against none", [*head, "memory MB", "closed by the hub"], rows, about)
