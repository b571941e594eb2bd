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

PASSWORD = "bench-password"
READY_SECONDS = 20


class Site:
    """What a benchmark needs to know of the running parts."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.pids: dict[str, int] = {}
        self.environment: dict[str, str] = {}
        self.token = ""
        self.mqtt_url = ""

    def client(self) -> httpx.Client:
        """A signed-in REST client."""
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=10)
        signed_in = client.post("/api/auth/login", json={"username": "lin", "password": PASSWORD}).json()
        client.headers["authorization"] = f"Bearer {signed_in['access_token']}"
        return client


@contextlib.contextmanager
def site(*, connectors: bool = False) -> Iterator[Site]:
    """Run a hub (and broker and connectors) until the block ends. Rate limits are raised: one user sends it all."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="andon-bench-"))
        folder.chmod(0o755)
        there = Site(folder)
        postgres = Postgres.start(folder / "pg", fast=True)
        stack.callback(postgres.stop)
        upgrade(postgres.dsn())
        there.token = asyncio.run(_people(postgres.dsn()))
        there.environment = {
            **os.environ,
            "DATABASE_URL": postgres.dsn(),
            "ANDON_SECRET_KEY": secrets.token_hex(32),
            "ANDON_PUBLIC_URL": there.url,
            "ANDON_LISTEN": there.url.removeprefix("http://"),
            "ANDON_HUB_URL": there.url,
            "ANDON_MESSAGES_PER_SECOND": "100000",
            "ANDON_MESSAGES_BURST": "100000",
            "ANDON_LOG_LEVEL": "warning",
        }
        _start(there, stack, "hub")
        _wait_ready(there)
        if connectors:
            broker = Mosquitto.start(folder / "mq", 0, {"connectors": "c", "demo": "d"})
            stack.callback(broker.stop)
            there.mqtt_url = broker.url("demo")
            token_file = folder / "token"
            token_file.write_text(there.token)
            there.environment |= {"MQTT_URL": broker.url("connectors"), "ANDON_CONNECTOR_TOKEN_FILE": str(token_file)}
            _start(there, stack, "connectors")
            _wait_subscribed(folder / "connectors.log")
        yield there


async def _people(dsn: str) -> str:
    db = Database(dsn, pool=2)
    await put_user(db, NewUser("lin", "Lin", "person", "lead", PASSWORD))
    machine = await put_user(db, NewUser("connectors", "connectors", "machine"))
    token = await add_token(db, machine, ["*"])
    await db.close()
    return token


def _start(there: Site, stack: contextlib.ExitStack, command: str) -> None:
    log = stack.enter_context((there.folder / f"{command}.log").open("wb"))
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", command], env=there.environment, stdout=log, stderr=log
    )
    there.pids[command] = process.pid
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)


def _wait_ready(there: Site) -> None:
    until = monotonic() + READY_SECONDS
    while monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(there.url + "/health/ready", trust_env=False).status_code == 200:
                return
        sleep(0.1)
    raise RuntimeError(f"the hub is not ready: see {there.folder}/hub.log")


def _wait_subscribed(log: Path) -> None:
    """The broker keeps alarms for the connectors only from their first subscription on."""
    until = monotonic() + READY_SECONDS
    while '"subscribed"' not in log.read_text():
        if monotonic() > until:
            raise RuntimeError(f"the connectors have not subscribed: see {log}")
        sleep(0.1)
