"""`andon up --demo` as a plant would run it: one command, one process tree, nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from hub.stack.process import free_port, program_of

pytestmark = pytest.mark.timeout(180)


class Up:
    """One run of `andon up --demo` with its output."""

    def __init__(self, folder: Path):
        self.port = free_port()
        self.output = folder / "up.out"
        ports = {"ANDON_PORT": str(self.port), "ANDON_MQTT_PORT": str(free_port())}
        own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MQTT_URL")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub.cli", "up", "--demo"],
                env=own | ports | {"ANDON_DATA": str(folder / "data")},
                stdout=output,
                stderr=output,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def until(self, true: Callable[[], bool], seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def children(self) -> dict[str, int]:
        """Process ids by the last word that tells the parts apart."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = {}
        for pid in pids:
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            found[words[3] if words[2:3] == ["hub.cli"] else Path(words[0]).name] = int(pid)
        return found

    def sign_in(self) -> httpx.Client:
        match = re.search(r"sign in as wang +(\S+)", self.said)
        assert match, self.said
        client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False)
        answer = client.post("/api/auth/login", json={"username": "wang", "password": match[1]})
        assert answer.status_code in (200, 201), answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], Up]]:
    runs: list[Up] = []

    def up() -> Up:
        runs.append(Up(folder))
        runs[-1].until(lambda: "Andon Hub runs at" in runs[-1].said)
        return runs[-1]

    yield up
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)


def rooms(client: httpx.Client) -> int:
    found: int = len(client.get("/api/rooms").json()["rooms"])
    return found


def ready(client: httpx.Client) -> bool:
    """Whether the hub answers that it is ready; while it starts again, nobody answers."""
    try:
        return client.get("/health/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def gone(pids: dict[str, int]) -> bool:
    return not any(program_of(pid) for pid in pids.values())


def test_a_first_room_opens_by_itself_and_outlives_everything(start: Callable[[], Up]) -> None:
    first = start()
    assert first.children().keys() == {"mosquitto", "postgres", "hub", "connectors", "demo"}
    client = first.sign_in()
    first.until(lambda: rooms(client) > 0)

    for part in ("hub", "postgres", "mosquitto", "connectors"):
        os.kill(first.children()[part], signal.SIGKILL)
        first.until(lambda part=part: f"{part} runs again" in first.said)  # type: ignore[misc]
        assert f"{part} was ended by signal 9; starting it again" in first.said
    first.until(lambda: ready(client))
    kept = rooms(client)

    children = first.children()
    assert first.end(signal.SIGINT) == 0
    assert gone(children)

    second = start()
    assert rooms(second.sign_in()) >= kept > 0
    children = second.children()
    second.process.kill()  # not even this leaves anybody behind
    second.process.wait()
    end = time.monotonic() + 30
    while not gone(children) and time.monotonic() < end:
        time.sleep(0.1)
    assert gone(children)
