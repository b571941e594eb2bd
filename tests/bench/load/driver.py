"""Builds the load generator when its sources are newer, runs it, and reads what it measured."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Required, TypedDict, Unpack

import msgspec

SOURCES = Path(__file__).parent
CACHE = Path(__file__).resolve().parents[3] / ".cache" / "bench"
PART = "\x1f"
LIMIT_SECONDS = 600


class Client(msgspec.Struct, frozen=True):
    """One socket of the load. A message is delivered when each ready client of its sender's `room` had it.

    `hello`: text frames it sends after the upgrade. `send`: template of the frames it sends, never one when empty;
    {TS} becomes the message's mark, {SEQ} a number unique in one run, {PAD} fills the frame up to its size.
    The text must show the mark as `TS={TS}`.
    """

    path: str
    headers: tuple[str, ...] = ()
    room: int = 0
    hello: tuple[str, ...] = ()
    send: str = ""


class Load(msgspec.Struct):
    """What was measured. Times are in ms or s as the name says; `_share` is of one core.

    Rates and latencies are of the measured window; `all_…` are of the whole run, warming up included.
    `bytes_per_delivery` counts all text the receivers had. `p50_ms`… are of every delivery, `last_…` of each message
    until its last receiver had it.
    """

    open_files_limit: int
    opened: int
    failed: int
    closed: int
    close_code: int
    stalled_closed: int
    refused: str
    connect_s: float
    connects_per_cpu_s: float
    rss_before_kb: int
    rss_connected_kb: int
    rss_end_kb: int
    fds_before: int
    fds_connected: int
    fds_end: int
    seconds: float = 0.0
    messages: int = 0
    messages_per_s: float = 0.0
    deliveries: int = 0
    deliveries_per_s: float = 0.0
    deliveries_per_cpu_s: float = 0.0
    server_cpu_s: float = 0.0
    server_cpu_share: float = 0.0
    load_cpu_share: float = 0.0
    bytes_per_delivery: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0
    last_p50_ms: float = 0.0
    last_p99_ms: float = 0.0
    last_max_ms: float = 0.0
    lost: int = 0
    strays: int = 0
    all_sent: int = 0
    all_messages: int = 0
    all_deliveries: int = 0
    idle_cpu_share: float = 0.0
    cycles: int = 0
    cycle_failures: int = 0
    cycles_per_s: float = 0.0
    samples: list[tuple[float, int, int]] = []
    """Share of the cycles done, file descriptors, RSS in KB."""

    @property
    def kb_per_socket(self) -> float:
        """What the server's memory grew by for each socket, in KB."""
        return (self.rss_connected_kb - self.rss_before_kb) / max(self.opened, 1)

    @property
    def us_per_delivery(self) -> float:
        """Server CPU that one delivery costs, in microseconds."""
        return 1e6 / max(self.deliveries_per_cpu_s, 1e-9)

    def whole(self) -> "Load":
        """Return itself when every socket opened and stayed, and nothing was lost or came twice."""
        if self.failed or self.closed or self.lost or self.strays:
            raise RuntimeError(f"the load did not go through: {self}")
        return self


class Drive(TypedDict, total=False):
    """How a server is driven; what is absent is as in `USUAL`.

    `window` messages in flight in total (closed loop), or `rate` messages/s in total (open loop). `size`: bytes of a
    sent frame. `ready`: a client takes part when a frame with this text came ("" = after the upgrade). The last
    `stalled` clients never read once they are ready. `idle`: only stay connected for so many seconds. `cycles`: only
    connect and close, so often, `len(clients)` at a time. `beat`: a frame every client sends every 20 s. `eio`: answer
    Engine.IO's pings.
    """

    seconds: Required[float]
    warm: float
    window: int
    rate: float
    size: int
    ready: str
    stalled: int
    idle: float
    cycles: int
    beat: str
    eio: bool


USUAL = Drive(
    seconds=0, warm=1.0, window=0, rate=0.0, size=300, ready="", stalled=0, idle=0.0, cycles=0, beat="", eio=False
)


def drive(
    port: int, clients: Sequence[Client], *, pids: Sequence[int], pin: int | None = None, **how: Unpack[Drive]
) -> Load:
    """Connect the clients to 127.0.0.1 and measure; `pids` are the server's processes, `pin` the generator's CPU."""
    wanted = {**USUAL, **how}
    options: dict[str, object] = {
        "port": port,
        "pids": ",".join(map(str, pids)),
        **wanted,
        "eio": int(how.get("eio", False)),
    }
    return _measured(options, clients, pin)


def _measured(options: dict[str, object], clients: Sequence[Client], pin: int | None) -> Load:
    with tempfile.NamedTemporaryFile("w", prefix="andon-load-", suffix=".clients", encoding="utf-8") as file:
        file.writelines(_line(client) for client in clients)
        file.flush()
        command = [*pinned(pin), str(built()), "--clients", file.name]
        command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
        done = subprocess.run(command, capture_output=True, timeout=LIMIT_SECONDS)
    if done.returncode or done.stderr:
        raise RuntimeError(f"the load generator failed ({done.returncode}): {done.stderr.decode()[-500:]}")
    return msgspec.json.decode(done.stdout, type=Load)


def pinned(cpu: int | None) -> list[str]:
    """Words that begin a command which shall run on this CPU; none where there is only one CPU, or all are free."""
    return [] if cpu is None or (os.cpu_count() or 1) < 2 else ["taskset", "-c", str(cpu)]


def built() -> Path:
    """The generator's program, made anew when a source is newer."""
    return compiled("wsload", sorted(SOURCES.glob("*.c")), sorted(SOURCES.glob("*.h")))


def compiled(name: str, sources: Sequence[Path], headers: Sequence[Path] = ()) -> Path:
    """A C program in the cache, made anew when one of its files is newer."""
    program = CACHE / name
    newest = max(path.stat().st_mtime for path in (*sources, *headers))
    if not program.exists() or program.stat().st_mtime < newest:
        CACHE.mkdir(parents=True, exist_ok=True)
        part = program.with_name(f"{name}.{os.getpid()}")
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", part, *sources], check=True)
        part.rename(program)
    return program


def _line(client: Client) -> str:
    headers, hello = PART.join(client.headers), PART.join(client.hello)
    parts = [str(client.room), client.path, headers, hello, client.send]
    if any(mark in part for part in parts for mark in "\t\r\n"):
        raise ValueError(f"a client cannot hold tabs or line ends: {client}")
    return "\t".join(parts) + "\n"
