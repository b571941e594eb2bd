"""The plant's clock, `hub_now()`, as this process sees it.

The database owns the clock: `hub_clock` says how plant time follows wall time (an offset and a rate, for demos,
replays and tests). Limits on the wall (tickets, heartbeats) use the process clock instead.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, CheckConstraint, Column, Double, Table, text

from hub.base.db import Database, Time, metadata

hub_clock = Table(
    "hub_clock",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=text("true")),
    Column("anchor_plant", Time, nullable=False),
    Column("anchor_wall", Time, nullable=False),
    Column("rate", Double, nullable=False, server_default=text("1")),
    CheckConstraint("singleton", name="singleton"),
    CheckConstraint("rate > 0", name="rate"),
)


def wall() -> datetime:
    """Wall-clock time."""
    return datetime.now(UTC)


class PlantClock:
    """Plant time without a round trip; `refresh` reads the offset and rate again."""

    def __init__(self) -> None:
        self._plant = self._wall = datetime.now(UTC)
        self._rate = 1.0

    def now(self) -> datetime:
        """Plant time, as `hub_now()` would tell."""
        return self._plant + (datetime.now(UTC) - self._wall) * self._rate

    async def refresh(self, db: Database) -> None:
        """Read the clock's row."""
        async with db.reading() as conn:
            row = (await conn.execute(text("SELECT anchor_plant, anchor_wall, rate FROM hub_clock"))).one()
        self._plant, self._wall, self._rate = row.anchor_plant, row.anchor_wall, row.rate


def seconds(count: float) -> timedelta:
    """Read a limit in seconds as a span."""
    return timedelta(seconds=count)
