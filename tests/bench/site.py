"""A hub on real parts for a benchmark: PostgreSQL, broker, hub, connectors, each a process of its own."""

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx

from hub.base.db import Database
from hub.base.migrate import upgrade
from hub.people.actions import NewUser, add_token, put_user
from hub.stack.mosquitto import Mosquitto
from hub.stack.postgres import Postgres
from hub.stack.process import free_port
from tests.bench.servers import LOAD_CPU, SERVER_CPU, Server, pin_tree, running

PASSWORD = "bench-password"
READY_SECONDS = 20
RAISED = {
    "ANDON_MESSAGES_PER_SECOND": "1000000",
    "ANDON_MESSAGES_BURST": "1000000",
    "ANDON_FRAMES_PER_SECOND": "1000000",
    "ANDON_SAME_TEXTS": "1000000",
}
ABOUT = (
    "The hub has everything switched on: each socket is signed in and its user a member of the room, every message has "
    "an idempotency key, is checked, numbered and committed (PostgreSQL, `fsync` on) as message and event before "
    "anybody sees it, and the lobby tells of it. Only its rate limits are raised, since few users send it all: "
    + ", ".join(f"`{name}`" for name in RAISED)
    + "."
)


class Site:
    """What a benchmark needs to know of the running parts."""

    def __init__(self, folder: Path, postgres: Postgres):
        self.folder = folder
        self.postgres = postgres
        self.dsn = postgres.dsn()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.pids: dict[str, int] = {}
        self.token = ""
        self.mqtt_url = ""
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.dsn,
            "ANDON_SECRET_KEY": secrets.token_hex(32),
            "ANDON_PUBLIC_URL": self.url,
            "ANDON_LISTEN": self.url.removeprefix("http://"),
            "ANDON_HUB_URL": self.url,
            "ANDON_LOG_LEVEL": "warning",
            **RAISED,
        }

    def client(self) -> httpx.Client:
        """A signed-in REST client."""
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=10)
        signed_in = client.post("/api/auth/login", json={"username": "lin", "password": PASSWORD}).json()
        client.headers["authorization"] = f"Bearer {signed_in['access_token']}"
        return client

    @contextlib.contextmanager
    def hub(self, *, pin: int | None = SERVER_CPU, **settings: str) -> Iterator[Server]:
        """Run a hub until the block ends; `settings` are further ones of its environment."""
        port = int(self.url.rpartition(":")[2])
        env = self.environment | settings
        with running([sys.executable, "-m", "hub.cli", "hub"], port, pin=pin, env=env, ready=self._ready) as server:
            self.pids["hub"] = server.pids[0]
            yield server

    def _ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(self.url + "/health/ready", trust_env=False).status_code == 200
        return False


@contextlib.contextmanager
def ground(*, pin: int | None = LOAD_CPU) -> Iterator[Site]:
    """Run PostgreSQL until the block ends, migrated and with the people of `site`; no hub yet. `pin` is its CPU."""
    with tempfile.TemporaryDirectory(prefix="andon-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = Postgres.start(folder / "pg", fast=True)
        try:
            pin_tree(postgres.pid, pin)
            upgrade(postgres.dsn())
            there = Site(folder, postgres)
            there.token = asyncio.run(_people(postgres.dsn()))
            yield there
        finally:
            postgres.stop()


@contextlib.contextmanager
def site(*, connectors: bool = False) -> Iterator[Site]:
    """Run a hub (and broker and connectors) until the block ends, on no CPU of their own."""
    with ground(pin=None) as there, there.hub(pin=None):
        if not connectors:
            yield there
            return
        with contextlib.ExitStack() as stack:
            _connect(there, stack)
            yield there


async def _people(dsn: str) -> str:
    db = Database(dsn, pool=2)
    await put_user(db, NewUser("lin", "Lin", "person", "lead", PASSWORD))
    machine = await put_user(db, NewUser("connectors", "connectors", "machine"))
    token = await add_token(db, machine, ["*"])
    await db.close()
    return token


def _connect(there: Site, stack: contextlib.ExitStack) -> None:
    broker = Mosquitto.start(there.folder / "mq", 0, {"connectors": "c", "demo": "d"})
    stack.callback(broker.stop)
    there.mqtt_url = broker.url("demo")
    token_file = there.folder / "token"
    token_file.write_text(there.token)
    there.environment |= {"MQTT_URL": broker.url("connectors"), "ANDON_CONNECTOR_TOKEN_FILE": str(token_file)}
    log = there.folder / "connectors.log"
    output = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "connectors"], env=there.environment, stdout=output, stderr=output
    )
    there.pids["connectors"] = process.pid
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    _wait_subscribed(log)


def _wait_subscribed(log: Path) -> None:
    """The broker keeps alarms for the connectors only from their first subscription on."""
    until = monotonic() + READY_SECONDS
    while '"subscribed"' not in log.read_text():
        if monotonic() > until:
            raise RuntimeError(f"the connectors have not subscribed: see {log}")
        sleep(0.1)
