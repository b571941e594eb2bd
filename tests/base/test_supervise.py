"""A background task that ends, however it ends, makes the process unready."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hub.base.supervise import Supervisor


async def _returns() -> None:
    return None


async def _raises() -> None:
    raise ValueError


async def _waits() -> None:
    await asyncio.Event().wait()


async def _cancels_itself() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("run", [_returns, _raises, _cancels_itself])
async def test_an_ended_task_is_seen(run: Callable[[], Awaitable[None]]) -> None:
    supervisor = Supervisor()
    supervisor.start("lives", _waits)
    supervisor.start("dies", run)
    await asyncio.sleep(0.01)
    assert supervisor.dead == {"dies"}
    assert not supervisor.healthy
    await supervisor.stop()


async def test_a_swallowed_cancellation_is_said_again() -> None:
    said: list[int] = []

    async def deaf_once() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            said.append(1)
        await asyncio.Event().wait()

    supervisor = Supervisor()
    supervisor.start("deaf", deaf_once)
    await asyncio.sleep(0.01)
    await asyncio.wait_for(supervisor.stop(), 10)
    assert said == [1]


async def test_stopping_kills_nobody() -> None:
    supervisor = Supervisor()
    supervisor.start("lives", _waits)
    await asyncio.sleep(0.01)
    assert supervisor.healthy
    await supervisor.stop()
    assert supervisor.healthy
