"""What becomes due in rooms by the plant's clock: guests' times that are over, and rooms for the archive.

Every hub looks; who finds something due locks the room and looks again, so that it happens once.
"""

import asyncio
from time import monotonic
from typing import Final

from hub.base.telemetry import logger
from hub.log.log import RoomLog
from hub.rooms.links.actions import archive_retired
from hub.rooms.members.actions import end_overdue
from hub.wire.problems import Problem

LOOK_SECONDS: Final = 1.0
ARCHIVE_SECONDS: Final = 60.0
log = logger("rooms")


class Due:
    """The rooms' metronome."""

    def __init__(self, room_log: RoomLog):
        self._log = room_log

    async def run(self) -> None:
        """Look every second, and for the archive every minute, for the life of the process."""
        archive = monotonic() + ARCHIVE_SECONDS
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await end_overdue(self._log)
                if monotonic() >= archive:
                    archive = monotonic() + ARCHIVE_SECONDS
                    await archive_retired(self._log)
            except Problem as problem:
                log.warning("due_failed", code=problem.code)
