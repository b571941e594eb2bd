"""One room to 500 sockets: the hub (signed in, stored, acked after commit) beside a bare broadcast, in turns."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

from hub.stack.process import free_port
from tests.bench.crowd import tickets
from tests.bench.figures import cpu_seconds, percentile, spread, write
from tests.bench.receivers import LastOf, Receiver, connect
from tests.bench.site import Site, site

SOCKETS = 500
ROUNDS = 3
PACED = 17  # messages a second: the load the specification names
SECONDS = 4
BURST = 60  # fewer than one socket may have in flight
MARK = b'"mark-'


def _mark(payload: bytes) -> str | None:
    """Number of the message in an event frame, without parsing it."""
    start = payload.find(MARK)
    if start < 0 or (not payload.startswith(b'{"op":"event"') and not payload.startswith(b'{"op": "event"')):
        return None
    return payload[start + 1 : payload.index(b'"', start + 1)].decode()


class Room:
    """500 receivers of one room and a sender among them."""

    def __init__(self, pid: int, send: Any, timing: dict[str, LastOf]):
        self.pid = pid
        self.send = send
        self.timing = timing


async def _measured(room: Room, turn: int) -> dict[str, float]:
    paced, burst = await _paced(room, f"p{turn}"), await _burst(room, f"b{turn}")
    return paced | {f"burst_{name}": value for name, value in burst.items()}


async def _paced(room: Room, label: str) -> dict[str, float]:
    clock = room.timing["clock"] = LastOf(SOCKETS)
    before = cpu_seconds(room.pid)
    for number in range(PACED * SECONDS):
        due = perf_counter() + 1 / PACED
        clock.send(mark := f"mark-{label}-{number}")
        room.send(mark)
        await asyncio.sleep(max(0, due - perf_counter()))
    await _all(clock, PACED * SECONDS)
    spent = cpu_seconds(room.pid) - before
    return {
        "p50_ms": percentile(clock.seconds, 0.5),
        "p99_ms": percentile(clock.seconds, 0.99),
        "deliveries_per_cpu_s": SOCKETS * PACED * SECONDS / spent,
    }


async def _burst(room: Room, label: str) -> dict[str, float]:
    clock = room.timing["clock"] = LastOf(SOCKETS)
    before, started = cpu_seconds(room.pid), perf_counter()
    for number in range(BURST):
        clock.send(mark := f"mark-{label}-{number}")
        room.send(mark)
    await _all(clock, BURST)
    spent = cpu_seconds(room.pid) - before
    return {
        "messages_per_s": BURST / (perf_counter() - started),
        "deliveries_per_cpu_s": SOCKETS * BURST / spent,
    }


async def _all(clock: LastOf, count: int) -> None:
    async with asyncio.timeout(60):
        while len(clock.seconds) < count:  # noqa: ASYNC110 - the receivers count in the loop's own turn
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def hub_room(there: Site) -> AsyncIterator[Room]:
    """500 sockets on one room of the hub."""
    with contextlib.closing(there.client()) as rest:
        room = rest.post("/api/rooms", json={"title": "Bench"}).json()["room"]["id"]
    timing: dict[str, LastOf] = {"clock": LastOf(SOCKETS)}
    caught_up = asyncio.Event()
    waiting = SOCKETS

    def heard(receiver: Receiver, payload: bytes) -> None:
        nonlocal waiting
        if (mark := _mark(payload)) is not None:
            timing["clock"].heard(mark)
        elif payload.startswith(b'{"op":"ready"'):
            receiver.send({"op": "subscribe", "room": room, "after_seq": 0})
        elif payload.startswith(b'{"op":"caught_up"'):
            waiting -= 1
            if not waiting:
                caught_up.set()

    receivers = await _signed_in(there, heard)
    async with asyncio.timeout(60):
        await caught_up.wait()

    def send(mark: str) -> None:
        message = {"op": "send", "room": room, "client_msg_id": mark, "content": "異常 " * 60}
        receivers[0].send(message)

    yield Room(there.pids["hub"], send, timing)
    for receiver in receivers:
        receiver.transport.abort()


async def _signed_in(there: Site, heard: Any) -> list[Receiver]:
    """Open the sockets; ten belong to one user at most, so there are fifty users."""
    receivers = []
    for url, ticket in await asyncio.to_thread(tickets, there, SOCKETS):
        receiver = await connect(url, heard)
        receiver.send({"op": "auth", "ticket": ticket})
        receivers.append(receiver)
    return receivers


@contextlib.asynccontextmanager
async def peer_room() -> AsyncIterator[Room]:
    """500 sockets on the bare broadcast server."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.broadcast_peer", str(port))
    timing: dict[str, LastOf] = {"clock": LastOf(SOCKETS)}

    def heard(_: Receiver, payload: bytes) -> None:
        if (mark := _mark(payload)) is not None:
            timing["clock"].heard(mark)

    try:
        receivers = []
        await asyncio.sleep(1)
        for _ in range(SOCKETS):
            receivers.append(await connect(f"ws://127.0.0.1:{port}/ws", heard))

        def send(mark: str) -> None:
            receivers[0].send({"op": "send", "client_msg_id": mark, "content": "異常 " * 60})

        yield Room(process.pid, send, timing)
        for receiver in receivers:
            receiver.transport.abort()
    finally:
        process.terminate()
        await process.wait()


def run() -> None:
    """Measure in turns and write the page."""
    with site() as there:
        found = asyncio.run(_rounds(there))
    figures = {name: {key: spread([turn[key] for turn in turns]) for key in turns[0]} for name, turns in found.items()}
    write("fanout", {"sockets": SOCKETS, "rounds": ROUNDS, **figures}, _table(figures))


async def _rounds(there: Site) -> dict[str, list[dict[str, float]]]:
    found: dict[str, list[dict[str, float]]] = {"hub": [], "peer": []}
    for turn in range(ROUNDS):
        async with hub_room(there) as room:
            found["hub"].append(await _measured(room, turn))
        async with peer_room() as room:
            found["peer"].append(await _measured(room, turn))
    return found


def _table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    rows = [
        "# One room to 500 sockets",
        "",
        "The hub checks, stores and commits every message before anybody sees it; the peer is the `websockets` "
        f"library's `broadcast` with nothing behind it. {ROUNDS} rounds in turns, median (min-max); "
        "server and load share the machine.",
        "",
        "| figure | hub | bare broadcast | hub / broadcast |",
        "|---|---|---|---|",
    ]
    for key, hub in figures["hub"].items():
        peer = figures["peer"][key]
        rows.append(f"| {key} | {_cell(hub)} | {_cell(peer)} | {hub['median'] / max(peer['median'], 0.001):.2f} |")
    return "\n".join(rows)


def _cell(value: dict[str, float]) -> str:
    return f"{value['median']} ({value['min']}-{value['max']})"


if __name__ == "__main__":
    run()
