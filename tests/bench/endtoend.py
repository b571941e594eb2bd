"""End to end, from a member's socket through PostgreSQL to all others: the hub beside the specification's design."""

import asyncio
import contextlib
import statistics
from collections.abc import Callable, Iterator, Sequence

import msgspec

from hub.base.ids import new_id
from hub.wire.limits import SOCKETS_PER_USER
from tests.bench import crowd
from tests.bench.baseline.process import Baseline
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.load import Client, Load, drive
from tests.bench.report import Report, Table, Target, ratio, spread
from tests.bench.servers import raise_open_files
from tests.bench.site import ABOUT as HUB_ABOUT
from tests.bench.site import Site, ground

NAME = "endtoend"
WARM_SECONDS = 2.0
BASELINE_SEND = '{"type":"message","client_id":"{SEQ}","content":"TS={TS} {PAD}"}'
CONTENT_BYTES = 240
STORED = "SELECT count(*) FROM messages WHERE content LIKE 'TS=%'"
ABOUT = (
    f"{HUB_ABOUT} The baseline is the specification's own design (`tests/bench/baseline`): FastAPI, one ORM "
    "transaction for each message, a loop of `send_json`, stock uvicorn, a pool of 20; its rate limit is raised too. "
    f"Each member is a user with one socket, and all send in turns, {CONTENT_BYTES} bytes of content each. For each "
    "measurement a server is started on a new database of the same PostgreSQL, alone; nothing is pinned to a CPU. "
    "CPU is that of the server process, without PostgreSQL's. Afterwards no fewer messages must be stored than were "
    "delivered, and no more than were sent. «Late» is the share of messages that had not reached everybody after 5 s."
)


class Scenario(msgspec.Struct, frozen=True):
    """`window` messages in flight over all rooms, or `rate` messages/s; `wanted` is hub / baseline."""

    title: str
    rooms: int
    members: int
    window: int = 0
    rate: float = 0.0
    wanted: float | None = None


SCENARIOS = {
    "a": Scenario("1 room × 100 members, 1 in flight", 1, 100, 1),
    "b": Scenario("1 room × 100 members, 20 in flight", 1, 100, 20, wanted=20),
    "c": Scenario("1 room × 100 members, 200 in flight", 1, 100, 200, wanted=45),
    "d": Scenario("100 rooms × 10 members, 100 in flight", 100, 10, 100, wanted=10),
    "e": Scenario("1 room × 1,000 members, 20 in flight", 1, 1000, 20, wanted=14),
    "f": Scenario("1 room × 100 members, 17 messages/s", 1, 100, rate=17),
}


class Side(msgspec.Struct, frozen=True):
    """A running server with its clients."""

    port: int
    pid: int
    clients: list[Client]
    ready: str = ""


def _clients(
    rooms: Sequence[object], members: int, header: Callable[[int], str], send: Callable[[int], str]
) -> list[Client]:
    """One socket of each member; members are numbered over all rooms."""
    return [
        Client(f"/ws/{room}", (header(number * members + place),), number, send=send(number))
        for number, room in enumerate(rooms)
        for place in range(members)
    ]


@contextlib.contextmanager
def hub_side(there: Site, database: str, scenario: Scenario) -> Iterator[Side]:
    """The hub on a new database, until the block ends."""
    there.postgres.sql(f"CREATE DATABASE {database} TEMPLATE andon")
    dsn, mark = there.postgres.dsn(database), str(new_id())
    people = crowd.gather(dsn, scenario.rooms * scenario.members * SOCKETS_PER_USER)
    rooms = crowd.open_rooms(dsn, people, scenario.rooms, users=scenario.members)
    clients = _clients(
        rooms,
        scenario.members,
        lambda member: people.header(member * SOCKETS_PER_USER)[0],
        lambda number: crowd.message(rooms[number], mark),
    )
    with there.hub(pin=None, DATABASE_URL=dsn) as server:
        yield Side(server.port, server.pids[0], clients, crowd.READY)


@contextlib.contextmanager
def baseline_side(there: Site, database: str, scenario: Scenario) -> Iterator[Side]:
    """The baseline on a new database, until the block ends."""
    there.postgres.sql(f"CREATE DATABASE {database} TEMPLATE template0")
    baseline = Baseline(there.postgres.dsn(database), there.folder / "baseline.log")
    try:
        emails = [f"member{number}@plant.test" for number in range(scenario.rooms * scenario.members)]
        each = [emails[start : start + scenario.members] for start in range(0, len(emails), scenario.members)]
        rooms = asyncio.run(baseline.open_rooms(each))
        clients = _clients(
            rooms,
            scenario.members,
            lambda member: f"Authorization: {baseline.authorization(emails[member])}",
            lambda _: BASELINE_SEND,
        )
        yield Side(baseline.port, baseline.pid, clients)
    finally:
        baseline.stop()


SIDES = {"hub": hub_side, "baseline": baseline_side}
Found = dict[str, dict[str, list[dict[str, float]]]]


def run() -> Report:
    """Measure every scenario, both sides in turns."""
    raise_open_files()
    found: Found = {key: {side: [] for side in SIDES} for key in SCENARIOS}
    with ground(pin=None) as there:
        for turn in range(ROUNDS):
            for key, scenario in SCENARIOS.items():
                for side in SIDES:
                    found[key][side].append(measured(there, side, scenario, f"{side}_{key}_{turn}"))
    tables = [_rates(found), _cpu(found), _latencies(found)]
    return Report(NAME, "End to end", ABOUT, tables, _targets(found), dict(found))


def measured(there: Site, side: str, scenario: Scenario, database: str) -> dict[str, float]:
    """Start a side, drive it, stop it; figures of the measurement."""
    with SIDES[side](there, database, scenario) as server:
        load = drive(
            server.port,
            server.clients,
            pids=[server.pid],
            seconds=SECONDS,
            warm=WARM_SECONDS,
            window=scenario.window,
            rate=scenario.rate,
            size=_frame_bytes(server.clients[0].send),
            ready=server.ready,
        )
    stored = int(there.postgres.sql(STORED, database))
    there.postgres.sql(f"DROP DATABASE {database}")
    if load.failed or load.closed or not load.all_messages <= stored <= load.all_sent:
        raise RuntimeError(f"{side}, {scenario.title}: {stored} messages are stored after {load}")
    return _figures(load if side == "baseline" else load.whole())  # the baseline may be late


def _frame_bytes(send: str) -> int:
    """Size of a sent frame whose content has the size we want: the envelopes of the two sides differ."""
    return CONTENT_BYTES + len(send.replace("TS={TS} {PAD}", "").replace("{SEQ}", "000000"))


def _figures(load: Load) -> dict[str, float]:
    return {
        "messages_per_s": load.messages_per_s,
        "messages_per_cpu_s": load.messages / max(load.server_cpu_s, 1e-9),
        "deliveries_per_cpu_s": load.deliveries_per_cpu_s,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "last_p50_ms": load.last_p50_ms,
        "last_p99_ms": load.last_p99_ms,
        "late_share": load.lost / max(load.all_sent, 1),
        "server_cpu_share": load.server_cpu_share,
        "load_cpu_share": load.load_cpu_share,
    }


def _values(found: Found, key: str, figure: str) -> tuple[list[float], list[float]]:
    """A figure's rounds: the hub's, the baseline's."""
    mine, theirs = ([one[figure] for one in found[key][side]] for side in SIDES)
    return mine, theirs


def _compared(found: Found, key: str, figure: str) -> list[str]:
    mine, theirs = _values(found, key, figure)
    return [spread(mine, 0), spread(theirs, 0), f"{ratio(mine, theirs):.1f}"]


def _targets(found: Found) -> list[Target]:
    return [
        Target(
            f"end to end, {scenario.title}: messages/s, hub / baseline",
            scenario.wanted,
            ratio(*_values(found, key, "messages_per_s")),
        )
        for key, scenario in SCENARIOS.items()
        if scenario.wanted is not None
    ]


def _rates(found: Found) -> Table:
    head = ["scenario", "hub", "baseline", "hub / baseline"]
    rows = [[SCENARIOS[key].title, *_compared(found, key, "messages_per_s")] for key in found]
    return Table("Messages/s, each delivered to all members", head, rows)


def _cpu(found: Found) -> Table:
    head = ["scenario"]
    for figure in ("deliveries", "messages"):
        head += [f"hub, {figure} per CPU-s", "baseline", "hub / baseline"]
    rows = [
        [
            SCENARIOS[key].title,
            *_compared(found, key, "deliveries_per_cpu_s"),
            *_compared(found, key, "messages_per_cpu_s"),
        ]
        for key in found
    ]
    return Table("What a second of the server's CPU does", head, rows)


def _latencies(found: Found) -> Table:
    head = ["scenario"]
    for side in SIDES:
        head += [f"{side}, every delivery: p50 / p99 ms", "to the last member: p50 / p99 ms", "late"]
    rows = []
    for key in found:
        row = [SCENARIOS[key].title]
        for side in SIDES:
            middle = {name: statistics.median(one[name] for one in found[key][side]) for name in found[key][side][0]}
            row += [f"{middle[f'{which}p50_ms']:,.1f} / {middle[f'{which}p99_ms']:,.1f}" for which in ("", "last_")]
            row.append(f"{100 * middle['late_share']:.1f} %")
        rows.append(row)
    return Table("Latency", head, rows, "From sending to receiving, stored in between; medians of the rounds.")
