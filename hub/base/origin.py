"""From where a change comes: set once where a request enters, read where the change is audited."""

from contextvars import ContextVar

import msgspec


class Origin(msgspec.Struct, frozen=True):
    """The request (a socket counts as one) and the address it came from; both empty for what the hub does by itself."""

    request_id: str = ""
    ip: str = ""


ORIGIN: ContextVar[Origin] = ContextVar("andon_origin", default=Origin())  # noqa: B039 - frozen
