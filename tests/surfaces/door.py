"""The two hubs all tests share that come as clients do: real limits, full logs, searched for leaks at the end."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from hub.base.db import Database
from hub.people.actions import add_token, bearer
from tests.plant.people import PASSWORD, People, sign_in
from tests.plant.processes import SECRET, HubProcess, Hubs, environment
from tests.surfaces.bad import check_log

REAL_LIMITS = {
    "ANDON_LOG_LEVEL": "info",
    "ANDON_MESSAGES_PER_SECOND": "10",
    "ANDON_MESSAGES_BURST": "50",
    "ANDON_CHANGES_PER_SECOND": "5",
    "ANDON_CHANGES_BURST": "20",
    "ANDON_SAME_TEXTS": "5",
    "ANDON_MENTIONS_PER_MINUTE": "60",
    "ANDON_SEARCHES_PER_SECOND": "2",
    "ANDON_SEARCHES_BURST": "10",
}


class Door(Hubs):
    """Hubs that remember every secret they gave away, and the URL of their database."""

    def __init__(self, hubs: list[HubProcess], chance: random.Random, people: People, database_url: str):
        super().__init__(hubs, chance)
        self.people = people
        self.database_url = database_url
        self.secrets = [SECRET, PASSWORD, people.token]

    async def client(self, name: str, hub: HubProcess | None = None) -> httpx.AsyncClient:
        """A signed-in REST client, kept."""
        client = await super().client(name, hub)
        self.secrets.append(client.headers["authorization"].removeprefix("Bearer "))
        return client

    @asynccontextmanager
    async def machine(self) -> AsyncIterator[httpx.AsyncClient]:
        """The REST client of the machine `gateway`."""
        async with self.any().client(self.people.token) as machine:
            yield machine

    async def andon(self, *words: str, told: str = "") -> str:
        """Run an `andon` command on the door's database; returns what it prints, its complaint when it fails."""
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "hub.cli", *words],
            env=environment(self.database_url, {}),
            input=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout.strip()

    async def token_for(self, name: str, *sources: str) -> str:
        """The token of a machine that may report for these sources."""
        db = Database(self.database_url, pool=1)
        token = await add_token(db, await bearer(db, name, "machine"), sources)
        await db.close()
        self.secrets.append(token)
        return token

    @asynccontextmanager
    async def newcomer(self, name: str = "", hub: HubProcess | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A REST client with a session of its own, or with none."""
        async with (hub or self.any()).client() as client:
            if name:
                await sign_in(client, name)
                self.secrets.append(client.headers["authorization"].removeprefix("Bearer "))
            yield client


@asynccontextmanager
async def opened(database_url: str, folder: Path, people: People, chance: random.Random) -> AsyncIterator[Door]:
    """Start the hubs; when all is done their logs hold no secret and no stack trace."""
    pair = [HubProcess(environment(database_url, REAL_LIMITS), folder / f"door-{number}.log") for number in (1, 2)]
    for hub in pair:
        await hub.ready()
    door = Door(pair, chance, people, database_url)
    yield door
    await door.close()
    outputs = [hub.output() for hub in pair]
    for hub in pair:
        await hub.stop()
    for output in outputs:
        check_log(output, door.secrets)
