"""What alarms change in rooms: actions that the alarm engine takes in locked rooms, in bulk."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import update

from hub.base.db import Tx
from hub.log.append import New
from hub.log.log import RoomLog
from hub.rooms import policy, queries
from hub.rooms.lifecycle.actions import set_status
from hub.rooms.tables import incident_rooms
from hub.wire.events import SeverityChanged
from hub.wire.views import Severity

TOUCH = """
UPDATE incident_rooms r SET active_alarms = given.active, severity = coalesce(given.severity, r.severity),
                            last_alarm_at = $4
FROM unnest($1::uuid[], $2::int[], $3::text[]) AS given(room_id, active, severity) WHERE r.room_id = given.room_id
"""


class Touched(msgspec.Struct, frozen=True):
    """What a batch of alarms left behind in a room."""

    room_id: UUID
    active_alarms: int
    severity: Severity


async def touch_alarms(log: RoomLog, tx: Tx, touched: Sequence[Touched], at: datetime, actor_id: UUID) -> None:
    """Write what alarms changed in locked rooms: counts, last activity, a worse severity, a move by the source."""
    left = {room.room_id: room for room in touched}
    rows = await queries.room_rows(tx.conn, list(left)) if left else []
    worse = [row for row in rows if policy.worse(left[row.room_id].severity, row.severity)]
    changes = {row.room_id: SeverityChanged(row.severity, left[row.room_id].severity) for row in worse}
    driver = await tx.driver()
    await driver.execute(
        TOUCH,
        list(left),
        [room.active_alarms for room in touched],
        [room.severity if room.room_id in changes else None for room in touched],
        at,
    )
    await log.append(tx, [New(room_id, actor_id, change) for room_id, change in changes.items()])
    for row in rows:
        moved = policy.source_transition(row.status, left[row.room_id].active_alarms)
        if moved is not None:
            await set_status(log, tx, row, moved, actor_id, by_source=True)


async def stop_accepting(tx: Tx, rooms: Sequence[UUID]) -> None:
    """Later alarms of the group go to another room."""
    await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id.in_(rooms)).values(accepting=False))
