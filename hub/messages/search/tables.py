"""The index: a row of tokens for each message that has words. It holds nothing that cannot be made again."""

from sqlalchemy import ARRAY, BigInteger, Column, Index, Table, Text, Uuid

from hub.base.db import Time, metadata

# What is new waits in a list that every search reads through: short, so that it costs a search little.
GIN_PENDING_KB = 512

message_search = Table(
    "message_search",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("room_id", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Time, nullable=False),
    Column("tokens", ARRAY(Text), nullable=False),
    Index(
        "ix_message_search_tokens",
        "tokens",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "on", "gin_pending_list_limit": str(GIN_PENDING_KB)},
    ),
    Index("ix_message_search_at", "at", "message_id"),
    Index("ix_message_search_room", "room_id", "at", "message_id"),
)
