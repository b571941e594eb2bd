"""Alarms through mosquitto → connector → hub → database, saturated: batches of the default size beside single ones."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, perf_counter, sleep

import asyncpg

from hub.stack.mosquitto import Mosquitto
from hub.wire import limits
from tests.bench.cpu import cpu_seconds
from tests.bench.effort import ROUNDS, SECONDS
from tests.bench.machines import publish_all
from tests.bench.report import Report, Table, Target, by_name, ratio, spread
from tests.bench.site import Site, site

NAME = "alarms"
MACHINES = 50
BATCHES = {f"{limits.ALARM_BATCH} at once": limits.ALARM_BATCH, "one by one": 1}
EXPECTED = {limits.ALARM_BATCH: 2500, 1: 100}
"""Alarms a second to size a round by, per batch."""
LONGEST_SECONDS = 120
ARRIVED = "SELECT count(*) FROM alarm_inbox WHERE source_id = $1"
ABOUT = (
    f"{MACHINES} machines, each over an MQTT connection of its own, publish alarms (QoS 1, every one with its own key "
    "and event id, so every one is a new occurrence with its message) as fast as the broker takes them. The clock "
    "runs from the first PUBLISH until the hub's inbox holds them all, which is after COMMIT. Both ways are the same "
    "connector and the same hub; only `batch` in `sources.yaml` differs."
)


def run() -> Report:
    """Measure both ways in turns."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in BATCHES}
    with site() as there:
        for turn in range(ROUNDS):
            for name, batch in BATCHES.items():
                found[name].append(_measured(there, batch, f"bench-{turn}-{batch}"))
    many, one = (by_name(found, "alarms_per_s")[name] for name in BATCHES)
    target = Target(f"alarms per second, batches of {limits.ALARM_BATCH} / one by one", 8, ratio(many, one))
    return Report(NAME, "Alarms from the broker to the database", ABOUT, [_table(found)], [target], {"rounds": found})


def _measured(there: Site, batch: int, source: str) -> dict[str, float]:
    """One round with a broker, a line of rooms and a source of its own."""
    count = max(MACHINES, int(EXPECTED[batch] * SECONDS))
    with broker(there, source) as mosquitto, connectors(there, mosquitto, source, batch) as pid:
        pids = {"connector": pid, "hub": there.pids["hub"], "broker": mosquitto.pid}
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        taken, whole = asyncio.run(_through(there, mosquitto, source, count))
        spent = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    return {
        "alarms": count,
        "alarms_per_s": count / whole,
        "broker_per_s": count / taken,
        **{f"{name}_cpu_ms": 1000 * seconds / count for name, seconds in spent.items()},
    }


async def _through(there: Site, mosquitto: Mosquitto, source: str, count: int) -> tuple[float, float]:
    """Seconds until the broker has all alarms, and until the hub has them."""
    conn = await asyncpg.connect(there.environment["DATABASE_URL"])
    topics = {
        f"alarms/{source}/M{machine:02}": [_alarm(number) for number in range(machine, count, MACHINES)]
        for machine in range(MACHINES)
    }
    started = perf_counter()
    await publish_all(mosquitto.url("machines"), topics)
    taken = perf_counter() - started
    async with asyncio.timeout(LONGEST_SECONDS):
        while (arrived := await conn.fetchval(ARRIVED, source)) < count:  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.02)
    whole = perf_counter() - started
    await conn.close()
    assert arrived == count, f"{arrived} inbox rows of {count} alarms"
    return taken, whole


def _alarm(number: int) -> bytes:
    code = f"E{number}"
    facts = {"key": code, "event_id": code, "code": code, "active": True, "severity": "high", "value": 1.5}
    return json.dumps({**facts, "text": "主軸過熱 spindle too hot"}, ensure_ascii=False).encode()


@contextmanager
def broker(there: Site, source: str) -> Iterator[Mosquitto]:
    """A broker with nothing in its store."""
    running = Mosquitto.start(there.folder / f"mq-{source}", 0, {"connectors": "c", "machines": "m"})
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def connectors(there: Site, mosquitto: Mosquitto, source: str, batch: int) -> Iterator[int]:
    """A connectors process that has subscribed; its pid."""
    folder = there.folder
    (folder / "token").write_text(there.token)
    one = {"id": source, "mappings": ["json"], "batch": batch}
    (folder / f"{source}.yaml").write_text(json.dumps({"sources": [one]}))
    environment = {
        **there.environment,
        "MQTT_URL": mosquitto.url("connectors"),
        "ANDON_SOURCES": str(folder / f"{source}.yaml"),
        "ANDON_CONNECTOR_TOKEN_FILE": str(folder / "token"),
    }
    with ExitStack() as stack:
        log = stack.enter_context((folder / f"{source}.log").open("wb"))
        command = [sys.executable, "-m", "hub.cli", "connectors"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        _wait_subscribed(folder / f"{source}.log")
        yield process.pid


def _wait_subscribed(log: Path) -> None:
    until = monotonic() + 20
    while '"subscribed"' not in log.read_text():
        if monotonic() > until:
            raise RuntimeError(f"the connector has not subscribed: see {log}")
        sleep(0.05)


def _table(found: dict[str, list[dict[str, float]]]) -> Table:
    columns = {
        "alarms/s": ("alarms_per_s", 0),
        "taken by the broker/s": ("broker_per_s", 0),
        "connector CPU ms/alarm": ("connector_cpu_ms", 2),
        "hub CPU ms/alarm": ("hub_cpu_ms", 2),
        "broker CPU ms/alarm": ("broker_cpu_ms", 2),
    }
    rows = [
        [name, *(spread([turn[figure] for turn in turns], digits) for figure, digits in columns.values())]
        for name, turns in found.items()
    ]
    return Table("Through the whole chain", ["to the hub", *columns], rows)
