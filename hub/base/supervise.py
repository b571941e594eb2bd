"""Background tasks that may not die in silence: a task that ends makes the process unready."""

import asyncio
from collections.abc import Awaitable, Callable

from hub.base.telemetry import logger

log = logger("supervise")


class Supervisor:
    """Starts named background tasks and knows whether all of them live."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self.dead: set[str] = set()

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run `run` for the life of the process."""
        self._tasks[name] = asyncio.create_task(self._watched(name, run), name=name)

    async def _watched(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        try:
            await run()
        except asyncio.CancelledError:
            if self._stopping:
                raise
            log.error("background_task_cancelled", task=name)
        except Exception:
            log.exception("background_task_died", task=name)
        self.dead.add(name)

    @property
    def healthy(self) -> bool:
        """Whether every task started still runs."""
        return not self.dead

    async def stop(self) -> None:
        """Cancel all tasks and wait for their end."""
        self._stopping = True
        left = set(self._tasks.values())
        while left:  # Python 3.11's `wait_for` swallows a cancellation that comes as what it waits for is done
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=1)
        self._tasks.clear()
