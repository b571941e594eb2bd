"""Writing who is online."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from hub.base.db import Tx
from hub.live.queries import since

# Rows of this process that are gone, and those of a process that has not been heard of for long enough.
KEEP = text(
    "WITH gone AS (DELETE FROM presence WHERE (hub_id = :hub AND user_id <> ALL(:people)) "
    "OR (hub_id <> :hub AND seen_at < :since)) "
    "INSERT INTO presence (user_id, hub_id, seen_at) SELECT user_id, :hub, :now "
    "FROM unnest(CAST(:people AS uuid[])) AS given(user_id) "
    "ON CONFLICT (user_id, hub_id) DO UPDATE SET seen_at = excluded.seen_at"
)


async def keep(tx: Tx, hub: UUID, people: Iterable[UUID], now: datetime) -> None:
    """Write who has a socket in a hub process, in one statement. `now` is wall time."""
    await tx.execute(KEEP, {"hub": hub, "people": sorted(people), "now": now, "since": since(now)})
