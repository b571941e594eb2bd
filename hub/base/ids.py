"""Ids of our things: UUIDv7, so that they sort by time of birth."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Make an id."""
    return uuid7()
