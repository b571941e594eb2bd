"""Who is online, by hub process: short-lived, so the table is unlogged and empty after a crash of the database."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Uuid

from hub.base.db import Time, metadata

presence = Table(
    "presence",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("hub_id", Uuid, nullable=False),
    Column("seen_at", Time, nullable=False),  # wall time, as heartbeats are: a replay may run the plant's clock fast
    PrimaryKeyConstraint("user_id", "hub_id"),
    Index("ix_presence_hub_id", "hub_id"),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": "50"},
)
