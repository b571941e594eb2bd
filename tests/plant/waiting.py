"""Waiting for what has no event of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true, or raise TimeoutError."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)


async def until_it_is(asked: Callable[[], Awaitable[T]], wanted: T, seconds: float = 10) -> None:
    """Ask until the answer is the wanted one, or raise TimeoutError."""
    async with asyncio.timeout(seconds):
        while await asked() != wanted:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
