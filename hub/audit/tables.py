"""The audit table: inserted plainly in the change's transaction, never updated."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, Uuid
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
    Index("ix_audit_log_at", "at"),
)
