"""The audit as admins get it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from hub.wire.views import Person

ExportFormat = Literal["jsonl", "csv"]


class AuditEntry(msgspec.Struct):
    """Who did what to what, from where.

    An audit row has a `number` and a `hash` (hex) as soon as it is sealed. An event of a room is an entry too: its
    `action` is the event's type, its `object` the room, its `facts` the event's body.
    """

    id: str
    at: datetime
    actor: Person | None
    action: str
    object: str
    facts: dict[str, Any]
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    ip: str = ""
    request_id: str = ""
    room_id: UUID | None = None
    seq: int | None = None
    number: int | None = None
    hash: str | None = None
    sealed_at: datetime | None = None


class AuditPage(msgspec.Struct):
    """Entries, newest first; `cursor` leads to those before."""

    entries: list[AuditEntry]
    cursor: str | None = None


class AuditState(msgspec.Struct):
    """How the chain stands. Keep `head` elsewhere: with it a chain that was cut short is found out.

    `chain_ok` is what this hub process has proved so far; `broken` names the first place that does not fit.
    """

    head: str
    sealed_at: datetime | None
    unsealed: int
    unsealed_seconds: float
    chain_ok: bool
    broken: str | None
    checked_at: datetime | None
