"""Rooms, members and read marks."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hub.base.db import NOW, Time, in_words, metadata
from hub.rooms.policy import CATEGORIES, LINKS, ROOM_ROLES, SEVERITIES, STATUSES, VISIBILITIES

incident_rooms = Table(
    "incident_rooms",
    metadata,
    Column("room_id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("fault", JSONB, nullable=False),
    Column("site", Text),
    Column("area", Text),
    Column("line", Text),
    Column("machine", Text),
    Column("category", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    Column("visibility", Text, nullable=False),
    Column("owner_id", Uuid, ForeignKey("users.id")),
    Column("grouping_key", Text),
    Column("accepting", Boolean, nullable=False, server_default=text("false")),
    Column("active_alarms", Integer, nullable=False, server_default=text("0")),
    Column("last_alarm_at", Time),
    Column("opened_at", Time, nullable=False, server_default=NOW),
    Column("first_raised_at", Time),
    Column("acknowledged_at", Time),
    Column("on_site_at", Time),
    Column("restored_at", Time),
    Column("monitoring_at", Time),
    Column("closed_at", Time),
    Column("code", Text),
    Column("condition", Text),
    Column("template_id", Uuid),
    Column("template_version", Integer),
    Column("retention_days", Integer),
    ForeignKeyConstraint(
        ["template_id", "template_version"],
        ["room_template_versions.template_id", "room_template_versions.version"],
    ),
    Column("reopened", Integer, nullable=False, server_default=text("0")),
    Column("archived_at", Time),
    Column("unarchived_at", Time),
    Column("merged_into", Uuid),
    CheckConstraint(in_words("category", CATEGORIES), name="category"),
    CheckConstraint(in_words("severity", SEVERITIES), name="severity"),
    CheckConstraint(in_words("status", STATUSES), name="status"),
    CheckConstraint(in_words("visibility", VISIBILITIES), name="visibility"),
    CheckConstraint("NOT accepting OR grouping_key IS NOT NULL", name="accepting"),
    Index("uq_incident_rooms_accepting", "grouping_key", unique=True, postgresql_where=text("accepting")),
    Index("ix_incident_rooms_status", "status", "opened_at"),
    Index("ix_incident_rooms_closed", "closed_at", postgresql_where=text("archived_at IS NULL")),
    postgresql_with={"fillfactor": "70"},
)

room_members = Table(
    "room_members",
    metadata,
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger),
    Column("until", Time),
    PrimaryKeyConstraint("room_id", "user_id", "from_seq"),
    CheckConstraint(in_words("role", ROOM_ROLES), name="role"),
    Index("uq_room_members_present", "room_id", "user_id", unique=True, postgresql_where=text("to_seq IS NULL")),
    Index("ix_room_members_user", "user_id"),
    Index("ix_room_members_until", "until", postgresql_where=text("to_seq IS NULL AND until IS NOT NULL")),
)

# What a room is found by: its folded words, and their pieces for the index. Written with the room's facts.
room_words = Table(
    "room_words",
    metadata,
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), primary_key=True),
    Column("words", Text, nullable=False),
    Column("tokens", ARRAY(Text), nullable=False),
    Index("ix_room_words_tokens", "tokens", postgresql_using="gin"),
)

# One row in each direction.
room_links = Table(
    "room_links",
    metadata,
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("other_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("room_id", "other_id"),
    CheckConstraint(in_words("kind", LINKS), name="kind"),
)

# Groups of alarms whose room was merged: their later alarms go where it went, as long as that room takes any.
merged_groups = Table(
    "merged_groups",
    metadata,
    Column("grouping_key", Text, primary_key=True),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Index("ix_merged_groups_room", "room_id"),
)

room_closings = Table(
    "room_closings",
    metadata,
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), primary_key=True),
    Column("form", JSONB, nullable=False),
    Column("by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("at", Time, nullable=False, server_default=NOW),
)

room_views = Table(
    "room_views",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("filters", JSONB, nullable=False),
    Column("created_at", Time, nullable=False, server_default=NOW),
    UniqueConstraint("user_id", "name"),
)

read_marks = Table(
    "read_marks",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("last_read_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("user_id", "room_id"),
)
