"""Templates and all their versions. Versions are append-only (a trigger refuses UPDATE and DELETE)."""

from typing import get_args

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time, in_words, metadata
from hub.wire.templates import VersionChange

room_templates = Table(
    "room_templates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Time, nullable=False, server_default=NOW),
    Column("archived_at", Time),
)
Index("uq_room_templates_name", func.lower(room_templates.c.name), unique=True)

room_template_versions = Table(
    "room_template_versions",
    metadata,
    Column("template_id", Uuid, ForeignKey("room_templates.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("edited_by", Uuid, ForeignKey("users.id")),
    Column("edited_at", Time, nullable=False, server_default=NOW),
    PrimaryKeyConstraint("template_id", "version"),
    CheckConstraint(in_words("change", get_args(VersionChange)), name="change"),
)

# One row: what the templates are now. Every change makes a new revision and holds the row until it is committed, so
# what a process has read under a revision is what stands under it for ever.
template_book = Table(
    "template_book",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=text("true")),
    Column("revision", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    CheckConstraint("singleton", name="singleton"),
)
