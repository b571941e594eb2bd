"""A hub whose flusher has died is not ready, says which task it was, and answers those who wait for their message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest

from hub.app import create_app
from hub.base.settings import Settings
from tests.plant.people import sign_in
from tests.plant.processes import SECRET
from tests.plant.waiting import until


@asynccontextmanager
async def running(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A hub in this process and loop, so that its tasks can be reached."""
    app = create_app(Settings(database_url=database_url, secret_key=SECRET))
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://hub") as client,
    ):
        yield client


async def ready(hub: httpx.AsyncClient) -> tuple[int, str]:
    answer = await hub.get("/health/ready")
    return answer.status_code, answer.json().get("detail", "")


TASKS = ["flush", "flush_waiting", "tail_reader", "station_clock", "lobby"]
TASKS += ["typing", "presence_keeper", "presence_teller", "broadcasts"]


@pytest.mark.parametrize("name", TASKS)
async def test_a_dead_task_makes_the_hub_unready(database_url: str, name: str) -> None:
    async with running(database_url) as hub:
        assert (await ready(hub))[0] == 200
        await killed(name)
        status, detail = await ready(hub)
        assert (status, name in detail) == (503, True)
        assert (await hub.get("/health/live")).status_code == 200


async def killed(name: str) -> None:
    task = next(task for task in asyncio.all_tasks() if task.get_name() == name)
    task.cancel()
    await until(task.done)


async def test_nobody_waits_for_a_dead_flusher(database_url: str) -> None:
    async with running(database_url) as hub:
        await sign_in(hub, "lin")
        room = (await hub.post("/api/rooms", json={"title": "Zone 5"})).json()["room"]["id"]
        path = f"/api/rooms/{room}/messages"
        assert (await hub.post(path, json={"content": "on my way"})).status_code == 201
        await killed("flush")
        answer = await asyncio.wait_for(hub.post(path, json={"content": "hello?"}), 5)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
