"""Hub processes: started, killed and restarted as an operator or a power cut would."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from hub.stack.process import LOOPBACK, Child, free_port
from hub.wire import limits
from tests.plant.live import Live
from tests.plant.people import sign_in

PUBLIC_URL = "http://andon.test"
SECRET = "0123456789abcdef0123456789abcdef"
READY_SECONDS = 120
AGAIN_SECONDS = 30
OLD_SECONDS = limits.ACCESS_TOKEN_SECONDS / 2
PROGRAM = [sys.executable, "-m", "hub.cli", "hub"]


def environment(database_url: str, more: Mapping[str, str]) -> dict[str, str]:
    """Settings of a hub under test. Rate limits are out of the way; a test of them sets its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    return inherited | {
        "DATABASE_URL": database_url,
        "ANDON_SECRET_KEY": SECRET,
        "ANDON_PUBLIC_URL": PUBLIC_URL,
        "ANDON_MESSAGES_PER_SECOND": "100000",
        "ANDON_MESSAGES_BURST": "100000",
        "ANDON_CHANGES_PER_SECOND": "100000",
        "ANDON_CHANGES_BURST": "100000",
        "ANDON_SAME_TEXTS": "100000",
        "ANDON_MENTIONS_PER_MINUTE": "100000",
        "ANDON_SEARCHES_PER_SECOND": "100000",
        "ANDON_SEARCHES_BURST": "100000",
        "ANDON_LOGIN_FAILURES_PER_ADDRESS": "100000",
        "ANDON_LOGIN_FAILURES_IN_ALL": "100000",
        "ANDON_LOG_LEVEL": "warning",
        **more,
    }


class HubProcess:
    """One `andon hub` on a port of its own."""

    def __init__(self, settings: Mapping[str, str], log: Path):
        self.port = free_port()
        self.log = log
        own = {"ANDON_LISTEN": f"{LOOPBACK}:{self.port}", "ANDON_ALLOWED_ORIGINS": f"http://{LOOPBACK}:{self.port}"}
        self._settings = {**settings, **own}
        self._child = Child(PROGRAM, log, env=self._settings)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    def output(self) -> str:
        """What it has written since it started."""
        return self._child.output(last=sys.maxsize)

    async def ready(self) -> None:
        """Wait until it is ready."""
        end = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=2) as http:
            while time.monotonic() < end and self._child.alive:
                try:
                    if (await http.get("/health/ready")).status_code == httpx.codes.OK:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"the hub is not ready: {self._child.output()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self._child.kill()

    async def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        await asyncio.to_thread(self._child.stop)

    async def restart(self, settings: Mapping[str, str] | None = None) -> None:
        """Start again on the same port, after `kill` or `stop` or in the middle of its work; with changed settings."""
        if settings is not None:
            await self.stop()
            own = {name: value for name, value in self._settings.items() if not name.startswith("ANDON_SECRET_KEY")}
            self._child = Child(PROGRAM, self.log, env={**own, **settings})
        else:
            self._child.restart()
        await self.ready()

    def client(self, token: str = "") -> httpx.AsyncClient:
        """A REST client, not signed in unless a token is given; the caller closes it."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20, headers=headers)


class Hubs:
    """Always two hub processes on one database. Tests take `any()` and must not care which."""

    def __init__(self, hubs: Sequence[HubProcess], chance: random.Random):
        self.all = list(hubs)
        self.chance = chance
        self._clients: dict[tuple[str, HubProcess], httpx.AsyncClient] = {}
        self._tokens: dict[str, str] = {}
        self._old_at: dict[str, float] = {}

    def any(self) -> HubProcess:
        """One of the two, by the seeded chance of the run."""
        return self.chance.choice(self.all)

    async def client(self, name: str, hub: HubProcess | None = None) -> httpx.AsyncClient:
        """A signed-in REST client of a user on a hub, any if none is given; kept until the hubs end.

        A run may take longer than an access token lives: those who ask later sign in anew.
        """
        hub = hub or self.any()
        if name in self._tokens and time.monotonic() > self._old_at[name]:
            self._old_at[name] = time.monotonic() + AGAIN_SECONDS
            await self._renew(name, hub)
        if (name, hub) not in self._clients:
            http = hub.client(self._tokens.get(name, ""))
            if name not in self._tokens:
                await sign_in(http, name)
                self._tokens[name] = http.headers["authorization"].removeprefix("Bearer ")
                self._old_at[name] = time.monotonic() + OLD_SECONDS
            self._clients[name, hub] = http
        return self._clients[name, hub]

    async def _renew(self, name: str, hub: HubProcess) -> None:
        async with hub.client() as http:
            await sign_in(http, name)
            self._tokens[name] = http.headers["authorization"].removeprefix("Bearer ")
            self._old_at[name] = time.monotonic() + OLD_SECONDS
        for (owner, _), kept in self._clients.items():
            if owner == name:
                kept.headers["authorization"] = f"Bearer {self._tokens[name]}"

    async def live(self, name: str, hub: HubProcess | None = None) -> Live:
        """A signed-in socket of a user; use it with `async with`."""
        hub = hub or self.any()
        ticket = (await (await self.client(name, hub)).post("/api/ws-ticket")).raise_for_status().json()["ticket"]
        return await Live.open(hub.url, PUBLIC_URL, ticket)

    async def open_room(self, name: str, **facts: str) -> str:
        """Open a room by hand; returns its id."""
        body = {"title": "Zone 5 over-temperature"} | facts
        answer = await (await self.client(name)).post("/api/rooms", json=body)
        return str(answer.raise_for_status().json()["room"]["id"])

    async def close(self) -> None:
        for http in self._clients.values():
            await http.aclose()
