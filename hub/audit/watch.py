"""The running hub proves its own chain, a little each second and all of it again and again."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import stamina

from hub.audit.verify import Broken, Walk, head_of, step
from hub.base.db import Database, passing
from hub.base.telemetry import audit_chain, logger

ROWS_PER_SECOND: Final = 500
AGAIN_SECONDS: Final = 600.0  # from the end of one proof to the next
log = logger("audit")


class Watch:
    """`broken` names the first place that does not fit; `checked_at` is when the last whole proof ended (wall)."""

    def __init__(self, db: Database):
        self._db = db
        self.broken: str | None = None
        self.checked_at: datetime | None = None

    async def run(self) -> None:
        """Prove for the life of the process."""
        audit_chain.set(1)
        while True:
            try:
                await self._prove()
                self._found(None)
            except Broken as broken:
                self._found(str(broken))
            self.checked_at = datetime.now(UTC)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _prove(self) -> None:
        walk, more = Walk(), True
        while more:
            async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
                with attempt:
                    async with self._db.reading() as conn:
                        more = await step(conn, walk, await head_of(conn), ROWS_PER_SECOND)
            await asyncio.sleep(1)

    def _found(self, broken: str | None) -> None:
        self.broken = broken
        audit_chain.set(broken is None)
        if broken is not None:
            log.error("audit_chain_broken", place=broken)
