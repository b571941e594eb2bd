"""The table of messages. A message's sequence number is the seq of its event."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
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
    CheckConstraint(in_words("message_type", MESSAGE_TYPES), name="message_type"),
    UniqueConstraint("room_id", "sequence_number"),
    UniqueConstraint("sender_id", "client_msg_id"),
)
Index("ix_messages_room_created", messages.c.room_id, messages.c.created_at.desc())
