"""The laws under load: `pytest tests/laws` passes while another hub on the same machine works as hard as it can."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

import msgspec

from hub.base.ids import new_id
from tests.bench import crowd
from tests.bench.crowd import Crowd
from tests.bench.effort import ROUNDS
from tests.bench.load import Load, drive
from tests.bench.report import Report, Table, Target, spread
from tests.bench.servers import ROOT, Server
from tests.bench.site import ABOUT as HUB_ABOUT
from tests.bench.site import Site, ground

NAME = "laws"
MEMBERS = 100
WINDOW = 20
CHUNK_SECONDS = 10.0
LIMIT_SECONDS = 1800
LONG = ROUNDS >= 3  # a quick look leaves out the long ones
ABOUT = (
    "`pytest tests/laws` has two hubs, a PostgreSQL and clients of its own, and kills the hubs in full work; meanwhile "
    f"the load generator drives another hub with another PostgreSQL on this machine: one room, {MEMBERS} sockets, "
    f"{WINDOW} messages in flight. {HUB_ABOUT}"
)


class Law(msgspec.Struct, frozen=True):
    """How one test went, and the counts it printed."""

    name: str
    passed: bool
    seconds: float
    printed: str


def run() -> Report:
    """Run the laws once, under load from their first moment to their last."""
    with ground(pin=None) as there, there.hub(pin=None) as server:
        people = crowd.gather(there.dsn, MEMBERS)
        loads = []
        with _pytest(there.folder) as laws:
            until = monotonic() + LIMIT_SECONDS
            while laws.poll() is None and monotonic() < until:
                loads.append(_load(there, server, people))
        found = read_laws(there.folder)
    failed = [law.name for law in found if not law.passed]
    targets = [Target("laws that fail under load", 0, len(failed), at_least=False)]
    figures = {"laws": msgspec.to_builtins(found), "loads": msgspec.to_builtins(loads)}
    return Report(NAME, "The laws under load", ABOUT, [_laws(found), _loads(loads)], targets, figures)


@contextlib.contextmanager
def _pytest(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the laws beside the block; what is left of them after it is ended."""
    command = [sys.executable, "-m", "pytest", "tests/laws", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["-o", "junit_logging=system-out", f"--junitxml={folder / 'laws.xml'}"]
    command += [] if LONG else ["-m", "not long"]
    with (folder / "laws.log").open("wb") as log:
        laws = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield laws
    finally:
        laws.terminate()
        laws.wait()


def _load(there: Site, server: Server, people: Crowd) -> Load:
    """Drive the hub for a while in a fresh room: what is new in it is replayed to nobody."""
    rooms = crowd.open_rooms(there.dsn, people)
    clients = crowd.members(people, rooms, MEMBERS, senders=MEMBERS, send=crowd.message(rooms[0], str(new_id())))
    load = drive(
        server.port, clients, pids=server.pids, seconds=CHUNK_SECONDS, warm=0.2, window=WINDOW, ready=crowd.READY
    )
    if load.failed or load.closed or not load.messages:
        raise RuntimeError(f"there was no load: {load}")
    return load


def read_laws(folder: Path) -> list[Law]:
    """What pytest wrote down; a skipped law is a failed one."""
    file = folder / "laws.xml"
    if not file.exists():
        raise RuntimeError(f"the laws came to no end: {(folder / 'laws.log').read_text()[-2000:]}")
    laws = [_law(case) for case in ElementTree.parse(file).iter("testcase")]
    if not any(law.passed for law in laws):
        raise RuntimeError(f"not one law passed: {(folder / 'laws.log').read_text()[-2000:]}")
    return laws


def _law(case: ElementTree.Element) -> Law:
    passed = all(case.find(word) is None for word in ("failure", "error", "skipped"))
    lines = (case.findtext("system-out") or "").splitlines()
    printed = " ".join(line.strip() for line in lines if not line.startswith("---"))  # pytest's own heading
    return Law(case.get("name", ""), passed, float(case.get("time", "0")), printed.strip())


def _laws(laws: list[Law]) -> Table:
    passed = sum(law.passed for law in laws)
    rows = [
        [f"`{law.name}`", "passed" if law.passed else "**failed**", f"{law.seconds:.1f}", law.printed.replace("|", "/")]
        for law in laws
    ]
    title = f"{passed} passed, {len(laws) - passed} failed"
    return Table(title, ["law", "outcome", "seconds", "what it counted"], rows)


def _loads(loads: list[Load]) -> Table:
    head = ["messages/s", "p50 ms", "p99 ms", "lost"]
    row = [
        spread([load.messages_per_s for load in loads], 0),
        spread([load.p50_ms for load in loads]),
        spread([load.p99_ms for load in loads]),
        str(sum(load.lost for load in loads)),
    ]
    about = f"{len(loads)} times {CHUNK_SECONDS:g} s, one after the other, each in a fresh room."
    return Table("The hub under load meanwhile", head, [row], about)
