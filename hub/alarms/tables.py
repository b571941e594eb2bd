"""Sources, alarms, occurrences, the inbox and the quarantine."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.alarms.policy import OUTCOMES
from hub.base.db import NOW, Time, in_words, metadata

sources = Table(
    "sources",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("first_seen_at", Time, nullable=False, server_default=NOW),
    Column("last_seen_at", Time, nullable=False, server_default=NOW),
)

alarms = Table(
    "alarms",
    metadata,
    Column("alarm_key", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("scope", Text),
    Column("grouping_key", Text, nullable=False),
    Column("occurrence_id", Uuid),
    Column("last_source_at", Time),
    Column("updated_at", Time, nullable=False, server_default=NOW),
    Index("ix_alarms_scope", "source_id", "scope", postgresql_where=text("scope IS NOT NULL")),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("occurrence_id", Uuid, primary_key=True),
    Column("alarm_key", Text, ForeignKey("alarms.alarm_key"), nullable=False),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id")),
    Column("message_id", Uuid, unique=True),
    Column("active", Boolean, nullable=False),
    Column("raised_at", Time, nullable=False),
    Column("returned_at", Time),
    Column("card", JSONB, nullable=False),
    CheckConstraint("(room_id IS NULL) = (message_id IS NULL)", name="in_room"),
    Index("uq_occurrences_active", "alarm_key", unique=True, postgresql_where=text("active")),
    Index("ix_occurrences_room", "room_id"),
    Index("ix_occurrences_alarm", "alarm_key", "raised_at"),
)

alarm_inbox = Table(
    "alarm_inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("inbox_key", Text),
    Column("alarm_key", Text, nullable=False),
    Column("received_at", Time, nullable=False, server_default=NOW),
    Column("source_at", Time),
    Column("active", Boolean),
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("room_id", Uuid),
    Column("occurrence_id", Uuid),
    CheckConstraint(in_words("outcome", OUTCOMES), name="outcome"),
    Index("uq_alarm_inbox_key", "source_id", "inbox_key", unique=True, postgresql_where=text("inbox_key IS NOT NULL")),
    Index("ix_alarm_inbox_alarm", "alarm_key", "id"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("at", Time, nullable=False, server_default=NOW),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("topic", Text),
    Column("payload", Text, nullable=False),
    Index("ix_quarantine_at", "at"),
)
