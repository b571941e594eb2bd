"""Tables of the log. `room_events` is append-only (a trigger refuses UPDATE and DELETE)."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time, Xid8, metadata

# What the audit shows of a room's log: everything but the talk and the machines' own updates.
AUDITED: Final = (
    "type NOT IN ('MessagePosted', 'MessageEdited', 'ReactionAdded', 'ReactionRemoved', 'OccurrenceChanged')"
)

room_heads = Table(
    "room_heads",
    metadata,
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("moved", Xid8, nullable=False),
    Index("ix_room_heads_moved", "moved"),
    postgresql_with={"fillfactor": "50"},
)

room_events = Table(
    "room_events",
    metadata,
    Column("room_id", Uuid, nullable=False),  # no foreign key: every writer holds the room's lock
    Column("seq", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("body", JSONB, nullable=False),
    Column("at", Time, nullable=False, server_default=NOW),
    Column("key", Text),
    PrimaryKeyConstraint("room_id", "seq"),
    UniqueConstraint("room_id", "key"),
    Index("ix_room_events_audited", "at", postgresql_where=text(AUDITED)),
)

hub_epoch = Table(
    "hub_epoch",
    metadata,
    Column("epoch", Uuid, primary_key=True),
    Column("since", Time, nullable=False, server_default=NOW),
)
