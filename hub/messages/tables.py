"""The table of messages. A message's sequence number is the seq of its event."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time, in_words, metadata
from hub.messages.policy import MESSAGE_TYPES

messages = Table(
    "messages",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("room_id", Uuid, nullable=False),  # no foreign keys: every writer holds the room's lock, see decision 0011
    Column("sequence_number", BigInteger, nullable=False),
    Column("sender_id", Uuid),
    Column("message_type", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("metadata", JSONB, nullable=False),
    Column("client_msg_id", Text),
    Column("body_sha256", LargeBinary),
    Column("created_at", Time, nullable=False, server_default=NOW),
    Column("edited_at", Time),
    Column("deleted_at", Time),
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint(in_words("message_type", MESSAGE_TYPES), name="message_type"),
    UniqueConstraint("room_id", "sequence_number"),
    UniqueConstraint("sender_id", "client_msg_id"),
)
Index("ix_messages_room_created", messages.c.room_id, messages.c.created_at.desc())

message_reactions = Table(
    "message_reactions",
    metadata,
    Column("reaction_id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", Uuid, ForeignKey("messages.message_id"), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("emoji", Text, nullable=False),
    Column("created_at", Time, nullable=False, server_default=NOW),
    UniqueConstraint("message_id", "user_id", "emoji"),
)

# The texts a message had before; the present one stands in `messages`.
message_edit_history = Table(
    "message_edit_history",
    metadata,
    Column("edit_id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", Uuid, ForeignKey("messages.message_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("original_content", Text, nullable=False),
    Column("edited_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("edited_at", Time, nullable=False, server_default=NOW),
    UniqueConstraint("message_id", "version"),
)
