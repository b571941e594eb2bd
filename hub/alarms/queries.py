"""Reading the quarantine."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.alarms.tables import quarantine
from hub.wire.cards import QuarantinePage, QuarantineRow


async def quarantined(conn: AsyncConnection, before: int | None, limit: int) -> QuarantinePage:
    """Payloads nobody could read, newest first."""
    query = select(quarantine).order_by(quarantine.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(quarantine.c.id < before)
    rows = list(await conn.execute(query))
    items = [QuarantineRow(row.id, row.source_id, row.at, row.code, row.detail, row.topic, row.payload) for row in rows]
    return QuarantinePage(items, rows[-1].id if len(rows) == limit else None)
