"""Sockets that are about to be closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.plant.live import Live
from tests.plant.processes import PUBLIC_URL, HubProcess

SECONDS = 30


async def closed_with(live: Live, seconds: float = SECONDS) -> int | None:
    """Close code of a socket that the hub closes. 4500 would be an error nobody thought of."""
    async with asyncio.timeout(seconds):
        await live.socket.wait_closed()
    assert live.socket.close_code != 4500
    return live.socket.close_code


@asynccontextmanager
async def stranger(hub: HubProcess) -> AsyncIterator[Live]:
    """A socket that has not signed in."""
    async with await Live.connect(hub.url, PUBLIC_URL) as live:
        await live.wait_for("hello")
        yield live


async def ticket_of(client: httpx.AsyncClient) -> str:
    return str((await client.post("/api/ws-ticket")).raise_for_status().json()["ticket"])
