"""Follow one room from within the hub, at the reader's own pace: an async iterator over its events.

Bell rings wake it, a poll each second finds what a lost ring left out, and every event is read by seq. So it misses
nothing and repeats nothing, whoever writes; and a reader that is slow costs nobody else anything.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from uuid import UUID

from hub.log.log import RoomLog
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import Event

POLL_SECONDS = 1.0


async def follow(log: RoomLog, room: UUID, after: int = 0) -> AsyncGenerator[Event, None]:
    """Events of a room after a seq, for ever; close the iterator to stop. An absent database only delays them."""
    rung = asyncio.Event()

    def heard(moved: UUID, _seq: int) -> None:
        if moved == room:
            rung.set()

    log.bell.listen(heard)
    try:
        while True:
            rung.clear()
            events = await _page(log, room, after)
            for event in events:
                after = event.seq
                yield event
            if len(events) < limits.REPLAY_PAGE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), POLL_SECONDS)
    finally:
        log.bell.unlisten(heard)


async def _page(log: RoomLog, room: UUID, after: int) -> list[Event]:
    try:
        async with log.db.reading() as conn:
            return await log.events(conn, room, after, limits.REPLAY_PAGE)
    except Problem:  # the database is away; the next turn asks again
        return []
