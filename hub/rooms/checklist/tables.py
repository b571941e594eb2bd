"""Items of rooms' checklists. What is changed here is told by an event of the room, in the same transaction."""

from typing import get_args

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import Time, in_words, metadata
from hub.wire.views import ItemState

checklist_items = Table(
    "checklist_items",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("added_seq", BigInteger, nullable=False),  # of its event: the order of the list
    Column("text", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("assignee_id", Uuid, ForeignKey("users.id")),
    Column("team", Text),
    Column("due_at", Time),
    Column("checked_by", Uuid, ForeignKey("users.id")),
    Column("checked_at", Time),
    CheckConstraint(in_words("state", get_args(ItemState)), name="state"),
    Index("ix_checklist_items_room", "room_id", "added_seq"),
)
