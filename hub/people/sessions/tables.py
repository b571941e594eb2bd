"""Sessions, tickets and failed sign-ins. Secrets are stored hashed."""

from sqlalchemy import BigInteger as Big
from sqlalchemy import Boolean, Column, ForeignKey, Identity, Index, LargeBinary, Table, Text, Uuid, text

import hub.people.tables  # noqa: F401 - the users whose sessions these are
from hub.base.db import Time, metadata

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

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Big, Identity(always=True), primary_key=True),
    Column("username", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("counted", Boolean, nullable=False, server_default=text("true")),
    Index("ix_login_failures_username", "username", "at"),
)
