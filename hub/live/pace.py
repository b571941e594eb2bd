"""Which rooms' moves the list is told at once, and which can wait. Pure: time is given.

What people sort, colour and count alarms by is told at once. That the talk in a room goes on is told the more rarely
the more sockets there are, so that the list costs no more than so many writes a second, whatever is said.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from hub.rooms.policy import ENDED

TALK_WRITES_PER_SECOND: Final = 500
FACTS: Final = ("status", "severity", "title", "owner_id", "active_alarms", "visibility", "members")


class Pace:
    """Remembers what was told of each room, and whose talk waits."""

    def __init__(self) -> None:
        self.waiting: set[UUID] = set()
        self.due = 0.0
        self._told: dict[UUID, int] = {}

    def now(self, rows: Iterable[Any], now: float, sockets: int) -> list[Any]:
        """Those of the rooms' rows to tell now; the others wait. Rows of those that wait belong among them."""
        turn = now >= self.due
        if turn:
            self.due = now + sockets / TALK_WRITES_PER_SECOND
        telling = [row for row in rows if turn or self._told.get(row.room_id) != _facts(row)]
        self._told |= {row.room_id: _facts(row) for row in telling}
        for row in telling:
            if row.status in ENDED:
                del self._told[row.room_id]  # or it would be remembered for ever
        told = {row.room_id for row in telling}
        self.waiting = {row.room_id for row in rows} - told
        return telling


def _facts(row: Any) -> int:
    return hash(tuple(getattr(row, name) for name in FACTS))
