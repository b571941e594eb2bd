"""Broadcasts, and who has seen them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, Uuid

from hub.base.db import NOW, Time, in_words, metadata
from hub.broadcasts.policy import SCOPES
from hub.rooms.policy import SEVERITIES

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("sender_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id")),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id")),
    Column("line", Text),
    Column("created_at", Time, nullable=False, server_default=NOW),
    Column("expires_at", Time, nullable=False),
    CheckConstraint(in_words("scope", SCOPES), name="scope"),
    CheckConstraint(in_words("severity", SEVERITIES), name="severity"),
    CheckConstraint(
        "(scope = 'person') = (user_id IS NOT NULL) AND (scope = 'room') = (room_id IS NOT NULL) "
        "AND (scope = 'line') = (line IS NOT NULL)",
        name="target",
    ),
    Index("ix_broadcasts_expires_at", "expires_at"),
)

broadcast_seen = Table(
    "broadcast_seen",
    metadata,
    Column("broadcast_id", Uuid, ForeignKey("broadcasts.id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("at", Time, nullable=False, server_default=NOW),
    PrimaryKeyConstraint("broadcast_id", "user_id"),
)
