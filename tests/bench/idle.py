"""What a connection costs: 10,000 of them that do nothing, and thousands that come and go."""

import math
from typing import Any

import msgspec

from tests.bench.crowd import BEAT, READY, gather, members, open_rooms
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Load, drive
from tests.bench.report import Report, Table, Target, spread
from tests.bench.servers import LOAD_CPU, PEER, peer_load, raise_open_files
from tests.bench.site import ABOUT as HUB
from tests.bench.site import Site, ground

NAME = "idle"
SOCKETS = 10_000
ROOMS = 100
CYCLES = 5_000
AT_ONCE = 50
PEERS = ("idle", "node")
ABOUT = """\
Sockets that only stay connected. On the hub each is signed in and follows one of {rooms} rooms, of which it is a
member; the peers have nothing but the connection. Memory is the growth of the process (RSS) by the number of sockets.
`ulimit -n` was {limit:,} for the server and the load. {hub}"""


def run() -> Report:
    """Measure in turns."""
    limit = raise_open_files()
    found: dict[str, list[Load]] = {name: [] for name in ("hub", *PEERS)}
    cycles = []
    with ground() as there:
        for _ in range(ROUNDS):
            found["hub"].append(_hub(there).whole())
            for name in PEERS:
                found[name].append(peer_load(name, SOCKETS, seconds=0, idle=_seconds()).whole())
            cycles.append(_cycles(there))
    return Report(
        NAME,
        "Connections",
        ABOUT.format(rooms=ROOMS, limit=limit, hub=HUB),
        [_idle(found), _come_and_go(cycles)],
        _targets(found, cycles),
        {name: [msgspec.to_builtins(one) for one in loads] for name, loads in {**found, "cycles": cycles}.items()},
    )


def _seconds() -> float:
    return 3 * SECONDS


def _hub(there: Site) -> Load:
    crowd = gather(there.dsn, SOCKETS)
    with there.hub() as server:
        each = SOCKETS // ROOMS
        rooms = open_rooms(there.dsn, crowd, ROOMS, users=math.ceil(each / 10))
        clients = members(crowd, rooms, each)
        load: dict[str, Any] = {"idle": _seconds(), "ready": READY, "beat": BEAT, "pin": LOAD_CPU}
        return drive(server.port, clients, pids=server.pids, seconds=0, **load)


def _cycles(there: Site) -> Load:
    """A user has five sockets here and may have ten: the next one may come before the last one's end is noticed."""
    crowd = gather(there.dsn, 2 * AT_ONCE)
    with there.hub() as server:
        clients = members(crowd, open_rooms(there.dsn, crowd), 2 * AT_ONCE)[::2]
        return drive(server.port, clients, pids=server.pids, seconds=0, cycles=CYCLES, ready=READY, pin=LOAD_CPU)


def _idle(found: dict[str, list[Load]]) -> Table:
    rows = [
        [
            "**Andon Hub**" if name == "hub" else PEER[name].title,
            spread([one.kb_per_socket for one in loads], 1),
            spread([one.connects_per_cpu_s for one in loads], 0),
            spread([one.connect_s for one in loads], 1),
            spread([100 * one.idle_cpu_share for one in loads], 2),
        ]
        for name, loads in found.items()
    ]
    head = ["server", "KB per socket", "connects per CPU-s", "seconds to connect all", "idle CPU %"]
    about = (
        "A connect on the hub also looks the token up, checks the membership, enters the room and replays what it has "
        f"not had. Idle CPU is of one core, over {_seconds():g} s; a client of the hub sends a heartbeat every 20 s."
    )
    return Table(f"{SOCKETS:,} sockets", head, rows, about)


def _come_and_go(cycles: list[Load]) -> Table:
    shares = [sample[0] for sample in cycles[0].samples]
    rows = [
        ["cycles per second", *("" for _ in shares[1:]), spread([one.cycles_per_s for one in cycles], 0)],
        ["failures", *("" for _ in shares[1:]), str(sum(one.cycle_failures for one in cycles))],
        ["open files", *(spread([one.samples[place][1] for one in cycles], 0) for place in range(len(shares)))],
        ["memory MB", *(spread([one.samples[place][2] / 1024 for one in cycles], 1) for place in range(len(shares)))],
    ]
    about = f"Connect, sign in, follow a room, close: {AT_ONCE} at a time. Sampled when everything was closed."
    return Table(
        f"{CYCLES:,} connections that come and go", ["", *(f"after {share:.0%}" for share in shares)], rows, about
    )


def _targets(found: dict[str, list[Load]], cycles: list[Load]) -> list[Target]:
    most = max(one.kb_per_socket for one in found["hub"])
    more_files = max(one.samples[-1][1] - one.samples[0][1] for one in cycles)
    growth = max(one.samples[-1][2] / one.samples[1][2] - 1 for one in cycles)
    cycled = f"{CYCLES:,} connections that come and go"
    return [
        Target(f"KB per idle socket at {SOCKETS:,}", 25, round(most, 1), at_least=False),
        Target(f"{cycled}: failures", 0, sum(one.cycle_failures for one in cycles), at_least=False),
        Target(f"{cycled}: more open files than after a fifth", 0, more_files, at_least=False),
        Target(f"{cycled}: growth of memory in the last 40 %, in %", 5, round(100 * growth, 1), at_least=False),
    ]
