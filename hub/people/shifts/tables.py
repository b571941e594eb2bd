"""Shift patterns, the rosters that follow them, overrides, and the plant calendar."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time, metadata

# `pattern` is a `NewPattern` of hub/wire/shifts.py, whole.
shift_patterns = Table(
    "shift_patterns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("pattern", JSONB, nullable=False),
    Column("created_at", Time, nullable=False, server_default=NOW),
)

shift_rosters = Table(
    "shift_rosters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id"), nullable=False),
    Column("pattern_id", Uuid, ForeignKey("shift_patterns.id"), nullable=False, index=True),
    Column("crew", Text, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date),
    Column("created_at", Time, nullable=False, server_default=NOW),
    CheckConstraint("until_day >= from_day", name="order"),
    Index("ix_shift_rosters_team", "team_id", "from_day"),
)

# No team = in every team of the person who is away.
shift_overrides = Table(
    "shift_overrides",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Uuid, ForeignKey("teams.id")),
    Column("away", Uuid, ForeignKey("users.id")),
    Column("instead", Uuid, ForeignKey("users.id")),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("reason", Text, nullable=False, server_default=sql("''")),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", Time, nullable=False, server_default=NOW),
    CheckConstraint("starts < ends", name="order"),
    CheckConstraint("away IS NOT NULL OR (instead IS NOT NULL AND team_id IS NOT NULL)", name="whom"),
    Index("ix_shift_overrides_ends", "ends"),
)

# Closed, or worked like another date.
plant_holidays = Table(
    "plant_holidays",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", Text, nullable=False),
    Column("worked_like", Date),
)
