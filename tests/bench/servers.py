"""The servers of a round: how a peer is started, what its clients say, and how any server is started and stopped."""

import contextlib
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hub.stack.process import Child, answers, free_port, wait_until
from tests.bench.load import Client, Load, compiled, drive, pinned

PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 30
SENDERS = 20
SERVER_CPU, LOAD_CPU = 0, 1
MESSAGE = '{"op":"send","client_msg_id":"{SEQ}","content":"TS={TS} {PAD}"}'


class Server(msgspec.Struct, frozen=True):
    """A running server."""

    port: int
    pids: tuple[int, ...]


class Peer(msgspec.Struct, frozen=True):
    """A server to compare with: how tables call it, how it is started, how one speaks to it."""

    title: str
    command: tuple[str, ...]
    path: str = "/ws"
    hello: tuple[str, ...] = ()
    message: str = MESSAGE
    ready: str = ""
    eio: bool = False

    def clients(self, count: int) -> list[Client]:
        """So many members of its one room; the first twenty send in turns."""
        return [
            Client(self.path, hello=self.hello, send=self.message if number < SENDERS else "")
            for number in range(count)
        ]


def _python(name: str, *options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"tests.bench.peers.{name}", "PORT", *options)


PEER = {
    "floor": Peer("C, one write per socket", ("FLOOR", "PORT")),
    "picows": Peer("picows", _python("picows_peer")),
    "asyncio": Peer("asyncio protocol", _python("asyncio_peer")),
    "asyncio_joined": Peer("asyncio protocol, ticks joined", _python("asyncio_peer", "joined")),
    "node": Peer("Node ws", ("node", str(PEERS / "node" / "ws_peer.mjs"), "PORT")),
    "broadcast": Peer("websockets.broadcast", _python("broadcast_peer")),
    "channels": Peer("Litestar channels", _python("channels_peer")),
    "socketio": Peer(
        "python-socketio",
        _python("socketio_peer"),
        path="/socket.io/?EIO=4&transport=websocket",
        hello=("40",),
        message='42["m",' + MESSAGE + "]",
        ready='40{"sid"',
        eio=True,
    ),
    "idle": Peer("Litestar, stock uvicorn", _python("idle_peer")),
}


@contextlib.contextmanager
def peer(name: str, *, pin: int | None = SERVER_CPU) -> Iterator[Server]:
    """Run one of the peers until the block ends."""
    words = list(PEER[name].command)
    if words[0] == "FLOOR":
        words[0] = str(compiled("floor", [PEERS / "floor.c"]))
    elif words[0] == "node":
        words[0] = node()
    port = free_port()
    with running([str(port) if word == "PORT" else word for word in words], port, pin=pin) as server:
        yield server


def peer_load(name: str, sockets: int, *, pin: int | None = SERVER_CPU, **load: Any) -> Load:
    """Start a peer, measure it under a load (options of `drive`), and stop it."""
    there = PEER[name]
    with peer(name, pin=pin) as server:
        clients = there.clients(sockets)
        return drive(server.port, clients, pids=server.pids, ready=there.ready, eio=there.eio, pin=LOAD_CPU, **load)


@contextlib.contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    pin: int | None = SERVER_CPU,
    env: Mapping[str, str] | None = None,
    ready: Callable[[], bool] | None = None,
) -> Iterator[Server]:
    """Run a server from the repository's root until the block ends. `pin` is its CPU.

    The block begins when it is `ready`: by default, when its port answers.
    """
    raise_open_files()
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        log = Path(folder) / "server.log"
        child = Child([*pinned(pin), *command], log, env=dict(env or os.environ), cwd=ROOT)
        try:
            if not wait_until(ready or (lambda: answers(port)), child, READY_SECONDS):
                raise RuntimeError(f"{' '.join(command)} does not answer: {child.output()[-1000:]}")
            yield Server(port, (child.pid,))
        finally:
            child.stop()


def pin_tree(pid: int, cpu: int | None) -> None:
    """Keep a process, its children, and what they start later, on one CPU."""
    if cpu is None or (os.cpu_count() or 1) < 2:
        return
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):  # a child that has just ended
        os.sched_setaffinity(pid, {cpu})
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            pin_tree(int(child), cpu)


def raise_open_files() -> int:
    """Let what we start have as many files open as we may; returns that number."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def node() -> str:
    """The Node.js program: the one `setup.sh` brought, or the machine's own."""
    return shutil.which("node", path=f"{ROOT / '.tools/node/bin'}:{os.environ['PATH']}") or "node"
