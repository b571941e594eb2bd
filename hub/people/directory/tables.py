"""What the hub keeps of the directory beside the users themselves."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from hub.base.db import Time, metadata

# In a table of their own: users are read all the time, their pictures hardly ever.
user_photos = Table(
    "user_photos",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("photo", LargeBinary, nullable=False),
)

# Passwords passed on to the directory that were wrong, or are just being asked about, by who it is. Wall time.
directory_guesses = Table(
    "directory_guesses",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", Time, nullable=False),
    Index("ix_directory_guesses_person", "person", "at"),
)

# One row: when somebody looked last, when that went well, and how many people it refused to let go. Wall time.
directory_sync = Table(
    "directory_sync",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("looked_at", Time),
    Column("succeeded_at", Time),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("fault", Text),
    CheckConstraint("id = 1", name="one_row"),
)
