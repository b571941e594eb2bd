"""Tables of the specification, 1.1 to 1.4, as SQLAlchemy ORM models; rooms and members as far as messages need them."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class MessageType(enum.StrEnum):
    """Kinds of messages (1.1, 3.1.3)."""

    TEXT = "text"
    IMAGE_REF = "image_ref"
    FILE_REF = "file_ref"
    SYSTEM = "system"
    INCIDENT_DATA = "incident_data"


class Base(DeclarativeBase):
    """Base of all models."""

    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012 - read by SQLAlchemy


# BIGSERIAL is a bigint whose default is the next value of a sequence of its own.
message_numbers = Sequence("messages_sequence_number_seq", data_type=BigInteger, metadata=Base.metadata)


class IncidentRoom(Base):
    """A room."""

    __tablename__ = "incident_rooms"

    room_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(255))
    severity: Mapped[str] = mapped_column(String(20), default="high")
    status: Mapped[str] = mapped_column(String(20), default="active")
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RoomMember(Base):
    """Who belongs to a room; `user_id` is an email address."""

    __tablename__ = "room_members"
    __table_args__ = (UniqueConstraint("room_id", "user_id"), Index("ix_room_members_user", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("incident_rooms.room_id"))
    user_id: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20), default="editor")
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Message(Base):
    """A message (1.1). The column is `metadata`; a model's attribute cannot have that name."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_room_created", "room_id", text("created_at DESC")),
        Index("ix_messages_room_sequence", "room_id", "sequence_number"),
        Index("ix_messages_content", text("to_tsvector('simple', content)"), postgresql_using="gin"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("incident_rooms.room_id"))
    sender_id: Mapped[str] = mapped_column(String(255))
    content: Mapped[str] = mapped_column(Text)
    message_type: Mapped[MessageType] = mapped_column(
        Enum(MessageType, name="message_type", values_callable=lambda types: [one.value for one in types]),
        default=MessageType.TEXT,
    )
    message_metadata: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSON)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    sequence_number: Mapped[int] = mapped_column(BigInteger, server_default=message_numbers.next_value())


class MessageReaction(Base):
    """A reaction (1.2)."""

    __tablename__ = "message_reactions"
    __table_args__ = (UniqueConstraint("message_id", "user_id", "emoji"), Index("ix_reactions_message", "message_id"))

    reaction_id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.message_id"))
    user_id: Mapped[str] = mapped_column(String(255))
    emoji: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MessageEditHistory(Base):
    """What a message said before an edit (1.3)."""

    __tablename__ = "message_edit_history"

    edit_id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.message_id"))
    original_content: Mapped[str] = mapped_column(Text)
    edited_by: Mapped[str] = mapped_column(String(255))
    edited_at: Mapped[datetime] = mapped_column(server_default=func.now())
