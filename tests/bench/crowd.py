"""Fifty people with ten sockets each: a user may hold ten."""

import asyncio

import httpx

from hub.base.db import Database
from hub.people.actions import NewUser, put_user
from hub.wire.limits import SOCKETS_PER_USER
from tests.bench.site import PASSWORD, Site


def tickets(there: Site, sockets: int) -> list[tuple[str, str]]:
    """WebSocket URL and ticket for each socket, good for the next 30 seconds."""
    names = [f"reader{number}" for number in range(-(-sockets // SOCKETS_PER_USER))]
    asyncio.run(_put(there.environment["DATABASE_URL"], names))
    found = []
    for name in names:
        with httpx.Client(base_url=there.url, trust_env=False, timeout=10) as client:
            signed_in = client.post("/api/auth/login", json={"username": name, "password": PASSWORD}).json()
            client.headers["authorization"] = f"Bearer {signed_in['access_token']}"
            found += [client.post("/api/ws-ticket").json()["ticket"] for _ in range(SOCKETS_PER_USER)]
    return [(there.url.replace("http", "ws") + "/ws", ticket) for ticket in found[:sockets]]


async def _put(dsn: str, names: list[str]) -> None:
    db = Database(dsn, pool=2)
    for name in names:
        await put_user(db, NewUser(name, name, "person", "responder", PASSWORD))
    await db.close()
