"""Asking the directory from the event loop: in threads of its own, for a limited time, one answer when it is away."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from hub.base.telemetry import directory_faults, logger
from hub.people.directory.door import DirectoryAway, DirectoryFault

T = TypeVar("T")
# Threads that wait for a silent controller must not keep passwords of local accounts from being checked.
THREADS: Final = 8
RETRY_SECONDS: Final = 5
log = logger("directory")


class Threads:
    """Runs blocking questions; all that go wrong are `DirectoryAway`."""

    def __init__(self, threads: int = THREADS):
        self._pool = ThreadPoolExecutor(threads, "directory")

    async def run(self, seconds: float, work: Callable[..., T], *given: Any) -> T:
        """Ask within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *given))
        except DirectoryFault as fault:
            directory_faults.labels(fault.step).inc()
            log.warning("directory_fault", step=fault.step, detail=fault.detail)
            step: str = fault.step
        except TimeoutError:
            directory_faults.labels("timeout").inc()
            log.warning("directory_fault", step="timeout")
            step = "timeout"
        raise DirectoryAway(step, RETRY_SECONDS)
