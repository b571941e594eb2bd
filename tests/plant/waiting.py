"""Waiting for what has no event of its own."""

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true, or raise TimeoutError."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)
