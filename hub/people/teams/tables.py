"""Teams, their members and the groups of the directory that lead into them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from hub.base.db import NOW, Time, in_words, metadata

# `lines` are the lines a team looks after; none = the whole site. `key` is the name rules and imports use.
teams = Table(
    "teams",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("lines", ARRAY(Text), nullable=False, server_default=sql("'{}'")),
    Column("created_at", Time, nullable=False, server_default=NOW),
    Column("archived_at", Time),
)

# One row per way in: somebody put in by hand stays when the directory's group lets them go.
team_members = Table(
    "team_members",
    metadata,
    Column("team_id", Uuid, ForeignKey("teams.id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("lead", Boolean, nullable=False, server_default=sql("false")),
    Column("added_at", Time, nullable=False, server_default=NOW),
    PrimaryKeyConstraint("team_id", "user_id", "source"),
    CheckConstraint(in_words("source", ("hand", "directory")), name="source"),
    Index("ix_team_members_user", "user_id"),
)

# A group of the directory by its distinguished name or its plain name; gives a hub role, a team, or both.
group_mappings = Table(
    "group_mappings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("group_name", Text, nullable=False),
    Column("role", Text),
    Column("team_id", Uuid, ForeignKey("teams.id")),
    Column("created_at", Time, nullable=False, server_default=NOW),
    CheckConstraint(in_words("role", ("admin", "lead", "responder", "viewer")), name="role"),
    CheckConstraint("role IS NOT NULL OR team_id IS NOT NULL", name="leads_somewhere"),
)
Index(
    "uq_group_mappings_group_name",
    func.lower(group_mappings.c.group_name),
    group_mappings.c.team_id,
    unique=True,
    postgresql_nulls_not_distinct=True,
)
