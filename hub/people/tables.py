"""Users and API tokens. Secrets are stored hashed.

`must_change` lets nobody in before they chose a password of their own; `break_glass` is the account for the day the
directory is down, each use of which is told loudly; `kiosk` is a screen of a line, which stays signed in longer.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hub.base.db import NOW, Time, in_words, metadata

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text),
    Column("object_guid", Uuid, unique=True),
    Column("password_hash", Text),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),
    Column("break_glass", Boolean, nullable=False, server_default=text("false")),
    Column("kiosk", Boolean, nullable=False, server_default=text("false")),
    Column("disabled_at", Time),
    Column("created_at", Time, nullable=False, server_default=NOW),
    # What the directory tells. It lets back in only whom it has let go itself; `checked_at` is wall time.
    Column("mail", Text),
    Column("department", Text),
    Column("employee_number", Text),
    Column("phone", Text),
    Column("let_go_by_directory", Boolean, nullable=False, server_default=text("false")),
    Column("checked_at", Time),
    CheckConstraint(in_words("kind", ("person", "bot", "machine")), name="kind"),
    CheckConstraint(in_words("role", ("admin", "lead", "responder", "viewer")), name="role"),
)
Index("uq_users_username", func.lower(users.c.username), unique=True)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("label", Text, nullable=False, server_default=""),
    Column("sources", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("created_at", Time, nullable=False, server_default=NOW),
    Column("expires_at", Time),
    Column("last_used_at", Time),
    Column("revoked_at", Time),
)
