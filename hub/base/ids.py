"""Ids of our things: UUIDv7, so that they sort by time of birth."""

from uuid import UUID

from uuid_utils.compat import uuid7

from hub.wire.problems import Problem


def new_id() -> UUID:
    """Make an id."""
    return uuid7()


def parse_id(text: str) -> UUID:
    """Read a plain 36-character UUID; upper case is accepted, braces and urn: are not (`id_invalid`)."""
    if len(text) != 36:
        raise Problem("id_invalid")
    try:
        return UUID(text)
    except ValueError:
        raise Problem("id_invalid") from None
