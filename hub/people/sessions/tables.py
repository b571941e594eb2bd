"""Sessions, tickets and tries to sign in. Secrets are stored hashed."""

from sqlalchemy import BigInteger as Big
from sqlalchemy import Boolean, Column, ForeignKey, Identity, Index, LargeBinary, Table, Text, Uuid

import hub.people.tables  # noqa: F401 - the users whose sessions these are
from hub.base.db import Time, metadata

# `expires_at` is when it ends unless it is refreshed before; a refresh never takes it beyond its absolute life.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False, index=True),
    Column("refresh_hash", LargeBinary, nullable=False, unique=True),
    Column("previous_hash", LargeBinary, index=True),
    Column("refreshed_at", Time, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Column("revoked_at", Time),
    Column("user_agent", Text, nullable=False, server_default=""),
    Column("ip", Text, nullable=False, server_default=""),
)

ws_tickets = Table(
    "ws_tickets",
    metadata,
    Column("ticket_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("session_id", Uuid, ForeignKey("sessions.id")),
    Column("token_id", Uuid),
    Column("expires_at", Time, nullable=False),
)

# One row for each try that is going on (`open`) or has failed. Who gets in is forgotten.
login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Big, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_login_attempts_account", "account", "at"),
    Index("ix_login_attempts_address", "address", "at"),
    Index("ix_login_attempts_at", "at"),
)
