"""The audit's tables. Triggers refuse every change of a row of `audit_log` but its sealing, once."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time, metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Time, nullable=False, server_default=NOW),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("facts", JSONB, nullable=False, server_default="{}"),
    Column("ip", Text, nullable=False, server_default=""),
    Column("request_id", Text, nullable=False, server_default=""),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("number", BigInteger),
    Column("hash", LargeBinary),
    Column("sealed_at", Time),
    UniqueConstraint("number"),
    CheckConstraint("num_nulls(number, hash, sealed_at) IN (0, 3)", name="sealed_whole"),
    Index("ix_audit_log_at", "at"),
    Index("ix_audit_log_actor", "actor_id", "at"),
    Index("ix_audit_log_object", "object", "at"),
    Index("ix_audit_log_unsealed", "id", postgresql_where=text("number IS NULL")),
)

# One row: the last link of the chain, so that a chain cut short does not look whole.
audit_head = Table(
    "audit_head",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=text("true")),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("singleton", name="singleton"),
)

# Counts of minutes that are not over; each becomes a row of `audit_log`. `actor_id` is zero for who has not signed in.
audit_refusals = Table(
    "audit_refusals",
    metadata,
    Column("minute", Time, nullable=False),
    Column("actor_id", Uuid, nullable=False),
    Column("operation", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("ip", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("minute", "actor_id", "operation", "code", "ip"),
)
